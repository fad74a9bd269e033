"""Publishing: immutable versions, no faults, and no guess about a renamed option."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.support.definitions import page, radios
from tests.support.records import AT, TODAY, definition, put_live

from townhall.audit.models import Entry
from townhall.definitions import queries
from townhall.definitions.actions import (
    Candidate,
    Faulty,
    MustSay,
    NotReviewed,
    Overtaken,
    UnknownService,
    Unsafe,
    publish,
    take_place,
    withdraw,
)
from townhall.definitions.models import Decision, Immutable, Service, Version
from townhall.definitions.queries import Status
from townhall.engine.faults import Fault, Place
from townhall.engine.load import canonical, version_of

pytestmark = pytest.mark.django_db

SLUG = "a-service"
DAY = timedelta(days=1)


def attempt(made=None, **more):
    return publish(Candidate(made or definition(), text="Words.", **more), by="ann", at=AT)


def pests(*options):
    return definition(pages=[page("p", radios("pest", *options))], deliver=[], acknowledge=None)


def status(at=AT):
    return queries.live(SLUG, at).status


def test_a_version_is_the_canonical_bytes_and_their_hash():
    form = put_live()
    version = Version.objects.get()
    assert bytes(version.canonical) == canonical(definition())
    assert (version.hash, version.text, version.published_by) == (
        form.version,
        "In plain words.",
        "ann",
    )
    assert form.definition == definition()


def test_publishing_the_same_again_does_nothing():
    assert attempt()
    assert not attempt()
    assert (Version.objects.count(), Decision.objects.count()) == (1, 1)


def test_an_older_version_can_come_back():
    for title in ("One", "Two", "One"):
        assert attempt(definition(title=title))
    assert queries.live(SLUG, AT).form.definition.title == "One"
    assert len(queries.versions(SLUG)) == 2


def test_a_version_can_not_be_changed():
    put_live()
    with pytest.raises(Immutable):
        Version.objects.update(text="")
    with pytest.raises(Immutable):
        Version.objects.all().delete()
    for table in ("version", "decision"):
        sql = f"UPDATE definitions_{table} SET service = 'x'"
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def stored(bytes_, hash):
    """Put a version into the table as it is."""
    Version.objects.create(
        hash=hash, service=SLUG, canonical=bytes_, text="", published_at=AT, published_by="ann"
    )


def test_a_version_goes_by_its_hash_whatever_a_later_release_would_write():
    older = canonical(definition(title="Older")).replace(b'"townhall":1', b'"townhall": 1')
    hash = version_of(older)
    stored(older, hash)
    assert queries.version_form(hash).version == hash


def test_a_version_whose_bytes_are_others_is_never_used():
    stored(canonical(definition(title="Swapped")), "f" * 64)
    with pytest.raises(queries.ChangedVersion):
        queries.version_form("f" * 64)


def test_faults_stop_it_and_notes_do_not():
    fault = Fault("code", "Wrong.", "Right it.", Place("x.yaml"))
    with pytest.raises(Faulty, match="Wrong"):
        attempt(faults=(fault,))
    assert not Version.objects.exists()
    assert attempt(faults=(Fault("code", "Hm.", "", Place("x.yaml"), "note"),))


def test_an_unreviewed_import_goes_live_in_a_demonstration_only():
    made = definition(reviewed=False)
    with pytest.raises(NotReviewed):
        attempt(made)
    assert publish(Candidate(made, text=""), by="ann", at=AT, demonstration=True)


def test_of_two_who_publish_together_one_is_told():
    assert attempt(definition(title="One"), over=None)
    with pytest.raises(Overtaken):
        attempt(definition(title="Two"), over=None)
    assert attempt(definition(title="Two"), over=queries.live(SLUG, AT).form.version)


def test_new_words_without_an_id_are_asked_about():
    attempt(pests("Rats", "Wasps"))
    made = frozenset({("pest", "Rats"), ("pest", "Wasps and bees")})
    with pytest.raises(MustSay) as caught:
        attempt(pests("Rats", "Wasps and bees"), made_ids=made)
    assert "{id: wasps, say: Wasps and bees}" in str(caught.value)
    assert "--new pest.wasps-and-bees" in str(caught.value)
    assert attempt(
        pests("Rats", "Wasps and bees"), made_ids=made, new_options=["pest.wasps-and-bees"]
    )


def test_a_rename_by_its_id_and_a_mere_addition_are_not_asked_about():
    attempt(pests("Rats", "Wasps"))
    assert attempt(pests("Rats", {"id": "wasps", "say": "Wasps and bees"}))
    words = frozenset({("pest", "Rats"), ("pest", "Moles")})
    assert attempt(pests("Rats", {"id": "wasps", "say": "Wasps"}, "Moles"), made_ids=words)


# Open, closed, full, withdrawn


def test_opens_and_closes_by_the_day_in_london():
    put_live(definition(available={"from": "2026-07-01", "to": "2026-07-02"}))
    assert status(datetime(2026, 6, 30, 22, 59, tzinfo=UTC)) is Status.NOT_YET
    assert status(datetime(2026, 6, 30, 23, 0, tzinfo=UTC)) is Status.OPEN
    assert status(datetime(2026, 7, 2, 22, 59, tzinfo=UTC)) is Status.OPEN
    assert status(datetime(2026, 7, 2, 23, 0, tzinfo=UTC)) is Status.CLOSED


def takes_place():
    return take_place(SLUG, queries.live(SLUG, AT).form.version) is not None


def test_counts_to_its_limit_and_no_further():
    put_live(definition(available={"limit": 2}))
    assert [takes_place() for _ in range(4)] == [True, True, False, False]
    assert status() is Status.FULL
    attempt(definition(available={"limit": 3}))
    assert [takes_place() for _ in range(2)] == [True, False]


def test_the_count_begins_again_with_a_new_opening_date():
    put_live(definition(available={"from": "2026-01-01", "limit": 1}))
    assert takes_place()
    attempt(definition(available={"from": TODAY.isoformat(), "limit": 1}))
    assert takes_place()


def test_withdrawn_is_not_listed_and_can_come_back():
    form = put_live()
    assert [one.slug for one in queries.published(AT)] == [SLUG]
    withdraw(SLUG, by="ann", at=AT, reason="Review")
    assert status() is Status.WITHDRAWN
    assert queries.published(AT) == []
    assert queries.stopped(form.version) is None
    assert queries.live_text(SLUG) is None
    assert attempt()
    assert status() is Status.OPEN


def test_withdraw_now_stops_every_version_for_good():
    old, new = put_live(definition(title="Old")), put_live()
    assert withdraw(SLUG, by="ann", at=AT, reason="Unsafe.", now=True) == 2
    assert withdraw(SLUG, by="ann", at=AT, reason="Unsafe.", now=True) == 0
    for form in (old, new):
        assert queries.stopped(form.version).reason == "Unsafe."
    with pytest.raises(Unsafe):
        attempt()
    safe = put_live(definition(title="Safe again"))
    assert queries.stopped(safe.version) is None


def test_withdrawing_now_after_withdrawing_still_stops_drafts():
    form = put_live()
    withdraw(SLUG, by="ann", at=AT)
    assert withdraw(SLUG, by="ann", at=AT, now=True, reason="Unsafe.") == 1
    assert queries.stopped(form.version)


def test_what_is_not_there_is_said():
    with pytest.raises(UnknownService):
        withdraw("nothing", by="ann", at=AT)
    with pytest.raises(queries.UnknownVersion):
        queries.version_form("0" * 64)
    assert queries.live("nothing", AT) is None
    assert take_place("nothing", "0" * 64) is None
    assert queries.standing("nothing", "0" * 64) is None


def test_each_is_audited():
    put_live()
    withdraw(SLUG, by="bob", at=AT + DAY, reason="Review")
    found = list(Entry.objects.order_by("number").values_list("who", "what", "reason"))
    assert found == [("ann", "publish", ""), ("bob", "withdraw", "Review")]
    assert Service.objects.get().withdrawn
