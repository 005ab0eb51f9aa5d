"""The partner's own terms: made harmless when they are stored, kept in every version, named by their hash."""

import hashlib
import re
from html import unescape

import nh3
from django.utils.html import linebreaks, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from partners.models import OfferTerms, PartnerOffer
from subscriptions.access import Actor

MOST_CHARACTERS = 50_000
SUMMARY_CHARACTERS = 600

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "h3", "h4", "a"}
TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
LOOKS_LIKE_MARKUP = re.compile(r"<[a-zA-Z/!]")
END_OF_CELL = re.compile(r"</t[hd]>")
END_OF_BLOCK = re.compile(r"<br>|</(?:p|li|h3|h4|tr)>")

_cleaner = nh3.Cleaner(
    tags=TAGS | TABLE_TAGS,
    attributes={"a": {"href"}},
    url_schemes={"https", "mailto"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
)


def sanitized(text: str) -> str:
    """What may be shown of the terms as they were written; plain text becomes paragraphs."""
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not LOOKS_LIKE_MARKUP.search(text):
        text = linebreaks(text, autoescape=True)
    return _cleaner.clean(text).strip()


def digest_of(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()


def as_page_part(html: str) -> SafeString:
    """Stored terms as a part of a page. They are cleaned once more: what is declared safe is never a row's content
    by itself, and cleaning clean terms changes nothing.
    """
    return SafeString(_cleaner.clean(html))


def summary_of(html: str) -> str:
    """The beginning of the terms as plain text, for a mail."""
    lines = (line.strip() for line in _as_text(re.sub(r"\s+", " ", html)).splitlines())
    return Truncator("\n".join(line for line in lines if line)).chars(SUMMARY_CHARACTERS)


def _as_text(html: str) -> str:
    return unescape(strip_tags(END_OF_BLOCK.sub("\n", END_OF_CELL.sub(" ", html))))


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
