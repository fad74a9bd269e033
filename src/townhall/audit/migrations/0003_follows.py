"""The database itself moves the chain's head, and takes no row that does not follow it.

A release that moves the head itself, just before, may run on these tables too.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MOVE = """
UPDATE audit_head SET number = NEW.number, hash = NEW.hash
WHERE id = 1 AND (
    number = NEW.number - 1 AND hash = NEW.before
    OR number = NEW.number AND hash = NEW.hash
        AND NOT EXISTS (SELECT 1 FROM audit_entry WHERE number = NEW.number)
);
"""
# A row that is left out raises nothing: whoever added it sees so, and reads where the chain ends.
POSTGRESQL = f"""
CREATE FUNCTION audit_follows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN {MOVE} IF FOUND THEN RETURN NEW; END IF; RETURN NULL; END $$;
CREATE TRIGGER audit_follows BEFORE INSERT ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_follows();
"""
SQLITE = f"""
CREATE TRIGGER audit_follows BEFORE INSERT ON audit_entry
BEGIN {MOVE} SELECT RAISE(IGNORE) WHERE changes() = 0; END;
"""


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def unguard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION audit_follows() CASCADE")
    else:
        editor.execute("DROP TRIGGER audit_follows")


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunPython(guard, unguard)]
