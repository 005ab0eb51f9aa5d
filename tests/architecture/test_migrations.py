"""A released migration never changes, and a later one lets the code before it go on."""

import pytest

from tests.released.migrations import breaking, differing, found, path_of, released

HEAD = "from django.db import migrations, models\n\nclass Migration(migrations.Migration):\n"


def written(operation: str, more: str = "") -> str:
    return f"{HEAD}{more}    operations = [{operation}]\n"


def test_a_released_migration_stays_as_it_was():
    assert differing(released(), found()) == []


def test_one_that_was_changed_or_removed_is_named():
    now = found()
    first, second, *_others = now
    assert differing(now, now) == []
    assert differing(now, now | {first: "0" * 64}) == [first]
    assert differing(now, {name: digest for name, digest in now.items() if name != second}) == [second]


def test_a_migration_after_a_release_lets_the_code_before_it_go_on():
    later = sorted(found().keys() - released().keys()) if released() else []
    assert {name: wrong for name in later if (wrong := breaking(path_of(name).read_text()))} == {}


@pytest.mark.parametrize(
    "operation",
    [
        "migrations.RemoveField(model_name='a', name='b')",
        "migrations.RenameField(model_name='a', old_name='b', new_name='c')",
        "migrations.DeleteModel(name='a')",
        "migrations.AddField(model_name='a', name='b', field=models.TextField())",
        "migrations.AddField(model_name='a', name='b', field=models.TextField(default=''))",
        "migrations.RunSQL('DROP TABLE a')",
    ],
)
def test_what_takes_away_or_asks_for_more_is_named_unless_somebody_says_why_it_is_safe(operation):
    assert len(breaking(written(operation))) == 1
    assert breaking(written(operation, "    safe_because = 'nothing reads it since 1.1'\n")) == []


@pytest.mark.parametrize(
    "operation",
    [
        "migrations.CreateModel(name='a', fields=[])",
        "migrations.AddField(model_name='a', name='b', field=models.TextField(null=True))",
        "migrations.AddField(model_name='a', name='b', field=models.TextField(default='', db_default=''))",
        "migrations.AddIndex(model_name='a', index=models.Index(fields=['b'], name='c'))",
    ],
)
def test_what_only_adds_is_fine(operation):
    assert breaking(written(operation)) == []
