"""The partner's own terms: made harmless when they are stored, kept in every version, named by their hash."""

import hashlib
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import unescape

import nh3
from django.utils.html import linebreaks, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from partners.models import OfferTerms, PartnerOffer
from subscriptions.access import Actor

MOST_CHARACTERS = 50_000
SUMMARY_CHARACTERS = 600

BLOCKS = {"p", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6"}
TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
TAGS = BLOCKS | TABLE_TAGS | {"br", "strong", "em", "b", "i", "u", "a"}
TOP_HEADING = 3  # below those of the page on which the terms stand
LOOKS_LIKE_MARKUP = re.compile(r"<[a-zA-Z/!]")
TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)")
HEADING = re.compile(r"<(/?)h([1-6])>")
# What others write a paragraph with
BOXES = "address|article|aside|center|dd|div|dl|dt|fieldset|figure|footer|form|header|main|nav|pre|section"
BOX = re.compile(rf"<(/?)(?:{BOXES})\b[^>]*>", re.IGNORECASE)
EMPTY = re.compile(r"<p>\s*</p>")
BLOCK_TAG = re.compile(rf"(</?(?:{'|'.join(sorted(BLOCKS | TABLE_TAGS))})>)")
LINK = re.compile(r'<a href="(?:mailto:)?([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
END_OF_CELL = re.compile(r"</t[hd]>")
END_OF_BLOCK = re.compile(r"<br>|</?(?:p|ul|ol|blockquote|h3|h4|h5|h6|tr|table)>|</li>")


def _cleaner(tags: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes={"a": {"href"}},
        url_schemes={"https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


_as_written = _cleaner(TAGS | {"h1", "h2"})
_as_stored = _cleaner(TAGS)


def sanitized(text: str) -> str:
    """What may be shown of the terms as they were written; text outside of any block becomes paragraphs."""
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not LOOKS_LIKE_MARKUP.search(text):
        return _as_stored.clean(linebreaks(text, autoescape=True)).strip()
    html = _below_the_page(_as_written.clean(BOX.sub(r"<\1p>", text)))
    return EMPTY.sub("", _as_stored.clean(_in_paragraphs(html))).strip()


def _below_the_page(html: str) -> str:
    """The highest heading becomes the third level, and the others follow it."""
    highest = min((int(level) for _end, level in HEADING.findall(html)), default=TOP_HEADING)
    down = max(0, TOP_HEADING - highest)
    return HEADING.sub(lambda found: f"<{found[1]}h{min(6, int(found[2]) + down)}>", html)


def _in_paragraphs(html: str) -> str:
    """Text between blocks keeps its lines, as it would without markup."""
    parts, depth = [], 0
    for part in BLOCK_TAG.split(html):
        if BLOCK_TAG.fullmatch(part):
            depth += -1 if part.startswith("</") else 1
        elif depth == 0 and strip_tags(part).strip():
            part = linebreaks(part.strip())
        parts.append(part)
    return "".join(parts)


def left_out(text: str) -> list[str]:
    """The names of what was written and may not be stored, each once, in the order in which it stood."""
    kept = TAGS | {"h1", "h2", *BOXES.split("|")}
    names = (name.lower() for name in TAG.findall(text))
    left = list(dict.fromkeys(name for name in names if name not in kept))
    links = len(re.findall(r"<a\s", text, re.IGNORECASE))
    return [*left, "a href"] if _as_stored.clean(text).count("<a href=") < links else left


def digest_of(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()


def as_page_part(html: str) -> SafeString:
    """Stored terms as a part of a page. They are cleaned once more: what is declared safe is never a row's content
    by itself, and cleaning clean terms changes nothing.
    """
    return SafeString(_as_stored.clean(html))


def text_of(html: str) -> str:
    """Stored terms as plain text, a line for each paragraph, line, entry of a list and row of a table."""
    html = LINK.sub(lambda found: found[2] if found[1] in found[2] else f"{found[2]} ({found[1]})", html)
    html = re.sub(r"\s+", " ", html).replace("<li>", "<br>- ")
    text = unescape(strip_tags(END_OF_BLOCK.sub("\n", END_OF_CELL.sub(" ", html))))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)


def summary_of(html: str) -> str:
    """The beginning of that."""
    return Truncator(text_of(html)).chars(SUMMARY_CHARACTERS)


def differences(before: str, after: str) -> Iterator[tuple[bool, str]]:
    """What was taken out of the terms (False) and what was put in (True), a paragraph each."""
    old, new = text_of(before).splitlines(), text_of(after).splitlines()
    for same, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if same != "equal":
            yield from ((False, line) for line in old[start:end])
            yield from ((True, line) for line in new[new_start:new_end])


def versions_of(offer: PartnerOffer) -> list[OfferTerms]:
    """The newest first, which is the one in force."""
    return list(OfferTerms.objects.filter(tenant=offer.tenant_id, offer=offer).order_by("-number"))


def current_terms(offer: PartnerOffer) -> OfferTerms:
    """The version in force."""
    return OfferTerms.objects.filter(tenant=offer.tenant_id, offer=offer).order_by("-number")[0]


def add_version(offer: PartnerOffer, html: str, *, by: Actor) -> OfferTerms:
    """Stores sanitized terms as the next version; the same text once more stays the version that it is.

    The caller holds the offer's lock.
    """
    versions = OfferTerms.objects.filter(tenant=offer.tenant_id, offer=offer)
    latest = versions.order_by("-number").first()
    if latest is not None and latest.html == html:
        return latest
    return OfferTerms.objects.create(
        tenant_id=offer.tenant_id,
        offer=offer,
        number=latest.number + 1 if latest else 1,
        html=html,
        digest=digest_of(html),
        written_by=by.name,
    )
