"""What schemathesis is told of the portal: IDs of both organizations for addresses, and what no answer may say.

Loaded by SCHEMATHESIS_HOOKS. FUZZ in the environment is a JSON file with the IDs, the names that are never to be
read, and where each answer is written down.
"""

import json
import os
import random
from pathlib import Path
from typing import Any

import schemathesis

TOLD: dict[str, Any] = json.loads(Path(os.environ["FUZZ"]).read_text())
CHOICE = random.Random(TOLD["seed"])
COUNTED = Path(TOLD["counted"])


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Mostly what is there, of the caller and of the other one; now and then what was made up."""
    for name in path_parameters or {}:
        known = TOLD["path"].get("uuid" if name not in TOLD["path"] else name, [])
        if known and CHOICE.random() < 0.9:
            path_parameters[name] = CHOICE.choice(known)  # type: ignore[index]
    return path_parameters


@schemathesis.hook
def map_headers(context: Any, headers: dict[str, Any] | None) -> dict[str, Any] | None:
    """A version that may be the right one, so that changes are made too."""
    if headers and "If-Match" in headers and CHOICE.random() < 0.7:
        headers["If-Match"] = f'"{CHOICE.choice([1, 1, 1, 2, 3])}"'
    return headers


@schemathesis.check
def nothing_of_the_other(ctx: Any, response: Any, case: Any) -> None:
    """Not a name of the other organization, whatever was asked."""
    with COUNTED.open("a") as lines:
        lines.write(f"{response.status_code} {case.method} {case.operation.path}\n")
    found = [name for name in TOLD["secret"] if name in response.text]
    assert not found, f"Read of the other: {found}"
