"""Tables whose rows never change and never go: the database refuses, whoever asks."""

from django.db import migrations

# SQLite has no TRUNCATE: Django empties its tables by DELETE, for tests and for `flush`, so there
# only changes are refused.
CREATE = {
    "postgresql": """
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{reason}'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{name}';
        END $$;
        CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}();
        """,
    "sqlite": """
        CREATE TRIGGER {name} BEFORE UPDATE ON {table}
        BEGIN SELECT RAISE(ABORT, '{reason}'); END
        """,
}
DROP = {
    "postgresql": "DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();",
    "sqlite": "DROP TRIGGER {name}",
}


class NeverChanges(migrations.RunPython):
    """
    From here on whoever changes or removes a row of `table`, the model, a query in the shell or
    another program, gets an IntegrityError that says `reason`. `name` is a sentence, as of a
    constraint.
    """

    def __init__(self, table: str, *, name: str, reason: str):
        words = {"table": table, "name": name, "reason": reason}
        super().__init__(_runs(CREATE, words), _runs(DROP, words))


def _runs(statements: dict, words: dict):
    def run(apps, schema_editor):
        statement = statements[schema_editor.connection.vendor]
        schema_editor.execute(statement.format(**words), params=None)

    return run
