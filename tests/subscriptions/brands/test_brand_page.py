"""Staff's page of the operator's logo: what is taken, what is not, and where another logo is seen."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from subscriptions.base.brand import read_brands
from subscriptions.brands import reads
from subscriptions.clouds import Cloud
from subscriptions.models import BrandLogo
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.people.staff_role import StaffRole
from tests.database import as_owner
from tests.desk import events, rows_of, sent_by
from tests.factories import make_member, make_tenant, make_user
from tests.portal.test_logo import SVG, logos_of, png, with_pixels

pytestmark = pytest.mark.django_db(transaction=True)  # pages look for logos beside their own transaction


@pytest.fixture(autouse=True)
def looked_for_at_once(settings):
    settings.UPLOADED_LOGO_SECONDS = 60
    reads.forget_logos()
    yield
    reads.forget_logos()


def send(desk, *, content: bytes | None = None, name: str = "logo.png", **typed):
    page = desk.get(reverse("admin:brand"))
    file = {} if content is None else {"logo": SimpleUploadedFile(name, content, "image/png")}
    return desk.post(reverse("admin:brand"), sent_by(page) | {"cloud": "", "reason": "New name"} | typed | file)


def test_an_uploaded_logo_stands_in_the_bar_of_its_cloud(desk, client, sign_in, settings, tmp_path):
    """One of a cloud goes before that of the portal; the file's stay where nothing was uploaded."""
    (tmp_path / "germany.png").write_bytes(png(64, 64))
    (tmp_path / "brand.toml").write_text('product = "Desk"\n[o365-germany]\nlogo = "germany.png"\n')
    settings.BRANDS = read_brands(tmp_path / "brand.toml", product="Unused")
    assert logos_of(client.get(reverse("account_login"))) == []
    answer = send(desk, content=png())
    assert answer.status_code == 303, answer.context["form"].errors
    assert send(desk, content=png(20, 20), cloud=Cloud.OPERATED_BY_21VIANET).status_code == 303
    stored = {row.cloud: row.digest for row in rows_of(BrandLogo)}
    assert set(stored) == {"", Cloud.OPERATED_BY_21VIANET}
    assert logos_of(client.get(reverse("account_login"))) == [(reverse("logo", args=[stored[""]]), "Desk")]
    expected = {Cloud.WORLDWIDE: stored[""], Cloud.GERMANY: settings.BRANDS[Cloud.GERMANY].logo.digest, **stored}
    for number, cloud in enumerate(Cloud):
        tenant = make_tenant(slug=f"t{number}", cloud=cloud)
        page = sign_in(make_member(tenant=tenant, email=f"{number}@x.example")).get(f"/t/t{number}/")
        assert [src for src, _alt in logos_of(page)] == [reverse("logo", args=[expected[cloud]])]
    told = [(event.subject_name, event.reason, event.detail) for event in events(AuditKind.LOGO_CHANGED)]
    assert told == [
        ("The portal", "New name", {"after": stored[""]}),
        ("Operated by 21Vianet", "New name", {"after": stored[Cloud.OPERATED_BY_21VIANET]}),
    ]


def test_it_is_served_as_a_picture_and_nothing_else_by_every_process(desk, client):
    send(desk, content=png())
    (row,) = rows_of(BrandLogo)
    reads.forget_logos()
    reads._Kept.since = float("inf")  # as in a process that has looked just before
    answer = client.get(reverse("logo", args=[row.digest]))
    assert (answer.status_code, answer.content) == (200, bytes(row.png))
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert client.get(reverse("logo", args=["0" * 32])).status_code == 404


BAD_FILES = {
    "svg.png": (SVG, "it is no PNG, whatever its name says; save it as PNG"),
    "page.html": (b"<html><script>alert(1)</script></html>", "it is no PNG, whatever its name says; save it as PNG"),
    "../../x.png": (b"", "it is no PNG, whatever its name says; save it as PNG"),
    "both.png": (png() + SVG, "something else stands behind the picture in the same file; save it once more as PNG"),
    "large.png": (png() + bytes(6 * 1024 * 1024), "it has more than 1024 KiB; save it smaller"),
    "wide.png": (
        with_pixels(20_000, 20_000),
        "it has 20000 × 20000 pixels, and at most 2000 each way are taken; save it smaller",
    ),
    "cut.png": (png()[:-3], "it is damaged or cut off; save it once more as PNG"),
    "empty.png": (with_pixels(10, 10, b"\0" * 7), "it cannot be read as a picture; save it once more as PNG"),
}


def test_each_bad_file_is_refused_in_a_sentence_and_the_one_before_stays(desk, client):
    send(desk, content=png())
    (before,) = rows_of(BrandLogo)
    for name, (content, why) in BAD_FILES.items():
        answer = send(desk, content=content, name=name)
        assert (name, answer.status_code) == (name, 422)
        assert answer.context["form"].errors == {"logo": [f"This logo is not taken: {why}."]}
        assert 'value="New name"' in answer.content.decode()
    assert rows_of(BrandLogo) == [before] and len(events(AuditKind.LOGO_CHANGED)) == 1


def test_taken_off_the_file_of_the_installation_is_shown_again(desk, client):
    send(desk, content=png())
    neither = send(desk)
    both = send(desk, content=png(), remove="on")
    assert (neither.status_code, both.status_code, len(rows_of(BrandLogo))) == (422, 422, 1)
    assert send(desk, remove="on").status_code == 303
    assert rows_of(BrandLogo) == []
    assert logos_of(client.get(reverse("account_login"))) == []
    assert [set(event.detail) for event in events(AuditKind.LOGO_CHANGED)] == [{"after"}, {"before"}]
    send(desk, remove="on")  # of nothing
    assert len(events(AuditKind.LOGO_CHANGED)) == 2


def test_while_the_database_is_away_pages_show_what_they_knew(desk, client, settings, monkeypatch):
    send(desk, content=png())
    known = logos_of(client.get(reverse("account_login")))
    assert len(known) == 1
    with as_owner():
        BrandLogo.objects.all().delete()
    assert logos_of(client.get("/nothing-here/")) == known  # within the minute
    settings.UPLOADED_LOGO_SECONDS = 0
    monkeypatch.setattr(reads, "STORED", "SELECT nothing FROM nowhere")
    monkeypatch.setattr(reads._read, "__defaults__", ("SELECT nothing FROM nowhere",))
    assert logos_of(client.get("/nothing-here/")) == known


def test_only_those_who_make_staff_open_it(sign_in):
    for role in StaffRole:
        email = f"{role}@portal.example"
        client = sign_in(make_user(email=email, is_staff=True, staff_roles=(role,)))
        is_theirs = role is StaffRole.MAKES_STAFF
        assert client.get(reverse("admin:brand")).status_code == (200 if is_theirs else 403), role
        assert ("/staff/brand/" in client.get("/staff/").content.decode()) == is_theirs
