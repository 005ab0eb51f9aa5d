"""No cloud is named but in subscriptions/clouds.py: everything else asks what a cloud allows."""

import re

import pytest

from tests.architecture.tree import shown, sources, templates

A_CLOUD = re.compile(
    r"o365-|Cloud\.[A-Z_0-9]+|OPERATED_BY_21VIANET|WORLDWIDE|GERMANY|Worldwide|Germany|21Vianet|profile\.cloud\b"
)
# The demo's organisations live somewhere; the help text of a command may say where.
MAY_NAME_CLOUDS = {"subscriptions/clouds.py", "portal/demo_data.py", "portal/management/commands/seed.py"}


@pytest.mark.parametrize("path", [path for path in sources() if shown(path) not in MAY_NAME_CLOUDS], ids=shown)
def test_no_module_names_a_cloud(path):
    assert A_CLOUD.findall(path.read_text()) == []


@pytest.mark.parametrize("path", templates(), ids=shown)
def test_no_template_names_a_cloud(path):
    assert A_CLOUD.findall(path.read_text()) == []
