"""One content for many customers by a file: looked at first, then drafts or sent, with the rules of one offer."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import OfferRound, PartnerOffer
from partners.offers import many_lines
from subscriptions.db import limits, scopes
from subscriptions.models import AuditEvent, Mail, Tenant
from tests.database import as_owner
from tests.factories import (
    make_member,
    make_offer_template,
    make_partner,
    make_partner_person,
    make_relationship,
    make_tenant,
)
from tests.page import Page
from tests.partners.client import get, rows_of

ADDRESS = "organization_address"
SUSPENDED = {"state": "suspended", "state_since": "2026-01-01T00:00Z"}


@pytest.fixture
def customers(partner):
    """Three customers with a Global admin each, and one of somebody else."""
    tenants = [make_tenant(slug=slug, name=slug.title()) for slug in ("one", "two", "three")]
    for tenant in tenants:
        make_relationship(tenant=tenant, partner=partner)
        make_member(tenant=tenant, email=f"admin@{tenant.slug}.example")
    make_tenant(slug="strange", name="Strange")
    return tenants


def uploaded(agent, template, content: bytes):
    """The page after the file, or the upload's own page where it cannot be read."""
    page = get(agent, "offer-many", template.uuid)
    file = SimpleUploadedFile("customers.csv", content)
    sent = {"seal": page.context["form"]["seal"].value(), "file": file}
    answer = agent.post(page.request["PATH_INFO"], sent)
    return agent.get(answer.url) if answer.status_code == 303 else answer


def made(agent, page, **buttons):
    form = page.context["form"]
    sent = {name: form[name].value() for name in ("key", "seal", "version")}
    answer = agent.post(page.request["PATH_INFO"], sent | buttons)
    return agent.get(answer.url) if answer.status_code == 303 else answer


@as_owner()
def offers() -> list[tuple]:
    return list(PartnerOffer.objects.order_by("pk").values_list("tenant__slug", "name", "state", "days"))


def file_of(agent, page) -> list[dict]:
    answer = agent.get(page.context["file_url"])
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_exported_file_of_customers_becomes_drafts_of_each_and_none_twice(agent, partner, customers):
    template = make_offer_template(partner=partner, name="Care")
    exported = get(agent, "customers", file="csv").getvalue()
    page = uploaded(agent, template, exported)
    assert "Cloud" in page.context["ignored"]
    assert (page.context["problems"], page.context["draft_label"]) == (None, "Make 3 drafts")
    assert offers() == []
    done = made(agent, page)
    assert offers() == [(slug, f"Care · {slug.title()}", "draft", 365) for slug in ("one", "three", "two")]
    assert dict(done.context["counts"])["Drafts"] == "3"
    assert made(agent, page).status_code == 200  # the same once more
    assert made(agent, page, key=str(uuid4())).status_code == 409  # what was seen is not so any more
    with as_owner():
        assert (AuditEvent.objects.filter(kind__startswith="offer").count(), Mail.objects.count()) == (0, 0)
    again = made(agent, get(agent, "offer-round", round_of(page)), send="yes")
    assert {state for _slug, _name, state, _days in offers()} == {"sent"} and len(offers()) == 3
    assert (again.context["send_label"], dict(again.context["counts"])["Sent"]) == ("", "3")
    assert Page(get(agent, "offer-rounds")).has("Care")


def round_of(page):
    return page.context["round"].uuid


def test_each_error_by_line_and_column_and_the_lines_come_back_mended(agent, partner, customers):
    template = make_offer_template(partner=partner, name="Care")
    with as_owner():
        Tenant.objects.filter(slug="three").update(**SUSPENDED)
    lines = ["", "one;x", "5,6538E+05", "strange", "nobody", "three", "two", "TWO", "=two", "one", "o\0ne"]
    content = "\n".join([f"no\0te;{ADDRESS}", *(f";{line}" for line in lines)]).encode()
    page = uploaded(agent, template, content)
    told = rows_of(page)
    assert [row.split()[0] for row in told] == ["3", "4", "5", "6", "7", "8", "9", "10", "12"]
    text = " ".join(told)
    assert f"{ADDRESS} 5,6538E+05 This looks like a number that a spreadsheet shortened." in text
    # One of another partner and one that is nowhere get the same words
    assert text.count("None of your customers has this address.") == 2
    assert text.count("Lines 8 and 9 of this file are about the same.") == 2
    assert "Three is in the state Suspended" in text
    # What no database takes is told, and in a header that is ignored it is replaced
    assert "o\N{REPLACEMENT CHARACTER}ne The cell contains U+0000 NULL" in text
    assert page.context["ignored"] == "no\N{REPLACEMENT CHARACTER}te"
    sent = made(agent, page, send="yes")
    assert [(slug, state) for slug, _name, state, _days in offers()] == [("one", "sent")]
    file = file_of(agent, sent)
    assert [row["error_code"] for row in file if row[ADDRESS] in ("strange", "two")] == ["refused", "twice"]
    mended = f"{ADDRESS},error_code,error\ntwo,twice,x\n".encode()
    assert dict(made(agent, uploaded(agent, template, mended), send="yes").context["counts"])["Sent"] == "1"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"name\nOne\n", "The first line names no column"),
        (f"{ADDRESS}\n".encode(), "Below the headers there is no line."),
        (b"PK\x03\x04", "This is a workbook"),
        (f"{ADDRESS}\none\ntwo\nthree\n".encode(), "The file has more than 2 lines."),
    ],
)
def test_a_file_that_is_none_is_said_and_nothing_is_kept(agent, partner, customers, monkeypatch, content, words):
    monkeypatch.setattr(many_lines, "MOST_LINES", 2)
    answer = uploaded(agent, make_offer_template(partner=partner), content)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    with as_owner():
        assert not OfferRound.objects.exists()


