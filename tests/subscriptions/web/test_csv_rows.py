"""What a spreadsheet makes of an exported cell."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from subscriptions.web.files.csv_rows import ROWS_A_CHUNK, cell, csv_chunks


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-x", "'-x"),
        ("@S", "'@S"),
        ("|calc", "'|calc"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("\0=1", "'=1"),
        ("\ttext", "'text"),
        ("\n=1", "'=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("\u2028=1", "'=1"),
        ("Contoso\x07 Ltd", "Contoso Ltd"),
        ("Contoso = Ltd", "Contoso = Ltd"),
        ("蓝云科技", "蓝云科技"),
        ("", ""),
    ],
)
def test_no_text_becomes_a_formula(text, written):
    assert cell(text) == written


@pytest.mark.parametrize("number", [-5, 0, 12, Decimal("-1.50")])
def test_numbers_stay_numbers(number):
    assert cell(number) is number
    assert b"".join(csv_chunks(["n"], [[number]])).splitlines()[1] == str(number).encode()


def test_days_and_moments_are_iso():
    assert [cell(date(2026, 3, 9)), cell(datetime(2026, 3, 9, tzinfo=UTC))] == [
        "2026-03-09",
        "2026-03-09T00:00:00+00:00",
    ]


def test_it_begins_with_a_mark_and_quotes_what_separates():
    text = b"".join(csv_chunks(["Organization", "=Licenses"], [['A, "B"', 3]])).decode()
    assert text == '\ufeffOrganization,\'=Licenses\r\n"A, ""B""",3\r\n'


def test_rows_are_read_no_faster_than_chunks_are_taken():
    read = []

    def rows():
        for number in range(10 * ROWS_A_CHUNK):
            read.append(number)
            yield [number]

    chunks = csv_chunks(["n"], rows())
    assert read == []
    next(chunks)
    assert len(read) == ROWS_A_CHUNK - 1  # and the header
    next(chunks)
    assert len(read) == 2 * ROWS_A_CHUNK - 1
