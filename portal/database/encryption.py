"""How sessions with the database are encrypted, and how far its certificate is asked for: one setting for all logins.

An address may say so of itself (`sslmode`, `sslrootcert`), which then goes before. Over a socket of this machine
libpq asks for neither.
"""

import os
import re
from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

MODE, ROOT = "DATABASE_SSLMODE", "DATABASE_SSLROOTCERT"
MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
VERIFYING = ("verify-ca", "verify-full")
# What libpq says where the server, its certificate or its name is not what the settings ask for
REFUSED = re.compile(r"certificate|does not support SSL|no encryption|SSL error: wrong version|unsupported protocol")


def encryption(env: Mapping[str, str]) -> dict[str, str]:
    """Parts of an address. Raises ImproperlyConfigured where they cannot be meant."""
    mode, root = env.get(MODE, ""), env.get(ROOT, "")
    if mode and mode not in MODES:
        raise ImproperlyConfigured(f"{MODE} is “{mode}”, and must be one of {', '.join(MODES)}.")
    if mode in VERIFYING and not root:
        raise ImproperlyConfigured(f"{MODE} is “{mode}”, so {ROOT} must name the file of who signs certificates.")
    if root and root != "system" and not os.access(root, os.R_OK):
        raise ImproperlyConfigured(f"{ROOT}: the file {root} is not there, or cannot be read.")
    return {name: value for name, value in (("sslmode", mode), ("sslrootcert", root)) if value}


def refused_session(reason: str) -> str:
    """One sentence where a session was not begun because of its encryption; else nothing."""
    if not REFUSED.search(reason):
        return ""
    first = reason.strip().rpartition("failed: ")[2].partition("\n")[0]
    return f"The database cannot be reached as {MODE} and {ROOT} (or its address) ask: {first}"
