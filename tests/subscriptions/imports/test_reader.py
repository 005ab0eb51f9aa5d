"""What spreadsheets and other systems call CSV, and what the reader makes of it."""

import pytest

from subscriptions.imports import cells
from subscriptions.imports.csv_reader import MOST_CHARACTERS_OF_LINE, MOST_COLUMNS, CsvFile, Header
from subscriptions.imports.problems import Unreadable, WrongCell

HEADERS = [Header("id", True), Header("name", True, frozenset({"name", "bezeichnung"})), Header("city", False)]
TEXT = "id;name;city\n1;Müller & Söhne;Köln\n2;Citroën;Orléans\n"
CHINESE = "id,name,city\n1,蓝云科技有限公司,上海\n2,华东合作伙伴,北京\n"


def csv_file(content: str | bytes, *, piece: int = 7) -> CsvFile:
    """In pieces that cut characters and lines in two."""
    data = content.encode() if isinstance(content, str) else content
    return CsvFile(lambda: (data[at : at + piece] for at in range(0, len(data), piece)), HEADERS)


def rows(content: str | bytes) -> list[dict[str, str]]:
    file = csv_file(content)
    return [file.cells_of(line)[0] for line in file.lines()]


def fault(content: str | bytes) -> tuple[str, dict[str, str]]:
    with pytest.raises(Unreadable) as refusal:
        rows(content)
    return refusal.value.fault.code, refusal.value.facts


