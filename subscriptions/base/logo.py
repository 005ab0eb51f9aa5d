"""An operator's logo: a PNG that is checked before anything decodes it, and then written anew, smaller and alone."""

import hashlib
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image


def gettext_noop(text: str) -> str:
    """Marks a text for translation, as Django's, which would read the settings that are read by way of here."""
    return text


SIGNATURE = b"\x89PNG\r\n\x1a\n"
LOGO_BYTES = 1024 * 1024
LOGO_PIXELS = 2000  # each way, as it comes
SHOWN_PIXELS = (480, 64)  # width and height at most, as it is served: twice those of the bar
AROUND_A_CHUNK = 12  # bytes: its length, its name and its sum
UNREADABLE = gettext_noop("it cannot be read as a picture; save it once more as PNG")


class BadLogo(ValueError):
    """The sentence says why, and what to do: in English, as settings are read before there are languages."""

    def __init__(self, sentence: str, **facts: Any):
        super().__init__(sentence % facts)
        self.sentence, self.facts = sentence, facts


@dataclass(frozen=True)
class Logo:
    """As it is served: a PNG of pixels alone, and its size where a screen has two pixels for one."""

    png: bytes
    digest: str
    width: int
    height: int


def read_logo(content: bytes) -> Logo:
    """Raises BadLogo. Decodes nothing of a picture whose header says that it is too large."""
    if len(content) > LOGO_BYTES:
        raise BadLogo(gettext_noop("it has more than %(most)s KiB; save it smaller"), most=LOGO_BYTES // 1024)
    if not content.startswith(SIGNATURE):
        raise BadLogo(gettext_noop("it is no PNG, whatever its name says; save it as PNG"))
    _require_pixels(content)
    _require_nothing_else(content)
    return _written_anew(content)


def _require_pixels(content: bytes) -> None:
    """Of the header, which comes first in every PNG."""
    start = len(SIGNATURE)
    width, height = int.from_bytes(content[start + 8 : start + 12]), int.from_bytes(content[start + 12 : start + 16])
    if content[start + 4 : start + 8] != b"IHDR" or not width or not height:
        raise BadLogo(UNREADABLE)
    if max(width, height) > LOGO_PIXELS:
        told = gettext_noop(
            "it has %(width)s × %(height)s pixels, and at most %(most)s each way are taken; save it smaller"
        )
        raise BadLogo(told, width=width, height=height, most=LOGO_PIXELS)


def _require_nothing_else(content: bytes) -> None:
    """A PNG that is another file too has that behind its end, or its chunks are none."""
    at, name = len(SIGNATURE), b""
    while name != b"IEND":
        length, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        end = at + length + AROUND_A_CHUNK
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end]):
            raise BadLogo(gettext_noop("it is damaged or cut off; save it once more as PNG"))
        at = end
    if at != len(content):
        told = gettext_noop("something else stands behind the picture in the same file; save it once more as PNG")
        raise BadLogo(told)


def _written_anew(content: bytes) -> Logo:
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            pixels = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise BadLogo(UNREADABLE) from problem
    pixels.thumbnail(SHOWN_PIXELS)
    clean = Image.new("RGBA", pixels.size)  # without what a picture may say beside its pixels
    clean.paste(pixels)
    file = BytesIO()
    clean.save(file, "PNG", optimize=True)
    png = file.getvalue()
    width, height = (max(1, side // 2) for side in pixels.size)
    return Logo(png, hashlib.sha256(png).hexdigest()[:32], width, height)
