"""No cloud is named but in subscriptions/clouds.py: everything else asks what a cloud allows."""

import re
from pathlib import Path

from tests.architecture.facts import ROOT, faulty, format_path, sources, templates

A_CLOUD = re.compile(
    r"o365-|Cloud\.[A-Z_0-9]+|OPERATED_BY_21VIANET|WORLDWIDE|GERMANY|Worldwide|Germany|21Vianet|profile\.cloud\b"
)
# The demo's organizations live somewhere; the help text of a command may say where.
MAY_NAME_CLOUDS = {"subscriptions/clouds.py", "portal/demo/data.py", "portal/management/commands/seed.py"}


def clouds_named(path: Path) -> list[str]:
    return A_CLOUD.findall(path.read_text())


def test_no_module_names_a_cloud():
    others = [path for path in sources() if format_path(path) not in MAY_NAME_CLOUDS]
    assert faulty(others, clouds_named) == {}


def test_no_template_names_a_cloud():
    assert faulty(templates(), clouds_named) == {}


def test_a_module_that_names_a_cloud_is_seen():
    assert clouds_named(ROOT / "subscriptions/clouds.py")
