"""The logos that staff uploaded, as every page shows them: each process keeps them, and looks once a minute."""

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import structlog
from django.conf import settings
from django.db import Error, connections

from subscriptions.base.brand import EVERYWHERE, Brand, brand_of
from subscriptions.base.logo import Logo
from subscriptions.models import BrandLogo

log = structlog.get_logger("portal.brand")
STORED = "SELECT cloud, png, digest, width, height FROM subscriptions_brandlogo"
BY_DIGEST = f"{STORED} WHERE digest = %s"


class _Kept:
    """What this process knows of them, and since when by its own clock; nothing yet where that is None."""

    logos: Mapping[str, Logo] = {}
    since: float | None = None


def uploaded_logos() -> Mapping[str, Logo]:
    """By the name of the cloud, and under an empty name that of the portal.

    A page that is shown while the database is away asks once a minute at most, and shows what was known before.
    """
    seconds, now = settings.UPLOADED_LOGO_SECONDS, time.monotonic()
    if seconds is not None and (_Kept.since is None or now - _Kept.since > seconds):
        _Kept.since = now
        try:
            _Kept.logos = _read()
        except Error as error:
            log.warning("logos_not_read", error=type(error).__name__)
    return _Kept.logos


def forget_logos() -> None:
    """The next page looks for them."""
    _Kept.logos, _Kept.since = {}, None


def shown_logo(cloud: str) -> Logo | None:
    """Uploaded for the cloud, the file's for the cloud, uploaded for the portal, the file's for the portal."""
    uploaded, everywhere = uploaded_logos(), brand_of(EVERYWHERE).logo
    of_file = brand_of(cloud).logo
    own = of_file if of_file is not everywhere else None
    return uploaded.get(cloud) or own or uploaded.get(EVERYWHERE) or everywhere


def brand_shown_in(cloud: str) -> Brand:
    """Of a cloud, or of the portal, with the logo that is shown there now."""
    return _with_logo(brand_of(cloud), shown_logo(cloud))


@lru_cache(maxsize=100)
def _with_logo(brand: Brand, logo: Logo | None) -> Brand:
    return replace(brand, logo=logo)


def find_logo(digest: str) -> Logo | None:
    """An uploaded one by its address. Another process may have it since less than a minute."""
    known = next((logo for logo in uploaded_logos().values() if logo.digest == digest), None)
    return known or next(iter(_read(BY_DIGEST, digest).values()), None)


def logo_of(row: BrandLogo) -> Logo:
    return Logo(bytes(row.png), row.digest, row.width, row.height)


def _read(query: str = STORED, *asked: str) -> dict[str, Logo]:
    """Beside the page's own transaction, in whatever scope that is, and whatever has failed there."""
    with connections["counters"].cursor() as cursor:
        cursor.execute(query, asked)
        return {cloud: Logo(bytes(png), *facts) for cloud, png, *facts in cursor.fetchall()}
