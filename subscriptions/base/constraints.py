"""Foreign keys between rows of one tenant: the database refuses a row that points into another tenant."""

from django.db import models
from django.db.backends.ddl_references import Statement, Table


class SameTenant(models.BaseConstraint):
    """Composite foreign key `(tenant_id, <field>_id)` to `UNIQUE (tenant_id, id)` of the field's model.

    The field itself is declared with `db_constraint=False`, so this is its only foreign key.
    """

    def __init__(self, *, field: str, name: str):
        super().__init__(name=name, violation_error_message=None)
        self.field = field

    def _sql(self, model) -> str:
        field = model._meta.get_field(self.field)
        target = field.related_model._meta.db_table
        return (
            f'CONSTRAINT "{self.name}" FOREIGN KEY ("tenant_id", "{field.column}") '
            f'REFERENCES "{target}" ("tenant_id", "id") DEFERRABLE INITIALLY IMMEDIATE'
        )

    def constraint_sql(self, model, schema_editor):
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model, schema_editor):
        return Statement(
            "ALTER TABLE %(table)s ADD " + self._sql(model).replace("%", "%%"),
            table=Table(model._meta.db_table, schema_editor.quote_name),
        )

    def remove_sql(self, model, schema_editor):
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT " + schema_editor.quote_name(self.name),
            table=Table(model._meta.db_table, schema_editor.quote_name),
        )

    def validate(self, model, instance, exclude=None, using=None):
        """Left to the database: it sees rows that the current scope must not see."""

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        kwargs["field"] = self.field
        return path, args, kwargs

    def __eq__(self, other):
        return isinstance(other, SameTenant) and (self.name, self.field) == (other.name, other.field)

    __hash__ = models.BaseConstraint.__hash__


def both_or_neither(at: str, by: str, *, name: str) -> models.CheckConstraint:
    """A moment and the person of that moment: both are known or neither is."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q((f"{at}__isnull", True), (by, ""))
        | (models.Q((f"{at}__isnull", False)) & ~models.Q((by, ""))),
    )


def one_of(field: str, choices: type[models.TextChoices], *, name: str, blank: bool = False):
    """The enum, said to the database too."""
    values = [*choices.values, *([""] if blank else [])]
    return models.CheckConstraint(name=name, condition=models.Q((f"{field}__in", values)))


def one_sender(person: str, *, name: str, application: str = "application") -> models.CheckConstraint:
    """Either a person or a program, and never both."""
    of_person = models.Q((f"{person}__isnull", False), (f"{application}__isnull", True))
    return models.CheckConstraint(
        name=name, condition=of_person | models.Q((f"{person}__isnull", True), (f"{application}__isnull", False))
    )
