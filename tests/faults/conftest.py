"""One installation for all faults of a run; each test leaves it working."""

from collections.abc import Iterator

import pytest

from tests.faults.facts import Installation


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installed = Installation(tmp_path_factory.mktemp("installation"))
    yield installed
    installed.stop()
