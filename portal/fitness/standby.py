"""May pages be read from the standby, and how far is it behind?"""

from django.conf import settings
from django.db import Error, connections
from django.utils.translation import gettext as _

from portal.fitness.findings import Finding, good, not_used, warning
from subscriptions.base import formats
from subscriptions.db import standby

# Since when it has replayed nothing, which says nothing of a primary that writes nothing
SILENT = "SELECT extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())"


def ask_standby() -> Finding:
    """Never an error: what a standby does not answer the database itself does."""
    if not standby.is_configured():
        return not_used(_("STANDBY_URL is not set, so all pages are read from the database itself."))
    try:
        written, replayed = standby.written(), standby.replayed()
        seconds = _silent_seconds()
    except Error as error:
        connections[standby.ALIAS].close()
        reason = str(error).strip().partition("\n")[0]
        return warning(
            _("No page is read from the standby, as it does not answer. It says: %(reason)s") % {"reason": reason}
        )
    if written is None or replayed is None or written.cluster != replayed.cluster:
        return warning(_("No page is read from a standby: STANDBY_URL leads to none of this database's."))
    behind = max(0, written.position - replayed.position)
    facts = {"number": formats.number(behind), "seconds": formats.decimal(round(seconds, 1))}
    if behind and seconds > settings.STANDBY_MOST_SECONDS:
        return warning(
            _("No page is read from the standby while it is behind: by %(number)s bytes, for %(seconds)s s.") % facts
        )
    return good(_("Pages are read from the standby. It is %(number)s bytes behind.") % facts)


def _silent_seconds() -> float:
    with connections[standby.ALIAS].cursor() as cursor:
        cursor.execute(SILENT)
        (seconds,) = cursor.fetchone() or (None,)
    return float(seconds or 0)