@pytest.mark.parametrize(
    ("codec", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8, byte order mark"),
        ("utf-16", "UTF-16, byte order mark"),
        ("utf-16-le", "UTF-16 LE"),
        ("utf-16-be", "UTF-16 BE"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_western_text_is_read_in_each_encoding_and_that_is_said(codec, said):
    file = csv_file(TEXT.encode(codec))
    assert file.layout.encoding.label == said
    assert [row["name"] for row in rows(TEXT.encode(codec))] == ["Müller & Söhne", "Citroën"]


@pytest.mark.parametrize(("codec", "said"), [("utf-8", "UTF-8"), ("gb18030", "GB18030")])
def test_chinese_text_is_told_from_western_text(codec, said):
    file = csv_file(CHINESE.encode(codec))
    assert file.layout.encoding.label == said
    assert rows(CHINESE.encode(codec))[0] == {"id": "1", "name": "蓝云科技有限公司", "city": "上海"}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_each_separator_is_found_outside_of_quotation_marks(separator):
    text = (
        separator.join(["id", '"Bezeichnung"', "city"]) + "\r\n" + separator.join(["1", '"a,b;c\td"', "X"]) + "\r\n"
    )
    assert rows(text) == [{"id": "1", "name": "a,b;c\td", "city": "X"}]


def test_a_first_line_that_says_the_separator_is_no_header():
    assert rows("sep=;\r\nid;name\r\n1;A\r\n") == [{"id": "1", "name": "A"}]


def test_a_cell_of_several_lines_counts_from_its_first_one():
    file = csv_file('id,name\n\n1,"two\nlines"\n2,B\n')
    assert [(line.number, line.cells) for line in file.lines()] == [(3, ("1", "two\nlines")), (5, ("2", "B"))]


def test_columns_stand_in_any_order_and_others_are_left_out_and_named():
    file = csv_file("remark;name;error_code;id;;\nx;A;twice;1;;\n")
    assert [file.cells_of(line)[0] for line in file.lines()] == [{"id": "1", "name": "A"}]
    assert (file.layout.taken, file.layout.not_taken) == (["name", "id"], ["remark"])


def test_the_apostrophe_before_a_formula_or_digits_is_taken_off_and_no_other():
    assert rows("id,name\n'0123,'t Hooft\n2,'=1+1\n") == [
        {"id": "0123", "name": "'t Hooft"},
        {"id": "2", "name": "=1+1"},
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + b"x" * 100, "workbook"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "workbook"),
        (bytes(range(256)) * 10, "not-text"),
        (b"id,name\n1,\x81\x8d\n", "encoding"),
        ("1,Alpha\n2,Beta\n", "no-header"),
        ("id,city\n1,Bonn\n", "missing-column"),
        ("id,name,id\n1,A,2\n", "column-twice"),
        ('id,name\n1,"A\n2,B\n', "quotes"),
        ('id,name\n1,"A"B\n', "quotes"),
        ("id,name\n1," + "x" * MOST_CHARACTERS_OF_LINE, "long-line"),
        ("id,name," + ",".join(f"c{n}" for n in range(MOST_COLUMNS)), "too-many-columns"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, code):
    assert fault(content)[0] == code


def test_what_is_missing_or_there_twice_is_named_and_a_broken_line_too():
    assert fault("id,city\n1,B\n")[1] == {"columns": "name"}
    assert fault("id,name,id\n")[1] == {"columns": "id"}
    assert fault('id,name\n1,A\n2,"B\n')[1] == {"line": "3"}


@pytest.mark.parametrize(
    ("line", "code"), [("1", "cells"), ("1,A,Bonn,more", "cells"), ("1,A\0B,Bonn", "control-character")]
)
def test_a_line_that_cannot_be_read_says_why(line, code):
    file = csv_file(f"id,name,city\n{line}\n")
    (found,) = file.lines()
    assert [(problem.line, problem.wrong.code) for problem in file.cells_of(found)[1]] == [(2, code)]


def test_ten_megabytes_in_one_cell_are_not_kept_in_memory():
    def endless():
        yield b"id,name\n1,"
        for _ in range(40):
            yield b"x" * 256 * 1024

    file = CsvFile(endless, HEADERS)
    with pytest.raises(Unreadable) as refusal:
        list(file.lines())
    assert (refusal.value.fault.code, refusal.value.facts["line"]) == ("long-line", "2")


def code_of(read, text: str) -> str:
    with pytest.raises(WrongCell) as wrong:
        read(text)
    return wrong.value.wrong.code


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (cells.partner_number, "5,6538E+05", "shortened-number"),
        (cells.partner_number, "5.6538e5", "shortened-number"),
        (cells.partner_number, '=HYPERLINK("http://x")', "formula"),
        (cells.partner_number, "56a", "refused"),
        (cells.code(60), "1,23E+15", "shortened-number"),
        (cells.text(10), "=1+1", "formula"),
        (cells.text(10), "x" * 11, "too-long"),
        (cells.whole(0, 100), "1.000", "ambiguous-number"),
        (cells.whole(0, 100), "101", "range"),
        (cells.whole(0, 100), "9" * 400, "range"),
        (cells.whole(0, 100), "1.5", "number"),
        (cells.amount, "1,234", "ambiguous-number"),
        (cells.amount, "1.234,56", "ambiguous-number"),
        (cells.amount, "1.2345", "amount"),
        (cells.amount, "123456789.00", "range"),
        (cells.day, "11/28/2026", "ambiguous-day"),
        (cells.day, "28.11.26", "ambiguous-day"),
        (cells.day, "31.02.2024", "no-such-day"),
        (cells.day, "46354", "day"),
        (cells.day, "1999-12-31", "far-day"),
        (cells.country, "UK", "country"),
        (cells.email, "anna@@adatum.example", "email"),
        (cells.yes_no, "maybe", "yes-no"),
        (cells.time_zone, "Berlin", "time-zone"),
        (cells.slug, "two words", "address"),
    ],
)
def test_a_cell_that_cannot_be_taken_says_why(read, text, code):
    assert code_of(read, text) == code


@pytest.mark.parametrize("text", ["2026-11-28", "28.11.2026", "2026/11/28", "2026年11月28日", "2026-11-28 00:00:00"])
def test_a_day_that_can_be_read_in_one_way_only_is_taken(text):
    assert cells.day(text).isoformat() == "2026-11-28"


@pytest.mark.parametrize("text", ["1200.50", "1200,50", "1200,5"])
def test_an_amount_is_taken_with_a_point_or_a_comma(text):
    assert str(cells.amount(text)) == "1200.50"


def test_the_code_to_use_instead_is_named():
    with pytest.raises(WrongCell) as wrong:
        cells.country("UK")
    assert wrong.value.facts == {"example": "GB"}
