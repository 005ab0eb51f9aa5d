"""Pages are compressed for a browser that takes them so; what shows a secret is not."""

import gzip
import re

import pytest

pytestmark = pytest.mark.django_db
LIST = "/t/alpha/billing/subscriptions/?order=name"
TAKES = {"accept-encoding": "gzip, deflate, br"}
TOKENS = re.compile(rb'csrfmiddlewaretoken" value="[^"]+|X-CSRFToken": "[^"]+')


def test_a_page_is_compressed_and_says_so(sign_in, global_admin):
    client = sign_in(global_admin)
    plain, packed = client.get(LIST), client.get(LIST, headers=TAKES)
    assert not plain.has_header("Content-Encoding")
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2
    assert TOKENS.sub(b"", gzip.decompress(packed.content)) == TOKENS.sub(b"", plain.content)


def test_its_length_tells_nothing_and_its_token_is_another_each_time(sign_in, global_admin):
    client = sign_in(global_admin)
    pages = [client.get(LIST, headers=TAKES).content for _ in range(6)]
    assert len({len(page) for page in pages}) > 1
    tokens = {TOKENS.search(gzip.decompress(page))[0] for page in pages}
    assert len(tokens) == len(pages)


def test_what_shows_a_secret_and_what_is_streamed_is_not_compressed(sign_in, global_admin, anonymous):
    assert not anonymous.get("/accounts/sign-in/", headers=TAKES).has_header("Content-Encoding")
    client = sign_in(global_admin)
    assert not client.get("/accounts/2fa/totp/activate/", headers=TAKES).has_header("Content-Encoding")
    file = client.get(f"{LIST}&file=csv", headers=TAKES)
    assert file.streaming
    assert not file.has_header("Content-Encoding")
