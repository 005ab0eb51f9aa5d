"""Is the database as the code needs it?"""

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.database.clock import clock_skew
from portal.database.grant_differences import differences
from portal.database.grants import GRANTS
from portal.database.role_names import LOGIN, ROLES, SCOPES
from portal.database.schema_age import schema_age
from portal.fitness.findings import Finding, good, not_used, warning, wrong
from subscriptions.base import formats
from subscriptions.base.time_zones import places

SHORTEST_PASSWORD = 16
MOST_SKEW = 2  # seconds
ROLES_FOUND = """
    SELECT rolname, rolcanlogin, rolinherit OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb,
           ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = pg_roles.oid)
      FROM pg_roles WHERE rolname = ANY(%s)
"""


def ask_login() -> Finding:
    """Also where the database cannot be reached, or must not be with this login."""
    try:
        connection.ensure_connection()
    except ImproperlyConfigured as refusal:
        return wrong(str(refusal))
    except Error as error:
        reason = str(error).strip().partition("\n")[0]
        return wrong(_("The database does not let the portal in. It says: %(reason)s") % {"reason": reason})
    return good(
        _("The portal signs in as %(login)s, which owns nothing and may not look past row security.")
        % {"login": connection.settings_dict["USER"] or LOGIN}
    )


def ask_password() -> Finding:
    """Of the address that the portal was given; what the role's own is cannot be read."""
    password = connection.settings_dict["PASSWORD"]
    if not password:
        return not_used(_("DATABASE_URL has no password, and the server let the portal in without one from there."))
    if len(password) < SHORTEST_PASSWORD:
        return warning(
            _("The login's password has fewer than %(number)s characters. “manage.py setup” can make one.")
            % {"number": SHORTEST_PASSWORD}
        )
    return good(_("The login has a password that is long enough."))


def ask_roles() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(ROLES_FOUND, [list(ROLES)])
        found = {name: facts for name, *facts in cursor.fetchall()}
    wanted = {name: [name == LOGIN, False, set(SCOPES) if name == LOGIN else set()] for name in ROLES}
    others = [name for name in ROLES if name not in found or [*found[name][:2], set(found[name][2])] != wanted[name]]
    if others:
        return wrong(
            _("Missing, or with other powers than they need: %(roles)s.") % {"roles": formats.join_list(others)}
        )
    return good(
        _("All %(number)s are there, and only the login can sign in.") % {"number": formats.number(len(ROLES))}
    )


def ask_grants() -> Finding:
    found = differences()
    if not found:
        return good(_("Equal to those of the code, in %(number)s tables.") % {"number": formats.number(len(GRANTS))})
    sentence = ngettext(
        "%(number)s table has other grants or policies than the code: %(first)s. Mend: manage.py migrate",
        "%(number)s tables have other grants or policies than the code, first %(first)s. Mend: manage.py migrate",
        len(found),
    )
    return wrong(sentence % {"number": formats.number(len(found)), "first": found[0].name})


def ask_migrations() -> Finding:
    age = schema_age()
    if missing := age.missing:
        sentence = ngettext(
            "%(number)s migration is not applied: %(first)s. Mend: manage.py migrate",
            "%(number)s migrations are not applied, among them %(first)s. Mend: manage.py migrate",
            len(missing),
        )
        return wrong(sentence % {"number": formats.number(len(missing)), "first": missing[0]})
    if unknown := age.unknown:
        return warning(
            _("The database knows %(name)s, which this code does not: a newer version has migrated it.")
            % {"name": unknown[0]}
        )
    return good(_("All %(number)s are applied.") % {"number": formats.number(age.known)})


def ask_clock() -> Finding:
    """Pages and acts go by the database's clock; codes of authenticator apps and the log by this machine's."""
    seconds = abs(clock_skew())
    facts = {"seconds": formats.decimal(round(seconds, 1)), "most": formats.number(MOST_SKEW)}
    if seconds > MOST_SKEW:
        return warning(
            _(
                "This machine's clock and the database's differ by %(seconds)s s, more than %(most)s. Days and ends "
                "go by the database's; codes of authenticator apps and the log by this machine's."
            )
            % facts
        )
    return good(_("This machine's and the database's differ by %(seconds)s s.") % facts)


def ask_zones() -> Finding:
    """Pages and jobs count days without the database; what is asked of it by hand does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names")
        unknown = sorted(places() - {name for (name,) in cursor.fetchall()})
    if unknown:
        return warning(
            _(
                "The database does not know %(zones)s. The portal asks it about none. Its time zone data are older "
                "than Python's."
            )
            % {"zones": formats.join_list(unknown)}
        )
    return good(
        _("The database knows all %(number)s that people can choose.") % {"number": formats.number(len(places()))}
    )
