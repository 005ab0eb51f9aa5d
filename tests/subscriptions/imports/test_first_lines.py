"""Keys that are there already, of many, in little memory."""

import sys

from subscriptions.imports.first_lines import AT_FIRST, FirstLines


def test_a_key_is_known_by_its_first_line_however_many_there_are():
    seen, many = FirstLines(), AT_FIRST * 3
    assert [seen.first(f"o-{number}", number) for number in range(many)] == list(range(many))
    assert [seen.first(f"o-{number}", many + number) for number in range(0, many, 7)] == list(range(0, many, 7))
    assert seen.first("another", many) == many


def test_it_takes_a_few_bytes_a_key():
    seen = FirstLines()
    for number in range(AT_FIRST * 2):
        seen.first(str(number), number)
    kept = sys.getsizeof(seen._keys) + sys.getsizeof(seen._lines)
    assert kept < AT_FIRST * 2 * 50