def test_a_content_that_cannot_be_offered_is_said_before_anything_is_made(agent, partner, customers):
    answer = uploaded(agent, make_offer_template(partner=partner, terms="", days=9999), f"{ADDRESS}\none\n".encode())
    assert answer.status_code == 422
    assert "Delegated administration lasts from 1 to 730 days." in answer.content.decode()


def test_what_is_beyond_the_limit_stays_a_draft_that_is_sent_later(agent, partner, customers, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "send-offer", {"person": (2, limits.MINUTE)})
    template = make_offer_template(partner=partner, name="Care")
    page = uploaded(agent, template, f"{ADDRESS}\none\ntwo\nthree\n".encode())
    sent = made(agent, page, send="yes")
    assert [state for _slug, _name, state, _days in offers()] == ["sent", "sent", "draft"]
    assert (dict(sent.context["counts"])["Not sent yet"], sent.context["send_label"]) == ("1", "Send 1 offer")
    assert "1 stays a draft, as one person sends up to 2 offers a minute." in sent.content.decode()
    monkeypatch.setitem(limits.LIMITS, "send-offer", {"person": (30, limits.MINUTE)})
    made(agent, sent, send="yes")
    assert [state for _slug, _name, state, _days in offers()] == ["sent"] * 3
    with as_owner():
        assert AuditEvent.objects.filter(kind="offer.sent").count() == 3
        assert Mail.objects.filter(kind="offer-received").count() == 3


def test_what_an_organization_gets_no_more_of_today_is_told_as_that(agent, partner, customers, monkeypatch):
    monkeypatch.setitem(
        limits.LIMITS, "send-offer", {"person": (30, limits.MINUTE), "tenant:partner": (1, limits.DAY)}
    )
    template, content = make_offer_template(partner=partner, name="Care"), f"{ADDRESS}\none\n".encode()
    made(agent, uploaded(agent, template, content), send="yes")
    done = made(agent, uploaded(agent, template, content), send="yes")
    assert dict(done.context["counts"])["Not sent yet"] == "1"
    assert "as many offers as it gets of one partner in a day. Send it tomorrow." in " ".join(rows_of(done))
    assert "offers a minute" not in done.content.decode()


def test_a_draft_that_somebody_changed_meanwhile_is_not_sent_with_the_others(agent, partner, customers):
    template = make_offer_template(partner=partner, name="Care")
    drafted = made(agent, uploaded(agent, template, f"{ADDRESS}\none\ntwo\n".encode()))
    with as_owner():
        changed = PartnerOffer.objects.get(tenant__slug="one")
    page = get(agent, "offer-edit", changed.uuid)
    form = page.context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert agent.post(page.request["PATH_INFO"], typed | {"days": "7"}).status_code == 303
    done = made(agent, drafted, send="yes")
    assert [(slug, state, days) for slug, _name, state, days in offers()] == [
        ("one", "draft", 7),
        ("two", "sent", 365),
    ]
    assert "The draft was changed, sent or discarded meanwhile." in " ".join(rows_of(done))


def test_one_that_cannot_be_sent_is_told_and_the_others_are(agent, partner, customers):
    template = make_offer_template(partner=partner, name="Care")
    page = uploaded(agent, template, f"{ADDRESS}\none\ntwo\n".encode())
    with as_owner():
        Tenant.objects.filter(slug="one").update(**SUSPENDED)
    done = made(agent, page, send="yes")
    assert [(slug, state) for slug, _name, state, _days in offers()] == [("two", "sent")]
    assert "Not possible" in " ".join(rows_of(done)) and "Suspended" in " ".join(rows_of(done))
    assert [row["state"] for row in file_of(agent, done)] == ["Not possible", "Sent"]
    with as_owner():
        assert AuditEvent.objects.filter(kind="list.exported").count() == 1


def test_what_was_only_looked_at_goes_with_the_next_file_a_day_later(agent, partner, customers):
    template, content = make_offer_template(partner=partner), f"{ADDRESS}\none\n".encode()
    left, done = uploaded(agent, template, content), uploaded(agent, template, content)
    made(agent, done)
    with as_owner():
        OfferRound.objects.update(read_at=timezone.now() - timedelta(days=2))
    fresh = uploaded(agent, template, content)
    with as_owner():
        assert set(OfferRound.objects.values_list("uuid", flat=True)) == {round_of(done), round_of(fresh)}
    assert get(agent, "offer-round", round_of(left)).status_code == 404


def test_another_partner_reads_nothing_of_it(agent, partner, customers, sign_in):
    page = uploaded(agent, make_offer_template(partner=partner), f"{ADDRESS}\none\n".encode())
    another = make_partner(number="935287")
    other = sign_in(make_partner_person(partner=another, email="other@a.example", name="Olga"))
    for name in ("offer-round", "offer-round-file"):
        assert get(other, name, round_of(page), number="935287").status_code == 404
    with scopes.partner(another.pk):
        assert not OfferRound.objects.exists()


def test_reading_a_file_asks_as_many_statements_for_one_line_as_for_many(agent, partner, customers):
    template, counts = make_offer_template(partner=partner, name="Care"), []
    for lines in ("one", "one\ntwo\nthree"):
        with CaptureQueriesContext(connections["default"]) as asked:
            uploaded(agent, template, f"{ADDRESS}\n{lines}\n".encode())
        counts.append(len(asked))
    assert counts[0] == counts[1]
