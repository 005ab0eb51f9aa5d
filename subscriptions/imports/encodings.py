"""In which characters a file is written: recognized from its bytes, and said, as nobody can be sure."""

import codecs
import re
from collections.abc import Callable, Iterator
from enum import Enum

from subscriptions.imports.problems import Fault, Unreadable

Chunks = Callable[[], Iterator[bytes]]

LOOKED_AT = 4096  # bytes at the beginning
ENOUGH_RUNS = 20_000  # of bytes beyond ASCII, to tell Chinese from western letters
BEYOND_ASCII = bytes(range(0x80, 0x100))
HIGH = re.compile(rb"[\x80-\xff]+")
TWO_BYTES_EACH = re.compile(rb"(?:[\xa1-\xa9\xb0-\xf7][\xa1-\xfe])+")  # the Chinese characters in daily use
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"%PDF")


class Encoding(Enum):
    """As Python calls it, and as it is said."""

    UTF_8 = ("utf-8", "UTF-8")
    UTF_8_MARKED = ("utf-8-sig", "UTF-8, byte order mark")
    UTF_16_LITTLE = ("utf-16-le", "UTF-16 LE")
    UTF_16_BIG = ("utf-16-be", "UTF-16 BE")
    UTF_16 = ("utf-16", "UTF-16, byte order mark")
    WINDOWS_1252 = ("cp1252", "Windows-1252")
    GB18030 = ("gb18030", "GB18030")

    def __init__(self, codec: str, label: str):
        self.codec, self.label = codec, label


def recognize(chunks: Chunks) -> Encoding:
    """Raises Unreadable for what is no text, or none that can be told."""
    start = _start(chunks)
    if not start:
        raise Unreadable(Fault.EMPTY)
    if start.startswith(SIGNATURES):
        raise Unreadable(Fault.WORKBOOK)
    if (wide := _wide(start)) is not None:
        return _required(wide, chunks)
    if len(CONTROL.findall(start)) * 20 > len(start):
        raise Unreadable(Fault.NOT_TEXT)
    if start.startswith(codecs.BOM_UTF8):
        return _required(Encoding.UTF_8_MARKED, chunks)
    if _decodes(Encoding.UTF_8, chunks):
        return Encoding.UTF_8
    if _is_chinese(chunks) and _decodes(Encoding.GB18030, chunks):
        return Encoding.GB18030
    return _required(Encoding.WINDOWS_1252, chunks)


def _start(chunks: Chunks) -> bytes:
    found = b""
    for chunk in chunks():
        found += chunk
        if len(found) >= LOOKED_AT:
            break
    return found[:LOOKED_AT]


def _wide(start: bytes) -> Encoding | None:
    """Two bytes a character: by the mark, else by the zeros that every other byte of a header is."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding.UTF_16
    pairs = len(start) // 2
    if pairs and start[1::2].count(0) * 2 > pairs > start[::2].count(0) * 20:
        return Encoding.UTF_16_LITTLE
    if pairs and start[::2].count(0) * 2 > pairs > start[1::2].count(0) * 20:
        return Encoding.UTF_16_BIG
    return None


def _required(encoding: Encoding, chunks: Chunks) -> Encoding:
    if not _decodes(encoding, chunks):
        raise Unreadable(Fault.ENCODING)
    return encoding


def _decodes(encoding: Encoding, chunks: Chunks) -> bool:
    """The whole file, piece by piece."""
    decoder = codecs.getincrementaldecoder(encoding.codec)("strict")
    try:
        for chunk in chunks():
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(chunks: Chunks) -> bool:
    """Letters with accents stand alone among others; Chinese characters are pairs of bytes, one beside the other."""
    runs = pairs = 0
    rest = b""
    for chunk in chunks():
        whole, rest = _cut(rest + chunk)
        for run in HIGH.findall(whole):
            runs += 1
            pairs += bool(TWO_BYTES_EACH.fullmatch(run))
        if runs > ENOUGH_RUNS:
            break
    return pairs * 10 > runs * 7


def _cut(part: bytes) -> tuple[bytes, bytes]:
    """Before the last run, which may go on in the next piece."""
    end = len(part.rstrip(BEYOND_ASCII))
    return part[:end], part[end:]
