"""Commands of `manage.py` as a person starts them, each in a process of its own."""

import os
import subprocess
import sys

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

PRODUCTION = {
    "SITE_URL": "https://portal.example",
    "SECRET_KEY": "b7Jq0zXw3Vn8Rk5Ty2Hm6Pd9Lf4Gs1Cu-Ea!Ob#Ni%We^Ux&Zy",
    "ALLOWED_HOSTS": "portal.example",
    "EMAIL_URL": "smtp+tls://user:word@mail.portal.example:587",
    "STAFF_MAILBOX": "desk@operator.example",
    "DEBUG": "0",
    "PORTAL_DEMO": "0",
}


def manage(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return run(command, {**os.environ, **environ})


def run(command: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser tests' own, in the same worker
    return subprocess.run(command, env=environ, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60)


def addresses(**changes: str) -> dict[str, str]:
    """Those of the test database, which the environment's own do not name."""
    name = connection.settings_dict["NAME"]
    names = ("DATABASE_URL", "DATABASE_OWNER_URL")
    return {each: make_conninfo(os.environ[each], **{"dbname": name, **changes}) for each in names}
