"""What the operator announces over each page: from when to when the portal is worked on.

It stands in a file, which is read again while the portal runs: no restart announces it, and none takes it back.
"""

import time
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from subscriptions.base import formats

log = structlog.get_logger("portal.frame.maintenance")
READ_AGAIN = 10  # seconds after which the file is read once more


@dataclass(frozen=True)
class Maintenance:
    starts: datetime
    ends: datetime
    words: dict[str, str]  # the operator's own, by language

    def __str__(self) -> str:
        """In the reader's language and zone."""
        facts = {"starts": formats.moment_with_zone(self.starts), "ends": formats.moment_with_zone(self.ends)}
        sentence = _(
            "Maintenance from %(starts)s to %(ends)s: for some minutes nothing can be changed, or pages do not "
            "answer."
        )
        return formats.sentences(sentence % facts, self.words.get(get_language() or "", ""))


_kept: tuple[float, Maintenance | None] = (0.0, None)


def announced() -> Maintenance | None:
    """What is ahead or going on; nothing once it is over."""
    global _kept
    if not settings.MAINTENANCE_FILE:
        return None
    if time.monotonic() - _kept[0] > READ_AGAIN or not _kept[0]:
        _kept = (time.monotonic(), _read(Path(settings.MAINTENANCE_FILE)))
    found = _kept[1]
    return found if found and timezone.now() < found.ends else None


def _read(path: Path) -> Maintenance | None:
    """No file announces nothing; one that is wrong says so in the log, and keeps nobody from a page."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        starts, ends = told.pop("starts"), told.pop("ends")
        if not (starts.tzinfo and starts < ends and all(isinstance(words, str) for words in told.values())):
            raise ValueError("starts and ends are moments with a zone, one after the other; all else is words")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as problem:
        log.warning("maintenance_file_wrong", reason=f"{type(problem).__name__}: {problem}")
        return None
    return Maintenance(starts, ends, told)
