"""The exported file of subscriptions, changed in a spreadsheet, comes back."""

import csv
import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from partners.models import Partner
from subscriptions.models import BulkAct, Subscription
from tests.database import as_owner
from tests.factories import (
    make_member,
    make_partner,
    make_partner_of_record,
    make_policy,
    make_scheduled_change,
    make_subscription,
    make_tenant,
)
from tests.facts import audit_kinds, mails, periods
from tests.subscriptions.bulk import facts as many
from tests.subscriptions.bulk.client import decide, newest, preview, undo, url

Lines = list[list[str]]


@pytest.fixture
def rows(alpha):
    """One with a partner and names that are told from a formula and from the sign; one without anything."""
    suite = make_subscription(tenant=alpha, name="Suite", own_name="-", cost_center="'=47\"11")
    make_partner_of_record(subscription=suite, partner=make_partner(number="565380", name="Müller, Söhne & 微软"))
    return [suite, make_subscription(tenant=alpha, name="Visio", own_name="Büro 1")]


def exported(client: Client, slug: str = "alpha", **query: str) -> Lines:
    answer = client.get(reverse("subscriptions:list", args=[slug]), {"file": "csv", "order": "name", **query})
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def written(lines: Lines, separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(lines)
    return out.getvalue()


def upload(client: Client, content: bytes | str | Lines, slug: str = "alpha", name: str = "changes.csv"):
    text = written(content) if isinstance(content, list) else content
    data = text.encode("utf-8-sig") if isinstance(text, str) else text
    file = SimpleUploadedFile(name, data, content_type="text/csv")
    return client.post(reverse("partners:many-from-file", args=[slug]), {"file": file})


def changed(lines: Lines, subscription: Subscription, **cells: str) -> Lines:
    """By the names of the columns as they are exported in English."""
    header = lines[0]
    places = {name: header.index(name.replace("_", " ")) for name in cells}
    return [
        [next((cells[n] for n, place in places.items() if place == at), text) for at, text in enumerate(line)]
        if line[0] == str(subscription.uuid)
        else line
        for line in lines
    ]


def mended(client: Client) -> Lines:
    answer = client.get(reverse("subscriptions:bulk-lines", args=["alpha", newest().uuid]), {"file": "csv"})
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


@as_owner()
def facts(row: Subscription) -> tuple[str, str, bool]:
    now = Subscription.objects.get(pk=row.pk)
    return now.own_name, now.cost_center, now.recurring_billing


def lf(text: str) -> bytes:
    return text.replace("\r\n", "\n").encode()


SAVED: dict[str, tuple[str, Callable[[str], bytes], tuple[str, ...]]] = {
    "as exported": (",", lambda text: text.encode("utf-8-sig"), ("en", "de", "zh-hans")),
    "LibreOffice": (",", lf, ("en", "de", "zh-hans")),
    "Excel, Unicode text": ("\t", lambda text: text.encode("utf-16"), ("en", "de", "zh-hans")),
    "with sep=": (";", lambda text: f"sep=;\r\n{text}".encode("utf-8-sig"), ("en", "de", "zh-hans")),
    "Excel in German": (";", lambda text: text.encode("cp1252"), ("en", "de")),
    "Excel in Chinese": (",", lambda text: text.encode("gb18030"), ("zh-hans",)),
}


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_what_was_not_changed_changes_nothing_however_it_was_saved(alpha, global_admin, rows, sign_in, language):
    teams = make_subscription(tenant=alpha, name="Teams", own_name="微软 办公室")
    for row, partner in ((rows[0], None), (teams, make_partner(number="935287"))):  # what waits is no change either
        make_scheduled_change(subscription=row, user=global_admin, partner=partner)
    client = sign_in(global_admin)
    with as_owner():
        type(global_admin).objects.filter(pk=global_admin.pk).update(language=language)
    lines = exported(client)
    for name, (separator, save, languages) in SAVED.items():
        kept = [[*line, "a note\nof mine"] for line in lines] if separator == "\t" else lines
        if name == "Excel in German":  # whose characters these are not
            kept = [line for line in lines if "微" not in "".join(line)]
        if language not in languages:
            continue
        assert upload(client, save(written(kept, separator))).status_code == 303
        act = newest()
        assert (act.planned, act.file["unchanged"], act.file["wrong"]) == (0, len(kept) - 1, 0), act.file
    assert audit_kinds() == ["list.exported"]  # and nothing else


def test_changed_cells_are_previewed_done_and_undone(alpha, global_admin, rows, adventure, sign_in):
    client, (suite, visio) = sign_in(global_admin), rows
    lines = exported(client)
    lines = changed(lines, suite, Partner_ID="935287", Own_name="", Cost_center="-", Recurring_billing="")
    lines = changed(lines, visio, Partner_ID="935 287", Own_name="'=1", Recurring_billing="nein")
    assert upload(client, lines)["Location"] == url("preview", newest())
    page = preview(client)
    for words in (
        "Change 2 subscriptions", "Changes from the file changes.csv", "Partner of record: 935287 Adventure",
        "935287 Adventure: one email about 2 subscriptions that it gains",
        "one email about 1 subscription that it loses",
        "Lines of the file changes.csv",
    ):  # fmt: skip
        assert words in page
    assert periods(visio) == []
    assert many.outcomes(decide(client)) == {"changed": 2}
    assert [periods(row)[-1] for row in rows] == [("935287", True)] * 2
    assert [facts(row) for row in rows] == [("-", "", True), ("=1", "", False)]
    assert sorted(kind for kind, _receiver in mails()) == ["bulk-receipt", "credits-changed", "credits-changed"]
    assert upload(client, lines).status_code == 303
    assert (newest().planned, newest().file["unchanged"]) == (0, 2)
    with as_owner():
        newest().delete()
    assert many.outcomes(undo(client)) == {"changed": 2}
    assert [periods(row)[-1] for row in rows] == [("565380", True), ("935287", False)]
    assert [facts(row) for row in rows] == [("-", "'=47\"11", True), ("Büro 1", "", True)]


def test_an_empty_cell_changes_nothing_and_the_sign_clears(global_admin, rows, sign_in):
    client, (suite, _visio) = sign_in(global_admin), rows
    header = ["subscription_id", "partner_id"]
    upload(client, [header, [str(suite.uuid), ""]])
    assert newest().planned == 0
    upload(client, [["subscription_id", "own_name"], [str(suite.uuid), "Berlin"]])
    assert many.outcomes(decide(client)) == {"changed": 1}
    assert periods(suite) == [("565380", True)]  # a column that is missing clears nothing
    upload(client, [header, [str(suite.uuid), "-"]])
    decide(client)
    assert (periods(suite), facts(suite)[0]) == ([("565380", False)], "Berlin")


def test_a_wrong_cell_is_told_by_line_and_column_and_an_id_of_others_as_one_that_is_nowhere(
    beta, global_admin, rows, sign_in
):
    client, theirs = sign_in(global_admin), make_subscription(tenant=beta)
    lines = [
        ["subscription_id", "partner_id"],
        *[["", ""]] * 14,
        [str(theirs.uuid), ""],
        [str(rows[0].uuid), "5,6E+05"],
    ]
    upload(client, [*lines, [str(uuid4()), ""]])
    with as_owner():
        found = {line.number: line.problems for line in newest().lines.exclude(problems=[])}
    assert [(number, problems[0]["column"]) for number, problems in found.items()] == [
        (16, "subscription_id"), (17, "partner_id"), (18, "subscription_id"),
    ]  # fmt: skip
    of_others, of_nobody = ({**found[n][0], "value": ""} for n in (16, 18))
    assert of_others == of_nobody
    page = client.get(url("lines", newest())).content.decode()
    assert "looks like a number that a spreadsheet shortened" in page
    assert "Format the column as text" in page


def test_a_partner_that_is_not_on_the_approved_list_is_refused_in_a_file_as_on_the_page(
    alpha, by, global_admin, rows, adventure, sign_in
):
    make_policy(tenant=alpha, partner=make_partner_found("565380"))
    upload(sign_in(global_admin), [["subscription_id", "partner_id"], [str(rows[1].uuid), "935287"]])
    act = newest()
    assert (act.planned, many.outcomes(act)) == (0, {"not-on-list": 1})


@as_owner()
def make_partner_found(number: str) -> Partner:
    return Partner.objects.get(number=number)


def test_all_errors_are_told_by_line_and_column_and_come_back_to_be_mended(
    alpha, beta, global_admin, rows, adventure, sign_in
):
    client, (suite, visio) = sign_in(global_admin), rows
    third, theirs = make_subscription(tenant=alpha, name="Third"), make_subscription(tenant=beta)
    header = ["subscription_id", "partner_id", "own_name", "recurring_billing", "note"]
    lines = [
        header,
        [str(suite.uuid), "5,6538E+05", "", "", "a"],
        [str(visio.uuid), "999999", "=HYPERLINK(\"x\")", "perhaps", "b"],
        [str(theirs.uuid), "", "", "", "c"],
        ["none", "", "a\u200bb", "", "d"],
        [str(third.uuid), "935287", "-", "", "e"],
        [str(third.uuid), "", "", "", "f"],
        [str(suite.uuid), "935287"],
        ["", "", "x" * 81, "", ""],
    ]  # fmt: skip
    assert upload(client, lines).status_code == 303
    assert (newest().planned, newest().file["wrong"]) == (0, 8)
    page = client.get(reverse("subscriptions:bulk-lines", args=["alpha", newest().uuid])).content.decode()
    for words in (
        "looks like a number that a spreadsheet shortened", "A formula, not a value", "neither yes nor no",
        "No subscription of your organization has this ID", "This is no ID of a subscription", "U+200B",
        "Lines 6 and 7 of this file are about the same", "The line has 2 cells, the headers are 5",
        "The text has 81 characters; at most 80", "The cell is empty",
    ):  # fmt: skip
        assert words in page
    back = mended(client)
    assert (back[0], len(back)) == ([*header, "error_code", "error"], 9)
    assert back[1][:6] == [str(suite.uuid), "5,6538E+05", "", "", "a", "shortened-number twice"]
    again = [back[0], [back[5][0], "935287", "-", "", "e", "twice", "old"]]
    assert upload(client, again).status_code == 303
    assert (newest().planned, newest().file["not_taken"]) == (1, ["note"])
    decide(client)
    assert periods(third) == [("935287", True)]
    assert audit_kinds().count("partner-of-record.added") == 1


def test_what_was_refused_when_it_was_done_comes_back_with_its_reason(alpha, global_admin, rows, adventure, sign_in):
    client, (suite, visio) = sign_in(global_admin), rows
    upload(client, changed(changed(exported(client), suite, Partner_ID="935287"), visio, Own_name="New"))
    with as_owner():
        Subscription.objects.filter(pk=visio.pk).update(version=7)
    assert many.outcomes(decide(client)) == {"changed": 1, "stale-version": 1}
    header, line = mended(client)
    assert line[0] == str(visio.uuid)
    assert line[-2:] == [
        "stale-version",
        "Changed by somebody else after the preview. Theirs was kept. Look at these again and choose them once more "
        "if you still want to.",
    ]
    assert upload(client, [header, line]).status_code == 303
    decide(client)
    assert facts(visio)[0] == "New"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04" + b"\0" * 99, "This is a workbook of a spreadsheet or an archive"),
        (bytes(range(256)) * 9, "This is no text"),
        ("subscription_id,partner_id\r\n", "Below the headers there is no line"),
        ("2c0b1c62-0000-0000-0000-000000000000,565380\r\n", "The first line names no column"),
        ("partner_id,own_name\r\n565380,x\r\n", "These columns are missing: subscription_id"),
        ("subscription_id,partner_id,Partner-ID\r\n,,\r\n", "These columns are there more than once: partner_id"),
        (f"subscription_id{',x' * 70}\r\n", "The first line has 71 columns"),
        ('subscription_id\r\n"a\r\n', "a quotation mark is missing"),
    ],
)
def test_a_file_that_cannot_be_read_has_its_sentence_and_nothing_is_kept(
    global_admin, rows, sign_in, content: Any, said
):
    answer = upload(sign_in(global_admin), content if isinstance(content, bytes) else content.encode())
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    with as_owner():
        assert not BulkAct.objects.exists()


