"""What `manage.py` does before Django reads its settings: find a port and a database for the command."""

import signal
import socket
from collections.abc import MutableMapping, Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from psycopg.errors import InsufficientPrivilege

from portal.database.local_postgres import LocalPostgres
from portal.database.logins import derive_login
from portal.demo.own_https import HOST, demo_address, is_served_securely
from subscriptions.db.faults import fault_of

NEEDS_NO_DATABASE = {
    "--help", "--version", "check", "collectstatic", "compilemo", "diffsettings", "findstatic", "help",
    "makemessages", "makemigrations", "version",
}  # fmt: skip
# Of Django's commands, what would pass by the rules or end in an error here: what to use instead
REPLACED = {
    "createsuperuser": "There are no superusers here: “manage.py setup” invites a person of the staff by a link.",
    "changepassword": "Nobody types a password for another: the sign-in page mails a link for a new one, and "
    "“manage.py setup --staff-email …” makes one for a person of the staff.",
    "flush": "This would empty the portal, its history and its audit trail too, so it is not done. A demo begins "
    "afresh by “make demo ARGS=--reset”.",
    "loaddata": "Rows from a file would pass by the rules and the audit trail. A backup is restored by pg_restore.",
    "dumpdata": "The web login sees no organization's rows, so they would be missing. A backup is made by pg_dump, "
    "as the owner.",
    "remove_stale_contenttypes": "The web login may not remove them, and a migration does.",
    "testserver": "The tests have a server of their own: “make test”. To look at pages: “make demo”.",
}
NO_OWNER = (
    "DATABASE_OWNER_URL is not set. setup works as the owner of the portal's database: "
    "DATABASE_OWNER_URL=postgresql://owner:password@host:5432/database"
)
PORTS = range(1024, 65536)
ROOT = Path(__file__).resolve().parent.parent


def prepare(arguments: Sequence[str], environ: MutableMapping[str, str]) -> None:
    """Leave DATABASE_URL and DATABASE_OWNER_URL for the command, and the server running until it ends."""
    command = arguments[0] if arguments else "help"
    if command in REPLACED and not asks_for_help(arguments):
        raise SystemExit(f"{command}: {REPLACED[command]}")
    if command == "setup" and not environ.get("DATABASE_OWNER_URL") and not asks_for_help(arguments):
        raise SystemExit(NO_OWNER)
    if command == "demo":
        environ["PORT"] = str(free_port() if "--check" in arguments else wanted_port(environ))
        environ.setdefault("SITE_URL", demo_address(environ["PORT"], tls="--tls" in arguments))
        environ["PORTAL_DEMO"] = "1"
    given = environ.get("DATABASE_URL") or environ.get("DATABASE_OWNER_URL")
    if not given and needs_database(arguments):
        environ["DATABASE_OWNER_URL"] = start_postgres(environ)
        environ["DATABASE_URL"] = derive_login(environ["DATABASE_OWNER_URL"])
    elif given and command == "demo" and not (environ.get("DATABASE_URL") and environ.get("DATABASE_OWNER_URL")):
        environ["DATABASE_OWNER_URL"] = given
        environ["DATABASE_URL"] = derive_login(given)


def sentence_about(error: BaseException) -> str | None:
    """What the person at the command line can mend; None for what is a fault of ours."""
    if isinstance(error, ImproperlyConfigured):
        return str(error)
    fault = fault_of(error)
    reason = str(error).strip().partition("\n")[0]
    if isinstance(error, InsufficientPrivilege) or isinstance(error.__cause__, InsufficientPrivilege):
        return f"The login to the database may not do this, and the command ended: {reason}"
    return f"The database is {fault.value}, and the command ended: {reason}" if fault else None


def needs_database(arguments: Sequence[str]) -> bool:
    return bool(arguments) and not asks_for_help(arguments) and arguments[0] not in NEEDS_NO_DATABASE


def asks_for_help(arguments: Sequence[str]) -> bool:
    return bool({"-h", "--help"} & set(arguments))


def start_postgres(environ: MutableMapping[str, str]) -> str:
    if is_served_securely(environ.get("SITE_URL", ""), demo=environ.get("PORTAL_DEMO") == "1"):
        raise SystemExit("DATABASE_URL is not set, and the private PostgreSQL is not for production.")
    server = LocalPostgres(var_folder(environ) / "postgres")
    for ending in (signal.SIGTERM, signal.SIGHUP):  # their default would leave the server behind
        signal.signal(ending, signal.default_int_handler)
    return server.start()


def var_folder(environ: MutableMapping[str, str]) -> Path:
    """As in the settings, which cannot be read yet."""
    return Path(environ.get("PORTAL_VAR") or ROOT / "var")


def wanted_port(environ: MutableMapping[str, str]) -> int:
    text = environ.get("PORT") or "8000"
    try:
        if int(text) not in PORTS:
            raise ValueError
        listen(int(text))
    except ValueError:
        raise SystemExit(f"PORT={text} is no port: choose a number from 1024 to 65535.") from None
    except OSError as error:
        raise SystemExit(
            f"Port {text} cannot be used ({error.strerror}): choose another, as in “make demo PORT=8001”."
        ) from None
    return int(text)


def free_port() -> int:
    return listen(0)


def listen(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        probe.listen()
        return probe.getsockname()[1]
