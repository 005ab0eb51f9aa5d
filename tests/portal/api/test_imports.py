"""A file of subscriptions by the API: brought and looked at, with all that is wrong; then done as a job, once."""

import csv
import io
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.api.files.uploads import FORM
from subscriptions.models import BulkAct
from tests.architecture.addresses.test_url_matrix import everything
from tests.database import as_owner
from tests.factories import make_tenant
from tests.facts import audit_kinds, periods
from tests.portal.api.client import Program, make_program
from tests.portal.api.test_operations_on_many import work

HEAD = "subscription_id,partner_id,own_name\n"
KEYS = (f"file-{number}" for number in count())


def bring(program: Program, text: str | bytes, *, key: str = "", query: str = "", **fields: str) -> Any:
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("changes.csv", content, content_type="text/csv")
    answer = program.client.post(
        f"{program.base}/imports{query}",
        {"file": file, **fields},
        headers={"Authorization": f"Bearer {program.token}", "Idempotency-Key": key or next(KEYS)},
    )
    answer.said = answer.json()  # type: ignore[attr-defined]
    return answer


def wrong_lines(answer) -> dict[int, list[tuple[str, str]]]:
    return {row["line"]: [(each["column"], each["code"]) for each in row["errors"]] for row in answer.said["data"]}


def file_of(world) -> str:
    bare, named = world.bare.uuid, world.named.uuid
    return f"{HEAD}{bare},935287,Berlin\n{named},,\n{bare}x,935287,\nx,abc,\n"


def test_a_file_is_looked_at_and_then_done_as_an_operation(world, robot):
    told = bring(robot, file_of(world), reason="New contract")
    assert told.status_code == 201, told.said
    seen = told.said
    assert [seen[name] for name in ("state", "lines", "wrong", "unchanged", "planned")] == ["previewed", 4, 2, 1, 1]
    assert told.headers["Location"].endswith(f"/imports/{seen['id']}")
    assert periods(world.bare) == []
    place = f"/imports/{seen['id']}"
    wrong = robot.get(f"{place}/lines")
    assert {line: {column for column, _code in errors} for line, errors in wrong_lines(wrong).items()} == {
        4: {"subscription_id"}, 5: {"subscription_id", "partner_id"},
    }  # fmt: skip
    assert all(each["detail"] for row in wrong.said["data"] for each in row["errors"])
    assert wrong.said["data"][0]["errors"][0]["next_step"] == "Export the list again, and change that file."
    assert [row["subscription_id"] for row in robot.get(f"{place}/rows").said["data"]] == [str(world.bare.uuid)]
    assert robot.post(f"{place}/apply").status_code == 428
    assert robot.post(f"{place}/apply", If_Match='"x"').status_code == 412
    applied = robot.post(f"{place}/apply", If_Match=robot.get(place).headers["ETag"])
    assert (applied.status_code, applied.said["state"]) == (202, "queued"), applied.said
    assert applied.headers["Location"].endswith(f"/operations/{seen['id']}")
    work(world)
    done = robot.get(f"/operations/{seen['id']}").said
    assert (done["state"], done["changed"], done["reason"]) == ("done", 1, "New contract")
    assert periods(world.bare) == [("935287", True)]
    assert robot.post(f"{place}/apply", {"version": seen["version"]}).said["code"] == "over"


def test_the_lines_that_were_not_done_are_a_file_that_can_be_brought_back(world, robot):
    seen = bring(robot, file_of(world)).said
    answer = robot.client.get(
        f"{robot.base}/imports/{seen['id']}/lines/file", headers={"Authorization": f"Bearer {robot.token}"}
    )
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["subscription_id", "partner_id", "own_name", "error_code", "error"]
    assert [row[0] for row in rows[1:]] == [f"{world.bare.uuid}x", "x"]
    again = bring(robot, "\n".join(",".join(row[:3]) for row in rows).replace("abc", "").encode())
    assert (again.said["lines"], again.said["wrong"]) == (2, 2)


def test_a_preview_is_the_applications_own_and_what_is_done_is_read_by_all_who_may(world, robot):
    seen = bring(robot, file_of(world)).said
    other = make_program(tenant=world.tenant)
    place = f"/imports/{seen['id']}"
    assert [other.get(place).status_code, other.get(f"{place}/lines").status_code] == [404, 404]
    assert other.post(f"{place}/apply", {"version": seen["version"]}).status_code == 404
    assert make_program(tenant=make_tenant(slug="beta", name="Beta")).get(place).status_code == 404
    assert robot.post(f"{place}/apply", {"version": seen["version"]}).status_code == 202
    assert other.get(place).said["state"] == "queued"
    assert other.post(f"/operations/{seen['id']}/stop").status_code == 200
    work(world)
    assert (robot.get(place).said["state"], periods(world.bare)) == ("canceled", [])


