"""What can be wrong with a file, a line or a cell: what is said of it, and how it is mended.

A problem keeps its code and the facts of the case, so that each reader gets the sentences in the own language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from django.utils.translation import gettext_lazy as _

from subscriptions.clouds import Text

SHOWN_OF_A_VALUE = 200


class Fault(Enum):
    """Why a file cannot be read at all: a code, a sentence, and what helps."""

    EMPTY = ("empty", _("The file is empty."), _("Choose the file once more."))
    TOO_LARGE = (
        "too-large",
        _("The file is larger than %(most)s MB."),
        _("Divide it into several files, each with the line of headers."),
    )
    WORKBOOK = (
        "workbook",
        _("This is a workbook of a spreadsheet or an archive, not a CSV file."),
        _("Open it in the spreadsheet and save it as “CSV UTF-8”."),
    )
    NOT_TEXT = ("not-text", _("This is no text, so it cannot be a CSV file."), _("Choose another file."))
    ENCODING = (
        "encoding",
        _("The characters of the file could not be recognized."),
        _("Save it once more as “CSV UTF-8”."),
    )
    NO_HEADER = (
        "no-header",
        _("The first line names no column of this kind of import."),
        _("Put a line of headers first: %(columns)s."),
    )
    MISSING = (
        "missing-column",
        _("These columns are missing: %(columns)s."),
        _("Add them, also where they are empty."),
    )
    TWICE = (
        "column-twice",
        _("These columns are there more than once: %(columns)s."),
        _("Keep one of each: nobody can tell which of them counts."),
    )
    TOO_MANY = (
        "too-many-columns",
        _("The first line has %(number)s columns; at most %(most)s can be read."),
        _("Delete what does not belong to it. Often a spreadsheet saved empty columns too."),
    )
    TOO_MANY_LINES = (
        "too-many-lines",
        _("The file has more than %(most)s lines."),
        _("Divide it into several files, each with the line of headers."),
    )
    TOO_MANY_PARTNERS = (
        "too-many-partners",
        _("The file names more than %(most)s partners that none of these subscriptions credits yet."),
        _("Divide it into several files, or look at the column of partner IDs: it may be another one."),
    )
    NO_LINES = ("no-lines", _("Below the headers there is no line."), _("Choose a file with data."))
    LONG_LINE = (
        "long-line",
        _("Line %(line)s is longer than %(most)s characters."),
        _("Look there for a cell that was pasted by mistake, or for a quotation mark that is missing."),
    )
    QUOTES = (
        "quotes",
        _("From line %(line)s on, a quotation mark is missing or stands where none can be."),
        _("Put cells with quotation marks into quotation marks, and double those inside."),
    )

    def __init__(self, code: str, sentence: Text, mend: Text):
        self.code, self.sentence, self.mend = code, sentence, mend


class Wrong(Enum):
    """What is wrong with a line or a cell: a code, the kind in a word, a sentence, and how to mend it."""

    CELLS = (
        "cells",
        _("Number of cells"),
        _("The line has %(cells)s cells, the headers are %(headers)s."),
        _("Look for a separator too many or too few; put a text that contains one into quotation marks."),
    )
    CONTROL = (
        "control-character",
        _("Control character"),
        _("The cell contains %(character)s, which nobody can see."),
        _("Type the cell again."),
    )
    FORMULA = (
        "formula",
        _("Formula"),
        _("A formula, not a value."),
        _("Put in its place what it shows, as text."),
    )
    SHORTENED = (
        "shortened-number",
        _("Shortened number"),
        _("This looks like a number that a spreadsheet shortened."),
        _("Format the column as text, and enter all digits again."),
    )
    REQUIRED = ("empty", _("Empty"), _("The cell is empty."), _("Fill it in."))
    TOO_LONG = (
        "too-long",
        _("Too long"),
        _("The text has %(number)s characters; at most %(most)s can be kept."),
        _("Shorten it."),
    )
    NUMBER = ("number", _("Number"), _("This is no whole number."), _("Enter digits only, such as 1200."))
    AMOUNT = ("amount", _("Amount"), _("This is no amount."), _("Enter digits and two decimals, such as 1200.50."))
    TWO_NUMBERS = (
        "ambiguous-number",
        _("Ambiguous number"),
        _("This can be read as two different numbers."),
        _("Enter it without separators of thousands, such as 1200 or 1200.50."),
    )
    RANGE = ("range", _("Out of range"), _("The number is out of range."), _("Enter one from %(least)s to %(most)s."))
    DAY = ("day", _("Day"), _("This is no day."), _("Enter it as 2026-11-28."))
    TWO_DAYS = (
        "ambiguous-day",
        _("Ambiguous day"),
        _("The order of day and month cannot be told for sure."),
        _("Enter it as 2026-11-28: year, month, day."),
    )
    NO_SUCH_DAY = (
        "no-such-day",
        _("No such day"),
        _("There is no such day."),
        _("Enter one that exists, as 2026-11-28."),
    )
    FAR_DAY = ("far-day", _("Day out of reach"), _("The day is out of reach."), _("Enter one between 2000 and 2200."))
    CHOICE = (
        "choice",
        _("Unknown value"),
        _("No value of this column is called so."),
        _("Enter one of: %(choices)s."),
    )
    YES_NO = ("yes-no", _("Yes or no"), _("This is neither yes nor no."), _("Enter yes or no."))
    COUNTRY = (
        "country",
        _("Country"),
        _("No country or region has this code."),
        _("Enter the code of two letters, such as %(example)s."),
    )
    ADDRESS = (
        "email",
        _("Email address"),
        _("This is no email address."),
        _("Correct it: one @, and a domain behind it."),
    )
    ZONE = ("time-zone", _("Time zone"), _("This is no time zone."), _("Enter one such as Europe/Berlin."))
    SLUG = (
        "address",
        _("Address"),
        _("This cannot be an address in the portal."),
        _("Use small letters from a to z, digits and hyphens."),
    )
    TWICE = (
        "twice",
        _("Twice in the file"),
        _("Lines %(first)s and %(second)s of this file are about the same."),
        _("Keep one of both lines."),
    )
    UNKNOWN = ("unknown", _("Not found"), _("Nothing here is called so."), _("Check it, or import that first."))
    ZEROS = (
        "lost-zeros",
        _("Lost zeros"),
        _("Nothing here is called so, but %(found)s is: a spreadsheet may have dropped the zeros."),
        _("Format the column as text, and enter it as it is."),
    )
    TAKEN = (
        "taken",
        _("ID of another one"),
        _("Another organization has this ID."),
        _("Check the ID and the organization."),
    )
    DIFFERS = (
        "differs",
        _("There already, different"),
        _("It is there already, with something else: %(now)s."),
        _("An import changes nothing that is there. Correct it on its page, or leave the line out."),
    )
    REFUSED = ("refused", _("Not possible"), "%(reason)s", "%(next)s")
    CHANGED = (
        "changed-meanwhile",
        _("Changed meanwhile"),
        _("Something changed while the file was being applied, so this line was not done."),
        _("Upload the file of these lines again."),
    )

    def __init__(self, code: str, label: Text, sentence: Text, mend: Text):
        self.code, self.label, self.sentence, self.mend = code, label, sentence, mend


BY_CODE = {each.code: each for each in Wrong}
FAULT_BY_CODE = {each.code: each for each in Fault}
Facts = Mapping[str, str]


class Unreadable(Exception):
    """The file as a whole cannot be read; nothing of it is done."""

    def __init__(self, fault: Fault, **facts: object):
        super().__init__(fault.code)
        self.fault, self.facts = fault, {name: str(value) for name, value in facts.items()}


class WrongCell(Exception):
    """What stands in a cell cannot be taken."""

    def __init__(self, wrong: Wrong, **facts: object):
        super().__init__(wrong.code)
        self.wrong, self.facts = wrong, {name: str(value) for name, value in facts.items()}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, by line (as an editor counts them) and column; "" for the whole line."""

    line: int
    column: str
    value: str
    wrong: Wrong
    facts: Facts = field(default_factory=dict)
