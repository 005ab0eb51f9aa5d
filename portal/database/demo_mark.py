"""What tells a demo's database from any other: a comment on it, which no dump of the data brings along."""

from typing import Any

from psycopg import Connection, sql

MARK = "Demo of the Partner of Record portal: sample data with a published password"


def mark_as_demo(connection: Connection[Any], database: str) -> None:
    """Where it is not marked yet; to be run as the owner of the database."""
    if not is_marked(connection, database):
        command = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(database), sql.Literal(MARK))
        connection.execute(command)


def is_marked(connection: Connection[Any], database: str) -> bool:
    comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    return connection.execute(comment, [database]).fetchone() == (MARK,)
