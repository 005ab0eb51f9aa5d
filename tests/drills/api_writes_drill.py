"""Each operation that writes is done at least once, and then asked with bodies near the one that did: a part of
`make drill-api`.

The calls succeed by rows of the world in which every act is possible; each is undone before the next. schemathesis
compares each answer with the document, and makes CASES bodies an operation for the same row and version.
"""

import os
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import randoms

from tests.architecture.acts.walked import undone
from tests.architecture.acts.walks import World
from tests.drills.api_drill import SEED, UNLIMITED
from tests.drills.api_examples import DOCUMENT, REFUSED, Example, examples, programs, writes
from tests.portal.api.client import Program

CASES = int(os.environ.get("CASES", "8"))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
CHECKS = [
    schemathesis.checks.not_a_server_error,
    *schemathesis.checks.CHECKS.get_by_names(["content_type_conformance", "response_schema_conformance"]),
]


@pytest.fixture
def world(db, settings) -> World:
    settings.LIMITS = UNLIMITED
    return World()


def as_told(example: Example, answer: Any, case: Any) -> None:
    """Raises where the document does not say what came."""
    request = requests.Request(example.method, f"http://testserver{example.url}").prepare()
    headers = {name.lower(): [value] for name, value in answer.headers.items()}
    took = timedelta(seconds=1).total_seconds()
    case.validate_response(
        schemathesis.Response(answer.status_code, headers, answer.content, request, took, False), checks=CHECKS
    )


def near(example: Example, operation: Any, program: Program, counted: Counter[int]) -> None:
    """The body that does it with one field as the document allows it, for the same row and version."""

    @seed(SEED)
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(path_parameters=example.place), randoms(use_true_random=False))
    def ask(case: Any, chance: Any) -> None:
        said, body = case.body if isinstance(case.body, dict) else {}, dict(example.body or {})
        if fields := sorted(said.keys() - {"version"}):
            name = chance.choice(fields)
            body[name] = said[name]
        with undone():
            answer = example.call(program, body or None)
            counted[answer.status_code] += 1
            as_told(example, answer, case)

    ask()


def test_every_write_is_done_once_or_refused_for_a_reason(world):
    who, found, wrong = programs(world), {}, {}
    told = examples(world, who)
    near_it: defaultdict[str, Counter[int]] = defaultdict(Counter)
    assert {operation for operation, _method, _path in writes()} == set(told)
    for name, example in told.items():
        operation = SCHEMA[example.path][example.method]
        program = who[example.place.get("slug") or example.place["number"]]
        with undone():
            answer = example.call(program)
            code = answer.said["code"] if answer.status_code >= 300 else "done"
            found[name] = answer.status_code
            as_told(example, answer, operation.Case(path_parameters=example.place))
        expected = REFUSED.get(name, ("done", ""))[0]
        if (answer.status_code < 300, code) != (name not in REFUSED, expected):
            wrong[name] = (answer.status_code, code, answer.said)
        if not example.file:
            near(example, operation, program, near_it[name])
    assert wrong == {}
    for name, status in sorted(found.items()):
        print(f"{name}: {status} {REFUSED.get(name, ('', ''))[1]}; near it {dict(sorted(near_it[name].items()))}")
    done = sum(status < 300 for status in found.values())
    every = sum(near_it.values(), Counter())
    print(f"{done} of {len(found)} operations that write are done, {len(REFUSED)} refused for a reason")
    print(f"{every.total()} calls near them: {dict(sorted(every.items()))}")
    assert not any(status >= 500 for status in (*found.values(), *every)), every
