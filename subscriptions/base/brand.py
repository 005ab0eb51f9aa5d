"""Under which names the operator runs the portal, and what stands at the foot of each page: read from one file.

Its facts hold for the portal; a table of a cloud's name says what is different there.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from subscriptions.base.logo import LOGO_BYTES, BadLogo, Logo, read_logo

LONGEST = 200
EVERYWHERE = ""


@dataclass(frozen=True, kw_only=True)
class Brand:
    """Of the portal, or of one cloud. What is empty is not shown; `operator` is then the cloud's own."""

    product: str
    operator: str = ""
    support: str = ""  # a mail address, or a page
    sender: str = ""  # the mail address that mails come from
    imprint_url: str = ""
    privacy_url: str = ""
    terms_url: str = ""
    icp_line: str = ""
    logo: Logo | None = None  # in the file the path of a PNG, from the file's own folder on

    @property
    def support_url(self) -> str:
        return f"mailto:{self.support}" if "@" in self.support else self.support


NAMES = frozenset(each.name for each in fields(Brand))


def read_brands(path: Path | None, *, product: str) -> dict[str, Brand]:
    """By the name of the cloud, and under an empty name for the rest. Raises ImproperlyConfigured."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ImproperlyConfigured(f"BRAND_FILE cannot be read: {problem}.") from problem
    clouds = {name: facts for name, facts in told.items() if isinstance(facts, dict)}
    folder = path.parent if path else Path()
    everywhere = {name: fact for name, fact in told.items() if name not in clouds}
    brand = _with(Brand(product=product), everywhere, "it", folder)
    return {EVERYWHERE: brand} | {cloud: _with(brand, facts, cloud, folder) for cloud, facts in clouds.items()}


def brand_of(cloud: str = EVERYWHERE) -> Brand:
    brands: Mapping[str, Brand] = settings.BRANDS
    return brands.get(cloud, brands[EVERYWHERE])


def logo_of(digest: str) -> Logo | None:
    """One that some brand has now."""
    logos = (brand.logo for brand in settings.BRANDS.values())
    return next((logo for logo in logos if logo and logo.digest == digest), None)


def _with(brand: Brand, facts: Mapping[str, Any], where: str, folder: Path) -> Brand:
    if unknown := sorted(facts.keys() - NAMES):
        raise ImproperlyConfigured(f"BRAND_FILE: {where} has {', '.join(unknown)}, which is no fact of a brand.")
    for name, fact in facts.items():
        _require(name, fact, where)
    told: dict[str, Any] = {name: " ".join(fact.split()) for name, fact in facts.items()}
    if file := told.get("logo"):
        told["logo"] = _read_logo(folder / file, where)
    return replace(brand, **told)


def _read_logo(path: Path, where: str) -> Logo:
    try:
        with path.open("rb") as file:
            return read_logo(file.read(LOGO_BYTES + 1))
    except OSError as problem:
        raise ImproperlyConfigured(f"BRAND_FILE: logo of {where} cannot be read: {problem}.") from problem
    except BadLogo as problem:
        raise ImproperlyConfigured(f"BRAND_FILE: logo of {where} is not taken: {problem}.") from problem


def _require(name: str, fact: Any, where: str) -> None:
    if not isinstance(fact, str) or len(fact) > LONGEST or not fact.isprintable():
        raise ImproperlyConfigured(f"BRAND_FILE: {name} of {where} is one line of at most {LONGEST} characters.")
    if name == "product" and not fact.strip():
        raise ImproperlyConfigured(f"BRAND_FILE: product of {where} is empty.")
    if fact and (name.endswith("_url") or (name == "support" and "@" not in fact)):
        _require_page(name, fact, where)
    elif fact and name in ("support", "sender"):
        try:
            validate_email(fact)
        except ValidationError as problem:
            raise ImproperlyConfigured(f"BRAND_FILE: {name} of {where} is no mail address.") from problem


def _require_page(name: str, fact: str, where: str) -> None:
    try:
        address = urlsplit(fact)
        is_page = address.scheme == "https" and bool(address.hostname)
    except ValueError:
        is_page = False
    if not is_page:
        raise ImproperlyConfigured(f"BRAND_FILE: {name} of {where} is no address that begins with https://.")
