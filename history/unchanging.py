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
# TRUNCATE asks no row. Only where nobody works are tables ever emptied, by tests and on a laptop by
# `make reset`; there the connection says so (settings.DATABASES).
MAY_BE_EMPTIED = "marquee.tables_may_be_emptied"
CREATE_FOR_TRUNCATE = {
    "postgresql": """
        CREATE FUNCTION {name}_as_a_whole() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('{allowed}', true) = 'on' THEN
                RETURN NULL;
            END IF;
            RAISE EXCEPTION '{reason}'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{name}';
        END $$;
        CREATE TRIGGER {name}_as_a_whole BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}_as_a_whole();
        """,
}
DROP_FOR_TRUNCATE = {
    "postgresql": ("DROP TRIGGER {name}_as_a_whole ON {table}; DROP FUNCTION {name}_as_a_whole();"),
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


class NeverEmptied(migrations.RunPython):
    """
    From here on whoever empties `table` as a whole gets an IntegrityError, unless the connection
    says MAY_BE_EMPTIED. Words as of NeverChanges.
    """

    def __init__(self, table: str, *, name: str, reason: str):
        words = {"table": table, "name": name, "reason": reason, "allowed": MAY_BE_EMPTIED}
        super().__init__(_runs(CREATE_FOR_TRUNCATE, words), _runs(DROP_FOR_TRUNCATE, words))


def _runs(statements: dict, words: dict):
    def run(apps, schema_editor):
        if statement := statements.get(schema_editor.connection.vendor):
            schema_editor.execute(statement.format(**words), params=None)

    return run
