"""The database itself ends a draft that was received: its key and its pages go, its header stays."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

END = """
UPDATE submissions_draft SET submission_id = NEW.id, wrapped_key = {nothing} WHERE id = NEW.draft;
DELETE FROM submissions_draftpage WHERE draft_id = NEW.draft;
"""
POSTGRESQL = f"""
CREATE FUNCTION submissions_received() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN {END.format(nothing="''")} RETURN NULL; END $$;
CREATE TRIGGER submissions_received AFTER INSERT ON submissions_submission
FOR EACH ROW EXECUTE FUNCTION submissions_received();
"""
SQLITE = f"""
CREATE TRIGGER submissions_received AFTER INSERT ON submissions_submission
BEGIN {END.format(nothing="x''")} END;
"""


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def unguard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION submissions_received() CASCADE")
    else:
        editor.execute("DROP TRIGGER submissions_received")


class Migration(migrations.Migration):
    dependencies = [("submissions", "0002_one_index_each")]
    operations = [migrations.RunPython(guard, unguard)]