def test_the_same_file_again_with_its_key_is_one_import(world, robot):
    first = bring(robot, file_of(world), key="once")
    again = bring(robot, file_of(world), key="once")
    assert (again.said, again.headers["Idempotent-Replayed"]) == (first.said, "true")
    assert bring(robot, file_of(world) + "\n", key="once").said["code"] == "idempotency-key-reused"
    assert bring(robot, file_of(world), key="once", reason="x").said["code"] == "idempotency-key-reused"
    with as_owner():
        assert BulkAct.objects.count() == 1


def test_a_try_keeps_nothing(world, robot):
    robot.get("/operations")
    before = everything()
    answer = bring(robot, file_of(world), query="?dry_run=true")
    assert (answer.status_code, answer.said["status"], answer.said["answer"]["wrong"]) == (200, 201, 2)
    assert everything() == before


@pytest.mark.parametrize(
    ("content", "fields", "pointer"),
    [
        (b"", {}, "/file"),
        (b"PK\x03\x04zip", {}, "/file"),
        (b"\x00\xff\xfe\x00", {}, "/file"),
        (b"a,b\n1,2\n", {}, "/file"),
        (HEAD.encode(), {}, "/file"),
        (HEAD.encode() + b'"open\n', {}, "/file"),
        (HEAD.encode() + b"x,,\n", {"x": "1"}, "/x"),
        (HEAD.encode() + b"x,,\n", {"when": "never"}, "/when"),
        (HEAD.encode() + b"x,,\n", {"when": "day"}, "/on"),
        (HEAD.encode() + b"x,,\n", {"when": "day", "on": "2026-02-30"}, "/on"),
        (HEAD.encode() + b"x,,\n", {"reason": "x" * 501}, "/reason"),
        (HEAD.encode() + b"x,,\n", {"reason": "a\0b"}, "/reason"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_file_as_a_whole_is_told_at_its_place(world, robot, content, fields, pointer):
    answer = bring(robot, content, **fields)
    assert (answer.status_code, answer.said["errors"][0].get("pointer")) == (422, pointer), answer.said
    with as_owner():
        assert (BulkAct.objects.count(), audit_kinds()) == (0, [])


@pytest.mark.parametrize(
    ("type_", "content", "status"),
    [
        ("application/json", b"{}", 415),
        ("text/csv", HEAD.encode(), 415),
        ("", b"", 415),
        (f"{FORM}; boundary=x", b"--x--", 422),
        (f"{FORM}; boundary=x", b"--x\r\nnothing", 422),
        (FORM, b"--x--", 400),
        (f'{FORM}; boundary=x', b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--x--\r\n', 422),
        (f'{FORM}; boundary=x', b'--x\r\nContent-Disposition: form-data; name="reason"\r\n\r\na\r\n' * 2, 422),
    ],
    ids=str,
)  # fmt: skip
def test_a_request_that_is_no_form_with_a_file_is_a_problem(world, robot, type_, content, status):
    answer = robot.ask("POST", "/imports", content, Content_Type=type_, Idempotency_Key="k")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.said
    assert audit_kinds() == []


def test_an_empty_cell_and_a_missing_column_remove_nothing(world, robot):
    answer = bring(robot, f"subscription_id,own_name\n{world.named.uuid},\n")
    assert (answer.status_code, answer.said["planned"], answer.said["unchanged"]) == (201, 0, 1)
    assert robot.post(f"/imports/{answer.said['id']}/apply", {"version": answer.said["version"]}).status_code == 409
    assert periods(world.named) == [("565380", True)]


def test_a_file_is_larger_than_other_bodies_where_somebody_brings_it(world, robot):
    """Up to what its page takes; without a token no more than any body."""
    large = HEAD + "\n".join([f"{world.bare.uuid},," + " " * 60_000] * 50)
    assert bring(robot, large).said["wrong"] == 50
    for program, length in ((robot, 31), (Program("", robot.base), 3)):
        headers = {"Authorization": f"Bearer {program.token}"} if program.token else {}
        size = {"CONTENT_LENGTH": str(length * 1024 * 1024)}
        answer = robot.client.generic("POST", f"{robot.base}/imports", b"-", FORM, headers=headers, **size)
        assert answer.status_code == 413


def test_who_may_not_change_many_brings_no_file(world):
    for program, code in (
        (make_program(tenant=world.tenant, scopes=["subscriptions.read"]), "insufficient-scope"),
        (make_program(tenant=world.tenant, role="global-reader"), "role"),
    ):
        answer = bring(program, file_of(world))
        assert (answer.status_code, answer.said["code"]) == (403, code)
