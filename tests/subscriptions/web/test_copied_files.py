"""A file that the database writes is, byte for byte, the one that is made of rows in Python."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.overview.credited_subscriptions import facts
from partners.overview.customers import credited
from subscriptions.db import scopes
from subscriptions.models import Tenant
from subscriptions.web.files import list_file
from tests.database import as_owner
from tests.factories import (
    make_order,
    make_partner,
    make_partner_of_record,
    make_partner_person,
    make_scheduled_change,
    make_sold_product,
    make_subscription,
)
from tests.factories.subscriptions import placed

HOSTILE = (
    "=cmd|'/c calc'!A1", "-5.00", "@SUM(A1)", "＝1", "'=1", "''9", "'quoted'", "O'Brien", " =1", "\u3000=1",
    "(Paris)", 'A "quoted", and comma', "two\nlines", "two\r\nlines", "\n=1", "a\tb", "\x01=1", "\x01\x01", "x\x7fy",
    "x\u0085y", "x\u2028y", "«Ü»", "蓝云科技", "云\u0085南", "🙂 emoji", "NULL", "\\N", "\\.", "1,5", "Отдел", "שלום",
)  # fmt: skip
AT = datetime(2026, 10, 25, 0, 59, 59, 999_999, tzinfo=UTC)
ENDS = [timedelta(days=days) for days in (1, 0, -1, -29, -30, -119, -120)]
# Past what the names' own field refuses
RENAME = "UPDATE subscriptions_subscription SET name = %s, own_name = %s, cost_center = %s WHERE id = %s"
LISTS = (("subscriptions:list", "csv"), ("subscriptions:list", "history"), ("subscriptions:order-list", "csv"))


@pytest.fixture
def partners(alpha, global_admin):
    """Of a subscription of each text, in several states, with what has happened to it."""
    partners = [make_partner(number=str(565380 + n), name=f"Partner {n}") for n in range(3)]
    product, today = make_sold_product(name="Suite"), timezone.localdate()
    for number, text in enumerate(HOSTILE):
        row = make_subscription(
            tenant=alpha, product=product, name=f"Subscription {number}", recurring_billing=number % 2 == 1,
            status=("active", "trial", "expired", "disabled")[number % 4], currency=("USD", "EUR", "CNY")[number % 3],
            cost="1234567.80" if number % 2 else "0", started_on=date(2025, 1, 1),
            term_ends_on=today + ENDS[number % len(ENDS)],
        )  # fmt: skip
        if number % 3:
            make_partner_of_record(subscription=row, partner=partners[2], since=AT - timedelta(days=90), until=AT)
            make_partner_of_record(subscription=row, partner=partners[0], since=AT, reason=text)
        if number % 5 == 1:
            partner = partners[1] if number % 2 else None
            make_scheduled_change(subscription=row, user=global_admin, partner=partner, day=date(2027, 3, 1))
        make_order(tenant=alpha, partner_number="565380", partner_name=text, **placed(f"2026-{number:07}"))
        one_line = " ".join(text.split())[:40]
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(RENAME, [text, one_line, one_line, row.pk])
    return partners


def both(client, url, query, monkeypatch) -> tuple[bytes, bytes]:
    """The file by COPY, and by the writer in Python."""
    with CaptureQueriesContext(connection) as asked:
        copied = client.get(url, query).getvalue()
    assert any(each["sql"].startswith("COPY (") for each in asked)
    with monkeypatch.context() as patch:
        patch.setattr(list_file, "cells_in_sql", lambda columns: None)
        return copied, client.get(url, query).getvalue()


@pytest.mark.parametrize(
    ("language", "zone"), [("en", "America/Los_Angeles"), ("de", "Europe/Berlin"), ("zh-hans", "Asia/Shanghai")]
)
def test_the_lists_of_an_organization(partners, alpha, global_admin, sign_in, monkeypatch, language, zone):
    with as_owner():
        Tenant.objects.filter(pk=alpha.pk).update(time_zone=zone)
        type(global_admin).objects.filter(pk=global_admin.pk).update(language=language)
    client = sign_in(global_admin)
    for address, file in LISTS:
        query = {"file": file, "order": ""}
        copied, made = both(client, reverse(address, args=["alpha"]), query, monkeypatch)
        assert copied == made
        assert copied.count(b"\r\n") > len(HOSTILE)


def facts_of(partner) -> list[dict]:
    """As the page lists them, without those that are deleted by their date."""
    with scopes.partner(partner.pk):
        return facts(partner, list(credited(partner).values_list("pk", flat=True)))


def test_what_credits_a_partner(partners, alpha, sign_in, monkeypatch):
    with as_owner():
        Tenant.objects.filter(pk=alpha.pk).update(time_zone="Pacific/Kiritimati")
    client = sign_in(make_partner_person(partner=partners[0], time_zone="America/Los_Angeles"))
    copied, made = both(client, reverse("workspace:partner-of-record", args=["565380"]), {"file": "csv"}, monkeypatch)
    assert copied == made
    assert copied.count(b"\r\n") == 1 + len(facts_of(partners[0]))
    assert b"=cmd" not in copied.replace(b"'=cmd", b"") and copied.count(b"\r\n") > len(HOSTILE) // 2
