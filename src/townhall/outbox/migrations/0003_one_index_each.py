"""An index that repeats how another begins goes: it is written for every row, and finds no more."""

import django.db.models.deletion
from django.db import migrations, models

INDEX = "outbox_delivery_event_id_9d7b7ab0"


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_heartbeat")]
    operations = [
        migrations.SeparateDatabaseAndState(
            # In place: where a column's index changes, Django would write SQLite's table anew.
            database_operations=[
                migrations.RunSQL(
                    f'DROP INDEX IF EXISTS "{INDEX}"',
                    f'CREATE INDEX "{INDEX}" ON "outbox_delivery" ("event_id")',
                )
            ],
            state_operations=[
                migrations.AlterField(
                    "delivery",
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="outbox.event",
                    ),
                )
            ],
        )
    ]
