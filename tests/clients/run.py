"""Every real client against one demo by https: what each did is printed, and the first that fails ends it.

`make clients` installs them and calls this; what each does stands in a script of its own beside it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from tests.clients.applications import OF_ORGANIZATION, SLUG, Prepared, prepare, token_of
from tests.clients.demo import Demo

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BUILD = ROOT / ".clients"
PYTHON = {
    "msgraph-sdk (Python)": "msgraph_python",
    "azure-mgmt-managementpartner": "management_partner",
    "a client by openapi-python-client": "generated",
    "Authlib, azure-identity": "oauth",
    "standardwebhooks and cloudevents (Python)": "webhooks",
}
NODE = {
    "@microsoft/microsoft-graph-client": "graph.mjs",
    "openapi-fetch and openapi-typescript": "fetch.js",
    "standardwebhooks (JavaScript)": "webhooks.mjs",
}


def build(document: str) -> None:
    """The client of openapi.json, and its types."""
    (BUILD / "openapi.json").write_text(document)
    shutil.rmtree(BUILD / "portal_client", ignore_errors=True)
    generator = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--overwrite"]
    _call([*generator, "--path", "openapi.json", "--output-path", "portal_client"], quiet=True)
    for script in HERE.glob("*.?*s"):
        shutil.copy(script, BUILD)
    _call(["node_modules/.bin/openapi-typescript", "openapi.json", "-o", "schema.d.ts"], quiet=True)
    options = [
        "--target",
        "es2022",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
        "--strict",
        "--skipLibCheck",
    ]
    _call(["node_modules/.bin/tsc", *options, "fetch.ts"])


def _call(command: list[str], *, environ: dict[str, str] | None = None, quiet: bool = False) -> None:
    outcome = subprocess.run(command, cwd=BUILD, env=os.environ | (environ or {}), text=True, capture_output=quiet)
    if outcome.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {outcome.returncode}\n{outcome.stdout or ''}{outcome.stderr or ''}"
        )


@contextmanager
def _heading(name: str) -> Iterator[None]:
    print(f"\n{name}", flush=True)
    yield


def drive(demo: Demo, prepared: Prepared) -> None:
    """Each by an application of its own, as they would be: what one asks for is not counted against another."""
    commands = {name: [sys.executable, "-m", f"tests.clients.{module}"] for name, module in PYTHON.items()}
    commands |= {name: ["node", script] for name, script in NODE.items()}
    environ = prepared.environ | {"PYTHONPATH": f"{ROOT}:{BUILD}"}
    for name, command in commands.items():
        token = token_of(demo, "--organization", SLUG, *OF_ORGANIZATION)
        with _heading(name):
            _call(command, environ=environ | {"CLIENT_TOKEN": token})


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()  # for the addresses of pages
    BUILD.mkdir(exist_ok=True)
    with Demo(BUILD / "var") as demo:
        prepared = prepare(demo)
        build(demo.openapi())
        drive(demo, prepared)
    print(f"\n{len(PYTHON) + len(NODE)} passed, 0 failed")


if __name__ == "__main__":
    main()
