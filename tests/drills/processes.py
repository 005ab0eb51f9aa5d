"""Code of the portal in a process of its own, with the web login's name and password: to be killed."""

import os
import subprocess
import sys

from django.db import connections
from psycopg.conninfo import make_conninfo

from tests.architecture.facts import ROOT

BEGIN = "import django; django.setup()\n"


def started(imports: str, code: str) -> subprocess.Popen[bytes]:
    """Runs the code once what it imports is there."""
    name = connections["default"].settings_dict["NAME"]
    environ = os.environ | {
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=name),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    command = [sys.executable, "-c", f"{BEGIN}{imports}\nprint('ready', flush=True)\n{code}"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE)
    assert process.stdout and process.stdout.readline() == b"ready\n"
    return process
