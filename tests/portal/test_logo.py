"""An operator's logo: what is taken, what is served of it, and where it is seen."""

import struct
import tracemalloc
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from PIL import Image, PngImagePlugin

from subscriptions.base.brand import brand_of, read_brands
from subscriptions.base.logo import LOGO_BYTES, SHOWN_PIXELS, BadLogo, read_logo
from subscriptions.clouds import Cloud
from tests.factories import make_member, make_tenant
from tests.page import parse

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png(width: int = 300, height: int = 100, **kwargs) -> bytes:
    file = BytesIO()
    Image.new("RGBA", (width, height), (255, 255, 255, 128)).save(file, "PNG", **kwargs)
    return file.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def with_pixels(width: int, height: int, pixels: bytes = b"") -> bytes:
    """Of a header that says so; the pixels themselves are others."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (30, 10)).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (SVG, "it is no PNG, whatever its name says"),
        (jpeg(), "it is no PNG"),
        (b"", "it is no PNG"),
        (png() + b"\0" * (6 * 1024 * 1024), "it has more than 1024 KiB"),
        (png() + SVG, "something else stands behind the picture"),
        (png() + b"PK\x05\x06" + bytes(18), "something else stands behind the picture"),
        (png()[:-3], "it is damaged or cut off"),
        (png()[:40], "it is damaged or cut off"),
        (png()[:8], "it cannot be read as a picture"),
        (png().replace(b"IDAT", b"IDAU"), "it is damaged"),
        (with_pixels(20_000, 20_000), "it has 20000 × 20000 pixels, and at most 2000 each way"),
        (with_pixels(1, 2001), "it has 1 × 2001 pixels"),
        (with_pixels(0, 10), "it cannot be read as a picture"),
        (with_pixels(10, 10, b"\0" * 7), "it cannot be read as a picture"),
    ],
)
def test_what_is_no_plain_small_png_is_refused_in_a_sentence(content, told):
    with pytest.raises(BadLogo, match=told):
        read_logo(content)


def test_a_picture_that_is_too_large_is_never_decoded(monkeypatch):
    monkeypatch.setattr(Image, "open", None)
    tracemalloc.start()
    with pytest.raises(BadLogo, match="20000"):
        read_logo(with_pixels(20_000, 20_000, b"\0" * 100_000))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < LOGO_BYTES


def test_nothing_but_pixels_is_served():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>", zip=False)
    given = png(pnginfo=notes, icc_profile=b"somebody's own profile")
    assert b"<script>" in given
    logo = read_logo(given)
    assert b"<script>" not in logo.png and b"iCCP" not in logo.png
    with Image.open(BytesIO(logo.png)) as picture:
        assert picture.info == {} and picture.getpixel((0, 0)) == (255, 255, 255, 128)


@pytest.mark.parametrize(("width", "height"), [(2000, 2000), (2000, 1), (1, 2000), (300, 100), (1, 1)])
def test_it_is_as_large_as_the_bar_has_room_for(width, height):
    logo = read_logo(png(width, height))
    with Image.open(BytesIO(logo.png)) as picture:
        assert picture.width <= SHOWN_PIXELS[0] and picture.height <= SHOWN_PIXELS[1]
    assert 1 <= logo.width <= SHOWN_PIXELS[0] // 2 and 1 <= logo.height <= SHOWN_PIXELS[1] // 2


@pytest.fixture
def brands(settings, tmp_path):
    """The portal has a logo, and one of its clouds another."""
    (tmp_path / "all.png").write_bytes(png())
    (tmp_path / "germany.png").write_bytes(png(64, 64))
    file = tmp_path / "brand.toml"
    file.write_text('product = "North <Desk>"\nlogo = "all.png"\n[o365-germany]\nlogo = "germany.png"\n')
    settings.BRANDS = read_brands(file, product="Unused")
    return settings.BRANDS


def test_a_logo_that_is_not_taken_keeps_the_portal_from_starting(tmp_path):
    file = tmp_path / "brand.toml"
    file.write_text('logo = "logo.png"')
    with pytest.raises(ImproperlyConfigured, match="logo of it cannot be read"):
        read_brands(file, product="Portal")
    (tmp_path / "logo.png").write_bytes(SVG)
    with pytest.raises(ImproperlyConfigured, match="logo of it is not taken: it is no PNG"):
        read_brands(file, product="Portal")


def logos_of(page) -> list[tuple[str, str]]:
    return [(img.get("src"), img.get("alt")) for img in parse(page.content.decode()).xpath("//header//a/img")]


@pytest.mark.django_db
def test_the_bar_shows_it_with_the_products_name(brands, client, sign_in):
    everywhere, germany = brand_of().logo, brand_of(Cloud.GERMANY).logo
    assert everywhere.digest != germany.digest
    url = reverse("logo", args=[everywhere.digest])
    assert logos_of(client.get(reverse("account_login"))) == [(url, "North <Desk>")]
    assert logos_of(client.get("/nothing-here/")) == [(url, "North <Desk>")]
    tenant = make_tenant(slug="nordwind", cloud=Cloud.GERMANY)
    page = sign_in(make_member(tenant=tenant)).get("/t/nordwind/")
    assert logos_of(page) == [(reverse("logo", args=[germany.digest]), "North <Desk>")]


@pytest.mark.django_db
def test_staffs_pages_show_it_beside_their_name(brands, desk):
    page = parse(desk.get("/staff/").content.decode())
    images = page.xpath("//div[@id='site-name']//img")
    assert [image.get("src") for image in images] == [reverse("logo", args=[brand_of().logo.digest])]
    assert "North <Desk>" in page.xpath("string(//div[@id='site-name'])")


@pytest.mark.django_db
def test_it_is_served_from_its_own_path_for_good(brands, client, django_assert_num_queries):
    logo = brand_of().logo
    with django_assert_num_queries(0):
        answer = client.get(reverse("logo", args=[logo.digest]))
    assert (answer.status_code, answer.content) == (200, logo.png)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers and not answer.cookies


@pytest.mark.django_db
def test_a_logo_that_nobody_has_is_not_there(brands, client):
    assert client.get(reverse("logo", args=["0" * 32])).status_code == 404
    assert client.get("/brand/..%2Fsecret.png").status_code == 404
