"""The database refuses to change what was published or decided, whoever asks."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("definitions_version", "definitions_decision")
SAID = "what was published stays as it was"


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    postgresql = editor.connection.vendor == "postgresql"
    if postgresql:
        editor.execute(
            "CREATE FUNCTION definitions_immutable() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SAID}'; END $$"
        )
    for table in TABLES:
        # On SQLite a used version is held by its foreign keys; whoever holds the file holds the rest.
        editor.execute(
            f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION definitions_immutable()"
            if postgresql
            else f"CREATE TRIGGER {table}_immutable BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )


def unguard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION definitions_immutable() CASCADE")
        return
    for table in TABLES:
        editor.execute(f"DROP TRIGGER {table}_immutable")


class Migration(migrations.Migration):
    dependencies = [("definitions", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
