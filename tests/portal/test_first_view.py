"""What a browser fetches for a first view, compressed: the page, its stylesheet, its scripts and its icons."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from subscriptions.clouds import Cloud
from tests.worlds import make_world

FETCHED = re.compile(r'(?:href|src)="/static/([^"#?]+\.(?:css|js|svg))[#"?]')
MOST = 40_000
# A page of which parts are fetched has the script for that, which alone is 17 kB
WITH_PARTS = 48_000
LIST = "/t/nordwind/billing/subscriptions/"


def first_view(client, url: str) -> int:
    """In bytes. As files are packed when they are collected, and pages by the middleware."""
    page = client.get(url, headers={"accept-encoding": "gzip"})
    assert (page.status_code, page["Content-Encoding"]) == (200, "gzip")
    names = set(FETCHED.findall(gzip.decompress(page.content).decode()))
    assert {"portal.css", "portal.js", "vendor/fluentui/icons.svg"} <= names
    files = [Path(str(finders.find(name))).read_bytes() for name in names]
    return len(page.content) + sum(len(gzip.compress(file, 9)) for file in files)


@pytest.mark.django_db
def test_a_first_view_is_small(sign_in):
    world = make_world(Cloud.GERMANY)
    client = sign_in(world.admin)
    urls = [LIST, "/t/nordwind/", "/t/nordwind/settings/partner-relationships/", "/t/nordwind/settings/audit-log/"]
    urls += [world.url(world.named), "/t/nordwind/billing/orders/", "/t/nordwind/settings/members/"]
    found = {url: first_view(client, url) for url in urls}
    assert {url: size for url, size in found.items() if size > MOST} == {}
    partner_information = world.url(world.named, "partner-of-record/")
    assert MOST < first_view(client, partner_information) <= WITH_PARTS
