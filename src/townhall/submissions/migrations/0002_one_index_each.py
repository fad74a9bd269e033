"""Indexes that repeat how another begins go: each is written for every row, and finds nothing more."""

import django.db.models.deletion
from django.db import migrations, models


def without(index: str, table: str, column: str) -> migrations.RunSQL:
    # In place: where a column's index changes, Django would write SQLite's table anew.
    return migrations.RunSQL(
        f'DROP INDEX IF EXISTS "{index}"',
        f'CREATE INDEX "{index}" ON "{table}" ("{column}")',
    )


def without_like(index: str) -> migrations.RunSQL:
    # PostgreSQL alone has it: Django makes it for text, for LIKE.
    return migrations.RunSQL(f'DROP INDEX IF EXISTS "{index}"', migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initial"), ("definitions", "0002_immutable")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                without(
                    "submissions_draftpage_draft_id_623b3245", "submissions_draftpage", "draft_id"
                ),
                without("submissions_draft_version_id_72c050ce", "submissions_draft", "version_id"),
                without_like("submissions_draft_version_id_72c050ce_like"),
                without(
                    "submissions_milestone_submission_id_b709bc07",
                    "submissions_milestone",
                    "submission_id",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    "draftpage",
                    "draft",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="submissions.draft",
                    ),
                ),
                migrations.AlterField(
                    "draft",
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="definitions.version",
                    ),
                ),
                migrations.AlterField(
                    "milestone",
                    "submission",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="submissions.submission",
                    ),
                ),
            ],
        )
    ]
