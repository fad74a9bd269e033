"""Neighbouring releases run side by side during an upgrade, so migrations only add."""

import json

import pytest
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.upgrade.additive import Column, in_the_way, refused
from tests.upgrade.loading import RELEASES, engine, releases


def newer_than(release):
    """The migrations of today that the release did not have."""
    captured = json.loads((RELEASES / release / engine() / "captured.json").read_text())
    held = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    ours = {f"{app}.{name}": one for (app, name), one in held.items()}
    gone = set(captured["migrations"]) - set(ours)
    assert not gone, f"a migration that was released is never removed or renamed: {gone}"
    return [one for name, one in sorted(ours.items()) if name not in captured["migrations"]]


def test_migrations_since_the_last_release_take_nothing_away():
    assert refused(newer_than(releases()[-1])) == []


@pytest.mark.django_db
def test_migrations_say_what_the_models_do():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def migration(*operations):
    made = migrations.Migration("0009_test", "submissions")
    made.operations = list(operations)
    return made


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("draft", "tries"),
        migrations.RenameField("draft", "tries", "goes"),
        migrations.RenameModel("Draft", "Started"),
        migrations.DeleteModel("Draft"),
        migrations.AlterModelTable("Draft", "started"),
        migrations.AddField("draft", "more", models.IntegerField(default=0)),
        migrations.AddConstraint(
            "draft", models.UniqueConstraint(fields=["service"], name="one_each")
        ),
        migrations.RunSQL("ALTER TABLE submissions_draft DROP COLUMN tries"),
        migrations.RunSQL("alter table submissions_draft rename to started"),
    ],
    ids=lambda operation: getattr(operation, "sql", operation.describe()),
)
def test_what_would_break_the_release_before_is_refused(operation):
    assert len(refused([migration(operation)])) == 1


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("draft", "more", models.IntegerField(null=True)),
        migrations.AddField("draft", "extra", models.IntegerField(db_default=0)),
        migrations.AddIndex("draft", models.Index(fields=["started_at"], name="draft_started")),
        migrations.RunSQL("DROP INDEX draft_version"),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_only_adds_is_not(operation):
    assert refused([migration(operation)]) == []


def test_a_table_of_the_same_release_may_be_shaped_as_it_likes():
    new = migrations.CreateModel("Beat", [("id", models.BigAutoField(primary_key=True))])
    later = migrations.AddField("beat", "name", models.CharField(max_length=9))
    assert refused([migration(new, later)]) == []


def test_tables_are_compared_column_by_column():
    number, words = Column("integer", omissible=False), Column("text", omissible=True)
    before = {"draft": {"id": number, "note": words}}
    assert in_the_way(before, {**before, "beat": {"id": number}}) == []
    assert in_the_way(before, {"draft": {**before["draft"], "more": words}}) == []
    assert in_the_way(before, {"draft": {"id": number, "note": number}}) == [
        "draft.note is gone or another"
    ]
    assert in_the_way(before, {"draft": {**before["draft"], "more": number}}) == [
        "draft.more has to be written"
    ]
    assert len(in_the_way(before, {})) == 2
