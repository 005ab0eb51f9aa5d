"""Rules that every model keeps, proven by walking all of them."""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import connection, models

from subscriptions.base.constraints import SameTenant
from tests.database import as_owner

OURS = [model for label in ("subscriptions", "partners") for model in apps.get_app_config(label).get_models()]


def fields(model) -> dict[str, models.Field]:
    return {field.name: field for field in model._meta.get_fields() if isinstance(field, models.Field)}


def label(model) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", OURS, ids=label)
def test_a_moment_has_its_person_and_a_person_the_moment(model):
    is_period = isinstance(fields(model).get("valid"), DateTimeRangeField)
    names = set(fields(model)) | {"valid_at" if is_period else ""}
    moments = {name.removesuffix("_at") for name in names if name.endswith("_at")}
    people = {name.removesuffix("_by") for name in names if name.endswith("_by")}
    if is_period:  # both ends of a period: set and ended
        moments = moments - {"valid"} | {"set", "ended"}
    assert moments == people


@pytest.mark.parametrize("model", OURS, ids=label)
def test_every_pair_is_said_to_the_database(model):
    pairs = {name.removesuffix("_at") for name in fields(model) if name.endswith("_at")}
    checks = " ".join(str(check.condition) for check in constraints(model, models.CheckConstraint))
    assert {pair for pair in pairs if f"{pair}_at__isnull" not in checks or f"{pair}_by" not in checks} == set()


def constraints(model, kind) -> list:
    return [constraint for constraint in model._meta.constraints if isinstance(constraint, kind)]


@pytest.mark.parametrize("model", OURS, ids=label)
def test_every_enum_is_said_to_the_database(model):
    """Languages are a setting, and countries the list of a library."""
    enums = {
        name: {value for value, _label in field.choices}
        for name, field in fields(model).items()
        if field.choices and "language" not in name and name != "country"
    }
    assert {name: allowed_by_database(model, name) - {""} for name in enums} == enums


def allowed_by_database(model, name: str) -> set[str]:
    for check in constraints(model, models.CheckConstraint):
        if [key for key, _values in pairs_of(check.condition)] == [f"{name}__in"]:
            return set(check.condition.children[0][1])
    return set()


def pairs_of(condition: models.Q) -> list[tuple]:
    return [child for child in condition.children if isinstance(child, tuple)]


@pytest.mark.parametrize("model", OURS, ids=label)
def test_every_constraint_and_index_has_a_name_of_its_own(model):
    names = [rule.name for rule in [*model._meta.constraints, *model._meta.indexes]]
    stem = model.__name__.lower()
    stems = {stem, stem.removeprefix("partner"), stem.replace("record", ""), stem.removesuffix("request")}
    assert [name for name in names if not any(name.startswith(start) for start in stems)] == []


@pytest.mark.parametrize("model", [model for model in OURS if "tenant" in fields(model)], ids=label)
def test_a_reference_between_rows_of_one_tenant_is_a_composite_key(model):
    """A plain foreign key to a tenant's row could point into another tenant."""
    to_owned = {
        name
        for name, field in fields(model).items()
        if isinstance(field, models.ForeignKey) and "tenant" in fields(field.related_model)
    }
    assert {rule.field for rule in constraints(model, SameTenant)} == to_owned
    assert {name for name in to_owned if fields(model)[name].db_constraint} == set()


@pytest.mark.parametrize("model", OURS, ids=label)
def test_what_stands_in_a_url_is_a_random_uuid(model):
    if "uuid" in fields(model):
        assert fields(model)["uuid"].unique


def test_the_names_in_the_catalog_are_the_names_of_the_models(db):
    named = {rule.name for model in OURS for rule in model._meta.constraints}
    tables = [model._meta.db_table for model in OURS]
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('c', 'x')",
            [tables],
        )
        found = {name for (name,) in cursor.fetchall()}
    positive = {name for name in found if name.endswith("_check")}  # Django's own, of PositiveIntegerField
    assert found - positive <= named
