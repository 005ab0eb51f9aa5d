"""One content offered to many by the API, from a template and a file of customers."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.models import OfferRound, PartnerOffer
from tests.database import as_owner
from tests.factories import make_member, make_offer_template, make_partner, make_relationship, make_tenant
from tests.portal.api.client import Program, make_program

HEAD = b"organization_address\n"


@pytest.fixture
def partner(db):
    partner = make_partner(number="565380", name="Tailspin")
    for slug in ("one", "two"):
        tenant = make_tenant(slug=slug, name=slug.title())
        make_relationship(tenant=tenant, partner=partner)
        make_member(tenant=tenant, email=f"admin@{slug}.example")
    make_tenant(slug="strange", name="Strange")
    return partner


@pytest.fixture
def program(partner) -> Program:
    return make_program(partner=partner)


@pytest.fixture
def template(partner):
    return make_offer_template(partner=partner, name="Care")


def bring(program: Program, template, content: bytes, key: str = "k"):
    file = SimpleUploadedFile("customers.csv", content)
    headers = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": key}
    answer = program.client.post(
        f"{program.base}/offer-templates/{template.uuid}/rounds", {"file": file}, headers=headers
    )
    answer.said = answer.json()
    return answer


@as_owner()
def offers() -> list[tuple]:
    return list(PartnerOffer.objects.order_by("tenant__slug").values_list("tenant__slug", "state"))


def outcomes(answer) -> list[tuple]:
    return [(line["organization"], line["outcome"], [each["column"] for each in line["errors"]]) for line in answer]


def test_a_file_is_looked_at_and_made_drafts_that_are_sent_once(program, template):
    listed = program.get("/offer-templates").said["data"]
    assert [row["id"] for row in listed] == [str(template.uuid)]
    seen = bring(program, template, HEAD + b"one\nstrange\ntwo\n")
    assert seen.status_code == 201, seen.said
    wrong = ("", "", ["organization_address"])
    assert outcomes(seen.said["lines"]) == [("One", "", []), wrong, ("Two", "", [])]
    assert offers() == []
    place = f"/offer-rounds/{seen.said['id']}"
    assert program.post(f"{place}/make", {"send": False}).status_code == 428
    drafted = program.post(f"{place}/make", {"send": False}, If_Match=seen.headers["ETag"])
    assert outcomes(drafted.said["lines"]) == [("One", "drafted", []), wrong, ("Two", "drafted", [])], drafted.said
    assert offers() == [("one", "draft"), ("two", "draft")]
    assert program.post(f"{place}/make", {"send": True}, If_Match=seen.headers["ETag"]).status_code == 412
    sent = program.post(f"{place}/make", {"send": True}, If_Match=program.get(place).headers["ETag"])
    assert outcomes(sent.said["lines"]) == [("One", "sent", []), wrong, ("Two", "sent", [])], sent.said
    assert offers() == [("one", "sent"), ("two", "sent")]
    file = program.client.get(f"{program.base}{place}/file", headers={"Authorization": f"Bearer {program.token}"})
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [(row["organization_address"], bool(row["error"])) for row in rows] == [
        ("one", False), ("strange", True), ("two", False),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"", HEAD, b"x\n1\n", b"PK\x03\x04", HEAD + b'"one\n'], ids=str)
def test_a_file_that_is_none_is_told_and_nothing_is_kept(program, template, content):
    answer = bring(program, template, content)
    assert (answer.status_code, answer.said["errors"][0]["pointer"]) == (422, "/file"), answer.said
    with as_owner():
        assert not OfferRound.objects.exists()


@pytest.mark.parametrize("body", [{}, {"send": None}, {"send": "yes"}, {"send": True, "x": 1}], ids=str)
def test_a_body_that_says_too_little_makes_nothing(program, template, body):
    seen = bring(program, template, HEAD + b"one\n").said
    answer = program.post(f"/offer-rounds/{seen['id']}/make", body, If_Match='"1"')
    assert (answer.status_code, offers()) == (422, [])


def test_another_partner_and_a_program_without_the_scope_find_nothing(program, template):
    seen = bring(program, template, HEAD + b"one\n").said
    other = make_program(partner=make_partner(number="935287", name="Adventure"))
    assert other.get(f"/offer-rounds/{seen['id']}").status_code == 404
    assert bring(other, template, HEAD + b"one\n").status_code == 404
    reads = make_program(partner=template.partner, scopes=["workspace.read"])
    assert bring(reads, template, HEAD + b"one\n").said["code"] == "insufficient-scope"
