"""Staff bring a file in, read what was found, have it applied, and get the lines with errors back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from subscriptions.imports import runs
from subscriptions.imports.kinds import KINDS
from subscriptions.models import ImportRun
from subscriptions.models.audit_event import AuditKind
from subscriptions.web.files import uploads
from tests.database import as_owner
from tests.desk import add_url, change_url, errors_of, events, list_url, messages_of, sent_by
from tests.subscriptions.imports.client import again, apply, bring
from tests.subscriptions.imports.test_runs import organizations, slugs

MODEL = "subscriptions_importrun"


def upload(desk, text: str | bytes, kind: str = "organizations", **more):
    content = text.encode() if isinstance(text, str) else text
    sent = (
        sent_by(desk.get(add_url(MODEL))) | {"kind": kind, "file": SimpleUploadedFile("Kunden.csv", content)} | more
    )
    return desk.post(add_url(MODEL), sent)


def newest() -> ImportRun:
    with as_owner():
        return ImportRun.objects.latest("pk")


def page_of(desk, run: ImportRun) -> str:
    return desk.get(change_url(MODEL, run.pk)).content.decode()


def press(desk, run: ImportRun, name: str, **more):
    """Opens the page of an act and sends it."""
    url = f"{reverse(f'admin:{name}')}?ids={run.pk}"
    return desk.post(url, sent_by(desk.get(url)) | {"reason": "Moved here"} | more)


def test_a_file_is_looked_at_read_and_applied(desk, staff):
    response = upload(desk, organizations(3, wrong=(1,)))
    run = newest()
    assert (response.status_code, response.url) == (302, change_url(MODEL, run.pk))
    assert "The file is being looked at" in page_of(desk, run)
    runs.check(run.pk)
    page = page_of(desk, run)
    assert "Dry run of Kunden.csv" in page
    assert "Nothing has been changed yet." in page
    assert "Apply 2 lines" in page
    assert "No country or region has this code." in page
    assert slugs() == []
    assert press(desk, run, "apply-import").status_code == 303
    assert events(AuditKind.IMPORT_APPLIED)[0].reason == "Moved here"
    assert "0 of 2 lines are done." in page_of(desk, run)
    runs.apply(run.pk)
    assert "Receipt of Kunden.csv" in page_of(desk, run)
    assert slugs() == ["o-0", "o-2"]


def test_the_form_says_which_columns_each_kind_takes(desk):
    page = desk.get(add_url(MODEL)).content.decode()
    for kind in KINDS.values():
        assert f"<code>{kind.name}</code>" in page
        assert all(f"<code>{column.name}</code>" in page for column in kind.columns)


def test_a_second_press_of_upload_brings_in_one_file(desk):
    sent = sent_by(desk.get(add_url(MODEL))) | {"kind": "organizations"}
    answers = [
        desk.post(add_url(MODEL), sent | {"file": SimpleUploadedFile("a.csv", organizations(1).encode())})
        for _ in range(2)
    ]
    assert answers[0].url == answers[1].url == change_url(MODEL, newest().pk)
    with as_owner():
        assert ImportRun.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "more", "field"),
    [("", {}, "file"), ("a", {"kind": "nothing"}, "kind"), ("a", {"file": ""}, "file")],
)
def test_what_is_no_file_is_told_at_its_field(content, more, field, desk):
    response = upload(desk, content, **more)
    assert response.status_code == 422
    assert list(errors_of(response)) == [field]


def test_a_file_that_is_too_large_is_told_at_its_field(desk, monkeypatch):
    monkeypatch.setattr("subscriptions.imports.admin.MOST_BYTES_OF_UPLOAD", 10)
    response = upload(desk, organizations(3))
    assert response.status_code == 422
    assert "larger than" in str(errors_of(response)) and "manage.py import" in str(errors_of(response))


def test_one_that_is_not_even_read_gets_the_same_advice(desk, settings, monkeypatch):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    monkeypatch.setitem(uploads.UPLOADS, "admin:subscriptions_importrun_add", 3 * 1024 * 1024)
    monkeypatch.setattr(uploads, "BESIDE_THE_FILE", -3 * 1024 * 1024 + 1)
    response = upload(desk, organizations(200))
    assert response.status_code == 413
    assert "at most 3 MB" in response.content.decode() and "manage.py import" in response.content.decode()


def test_a_file_may_be_larger_than_any_other_request(desk, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    large = organizations(200)
    assert upload(desk, large).status_code == 302

    def sent_to(url: str) -> int:
        return desk.post(url, {"file": SimpleUploadedFile("a.csv", large.encode())}).status_code

    assert sent_to(list_url(MODEL)) == 413
    desk.logout()
    assert sent_to(add_url(MODEL)) == 413


def test_a_file_that_cannot_be_read_says_why_and_what_helps(desk, staff):
    run = bring("organizations", "a;b\n1;2\n", by=staff)
    page = page_of(desk, run)
    assert "organizations.csv cannot be read" in page
    assert "The first line names no column of this kind of import." in page
    assert "Apply" not in page.partition("Next step")[2]


def test_what_changed_since_the_page_was_opened_is_a_conflict(desk, staff):
    run = bring("organizations", organizations(2), by=staff)
    url = f"{reverse('admin:apply-import')}?ids={run.pk}"
    sent = sent_by(desk.get(url)) | {"reason": "Moved here"}
    with as_owner():
        ImportRun.objects.filter(pk=run.pk).update(digest="0" * 64)
    assert desk.post(url, sent).status_code == 409
    assert again(run).state == "checked"


def test_what_cannot_be_applied_says_why(desk, staff):
    run = apply(bring("organizations", organizations(1), by=staff), by=staff)
    response = desk.get(f"{reverse('admin:apply-import')}?ids={run.pk}")
    assert response.status_code == 409
    assert "The import is in this state: Done." in response.content.decode()


def test_errors_are_listed_by_kind_and_each_says_how_to_mend_it(desk, staff):
    run = bring("organizations", organizations(3, wrong=(0, 1)) + "b c;B;worldwide;DE\n", by=staff)
    url = f"{list_url('subscriptions_importproblem')}?run={run.pk}"
    assert [row.line for row in desk.get(url).context["cl"].result_list] == [2, 3, 5]
    filtered = desk.get(f"{url}&code=address")
    assert [row.line for row in filtered.context["cl"].result_list] == [5]
    assert "Use small letters from a to z, digits and hyphens." in filtered.content.decode()


def test_the_lines_with_errors_are_a_file_without_formulas(desk, staff):
    text = organizations(1) + '"=HYPERLINK(""x"")";A;worldwide;DE\n'
    run = bring("organizations", text, by=staff)
    response = desk.get(reverse("admin:failed-lines", args=[run.uuid]))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1].startswith('"\'=HYPERLINK(""x"")";A;worldwide;DE;formula;organization: A formula')
    assert "organizations-errors.csv" in response.headers["Content-Disposition"]
    (event,) = events(AuditKind.LIST_EXPORTED)
    assert (event.actor, event.subject_uuid, event.detail) == (staff, run.uuid, {"rows": 1})


def test_an_import_waits_for_staff_until_it_is_done_or_set_aside(desk, staff):
    run = bring("organizations", organizations(2, wrong=(1,)), by=staff)
    assert "Look at 1" in desk.get("/staff/").content.decode()
    apply(run, by=staff)
    assert again(run).is_open
    press(desk, run, "set-imports-aside")
    assert not again(run).is_open
    assert "Look at 1" not in desk.get("/staff/").content.decode()
    clean = apply(bring("organizations", organizations(5).replace("o-", "p-"), by=staff), by=staff)
    assert not clean.is_open


def test_one_import_is_applied_at_a_time(desk, staff):
    chosen = [bring("organizations", organizations(1), by=staff).pk for _ in range(2)]
    response = desk.get(f"{reverse('admin:apply-import')}?ids={','.join(map(str, chosen))}", follow=True)
    assert messages_of(response) == ["Choose at most 1 rows at once."]