def test_no_file_and_too_many_lines_or_partners_are_said(global_admin, rows, sign_in, monkeypatch):
    client, (suite, visio) = sign_in(global_admin), rows
    nothing = client.post(reverse("partners:many-from-file", args=["alpha"]), {})
    assert (nothing.status_code, "Choose a file." in nothing.content.decode()) == (422, True)
    monkeypatch.setattr("partners.partner_of_record.file_lines.MOST_NEW_PARTNERS", 1)
    lines = [["subscription_id", "partner_id"], [str(suite.uuid), "1"], [str(visio.uuid), "2"]]
    assert "names more than 1 partners" in upload(client, lines).content.decode()
    monkeypatch.setattr("partners.partner_of_record.file_lines.MOST_LINES", 1)
    assert "The file has more than 1 lines." in upload(client, lines).content.decode()


def test_where_no_partner_can_be_added_a_line_that_would_is_refused_as_on_its_page(db, sign_in):
    tenant = make_tenant(slug="lan", cloud="o365-21vianet")
    client = sign_in(make_member(tenant=tenant, email="admin@lan.example"))
    one, two = (make_partner(number=number, cloud=tenant.cloud) for number in ("565380", "935287"))
    credited, free = many.make_many(tenant, 1, partner=one) + many.make_many(tenant, 1)
    header = ["subscription_id", "partner_id"]
    upload(client, [header, [str(credited.uuid), two.number], [str(free.uuid), two.number]], "lan")
    act = newest()
    with as_owner():
        (line,) = act.lines.exclude(problems=[])
        told = line.problems[0]
    assert (act.planned, line.number, told["column"]) == (1, 3, "partner_id")
    edit = reverse("partners:partner-of-record-edit", args=["lan", free.uuid])
    assert client.get(edit).status_code == 404
    assert periods(free) == []


def test_who_only_reads_uploads_nothing(global_admin, reader, rows, sign_in):
    assert upload(sign_in(reader), [["subscription_id"]]).status_code == 403
