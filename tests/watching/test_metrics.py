"""Who may read the metrics, and what they say of the records."""

import uuid
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from django.db import transaction
from django.test import Client, RequestFactory
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.parser import text_string_to_metric_families

from townhall.outbox import actions, beats, claims
from townhall.outbox.models import Delivery
from townhall.project import counts, metrics, networks, secrets
from townhall.project.clock import now
from townhall.retention import actions as retention

TOKEN = "t" * 24


@pytest.fixture(autouse=True)
def nobody_named_yet(monkeypatch):
    """The names that labels may have are a process's own, and one test here fills them all."""
    monkeypatch.setattr(counts, "services", counts.Bounded(counts.MOST_SERVICES))
    monkeypatch.setattr(counts, "_destinations", counts.Bounded(counts.MOST_DESTINATIONS))
    monkeypatch.setattr(counts, "_outcomes", counts.Bounded(counts.MOST_OUTCOMES))


def asked(remote="127.0.0.1", **headers):
    request = RequestFactory().get("/metrics", headers=headers)
    request.META["REMOTE_ADDR"] = remote
    return request


@pytest.mark.parametrize(
    ("remote", "headers", "may"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("::ffff:127.0.0.1", {}, True),
        ("10.1.2.3", {}, True),
        ("10.2.0.1", {}, False),
        ("203.0.113.9", {}, False),
        ("", {}, False),
        ("nonsense", {}, False),
        # What came through a proxy on this machine comes from this machine, and from anybody.
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, False),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, False),
        ("127.0.0.1", {"Via": "1.1 proxy"}, False),
        ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}, False),
        ("203.0.113.9", {"Authorization": f"Bearer {TOKEN}"}, True),
        ("203.0.113.9", {"Authorization": f"Bearer {TOKEN}", "Via": "1.1 proxy"}, True),
        ("203.0.113.9", {"Authorization": f"Bearer {TOKEN}x"}, False),
        ("203.0.113.9", {"Authorization": f"Basic {TOKEN}"}, False),
        ("203.0.113.9", {"Authorization": "Bearer "}, False),
    ],
)
def test_who_may_read_them(remote, headers, may, settings):
    given = {"X": "127.0.0.0/8, ::1 10.1.0.0/16"}
    settings.METRICS_ALLOW = networks.read("X", given)
    settings.METRICS_TOKEN = TOKEN
    assert metrics.may_read(asked(remote, **headers)) is may


@pytest.mark.parametrize("given", ["", "Bearer "])
def test_without_a_token_none_is_right(given, settings):
    settings.METRICS_TOKEN = ""
    assert not metrics.may_read(asked("203.0.113.9", Authorization=given))


def test_a_token_that_could_be_guessed_is_refused():
    with pytest.raises(ValueError, match="X needs 20"):
        secrets.token("X", {"X": "short"})
    assert secrets.token("X", {}) == ""


@pytest.mark.parametrize("words", ["10.0.0.0/99", "everyone", "10.0.0.1/8"])
def test_what_is_no_network_is_refused(words):
    with pytest.raises(ValueError, match="X is a list of networks"):
        networks.read("X", {"X": words})


def test_to_anyone_else_the_address_is_like_any_other(house):
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    other = stranger.get("/nothing-here")
    refused = stranger.get("/metrics")
    assert refused.status_code == other.status_code == 404
    assert refused.headers["Content-Type"] == other.headers["Content-Type"]
    assert b"townhall_" not in refused.content
    assert Client().post("/metrics").status_code == 404


@pytest.mark.django_db
def test_it_is_read_by_prometheus(series):
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    families = list(text_string_to_metric_families(answer.content.decode()))
    assert len({family.name for family in families}) == len(families) >= 13
    assert all(family.documentation for family in families)
    assert ("townhall_database_up",) in series()
    [build] = [one for one in series() if one[0] == "townhall_build_info"]
    assert dict(build[1:]).keys() == {"version", "python", "database"}


@pytest.mark.django_db
def test_the_outbox_as_it_stands(series):
    at = now()
    with transaction.atomic():
        actions.add("e", uuid.uuid4(), ["acknowledge"], at=at - timedelta(hours=3))
        for subscriber in ("deliver:pests-inbox", "deliver:ann@borough.example", "tell:owner-x"):
            actions.add("submission.received", uuid.uuid4(), [subscriber], at=at)
    Delivery.objects.filter(subscriber__startswith="tell").update(state="dead")
    held = [claims.claim(at=at).delivery.subscriber for _ in range(2)]
    assert held == ["acknowledge", "deliver:pests-inbox"]
    found = series()
    name = "townhall_outbox_deliveries"
    assert found[name, ("destination", "pests-inbox"), ("state", "leased")] == 1
    assert found[name, ("destination", "literal"), ("state", "waiting")] == 1
    assert found[name, ("destination", "tell"), ("state", "dead")] == 1
    assert found["townhall_dead_letters",] == 1
    assert 10_800 <= found["townhall_oldest_undelivered_seconds",] < 10_900
    assert "borough" not in repr(found)


@pytest.mark.django_db(transaction=True)
def test_workers_and_retention_as_they_stand(series):
    found = series()
    assert found["townhall_workers",] == 0
    assert found["townhall_worker_heartbeat_timestamp_seconds",] == 0
    assert found["townhall_retention_last_run_timestamp_seconds",] == 0
    at, old = now(), datetime(2026, 1, 1, tzinfo=UTC)
    one, two, gone = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    beats.beat(gone, name="m:1", release="1", at=old)
    for _ in range(2):
        beats.beat(one, name="m:2", release="1", at=at)
        beats.beat(two, name="m:3", release="1", at=at - timedelta(seconds=30))
    retention.run([], at=at)
    retention.run([], at=at)
    found = series()
    assert found["townhall_workers",] == 2
    assert found["townhall_worker_heartbeat_timestamp_seconds",] == pytest.approx(at.timestamp())
    assert found["townhall_retention_last_run_timestamp_seconds",] == pytest.approx(at.timestamp())
    assert found["townhall_retention_overdue",] == 0
    beats.leave(one)
    assert series()["townhall_workers",] == 1


def written(folder, monkeypatch, count):
    """What a process writes that counts in this folder (None: by itself), in the text form."""
    kind = values.MutexValue
    if folder is not None:
        monkeypatch.setenv(counts.FOLDER, str(folder))
        kind = values.MultiProcessValue(lambda: "0")
    monkeypatch.setattr(values, "ValueClass", kind)
    of = CollectorRegistry()
    labels = ("service", "page", "method", "status")
    made = Counter("made", "-", labels, registry=of)
    took = Histogram("took", "-", labels[1:3], buckets=counts.SECONDS, registry=of)
    monkeypatch.setattr(counts, "REQUESTS", made)
    monkeypatch.setattr(counts, "SECONDS_TAKEN", took)
    monkeypatch.setattr(counts, "REGISTRY", of)
    for seconds in (0.0, 0.001, 0.0011, 0.3, 2.5, 10.0, 11.5):
        count("step", seconds)
    for number in range(60):  # so many that the file of histograms grows
        count(f"page-{number}", 0.1)
    count("step", 0.25)
    return generate_latest(counts.gathered()).decode()


def by_ours():
    kept = cache(lambda page: counts.series("a", page, "GET", 2))
    return lambda page, seconds: counts.request(kept(page), seconds)


def by_the_librarys():
    def count(page, seconds):
        counts.REQUESTS.labels("a", page, "GET", "2xx").inc()
        counts.SECONDS_TAKEN.labels(page, "GET").observe(seconds)

    return count


def test_a_request_is_counted_as_the_library_counts(tmp_path, monkeypatch):
    said = []
    for count in (by_ours, by_the_librarys):
        folder = tmp_path / count.__name__
        folder.mkdir()
        said.append(written(folder, monkeypatch, count()))
        monkeypatch.delenv(counts.FOLDER)
        said.append(written(None, monkeypatch, count()))
    assert said[:2] == said[2:]
    assert all(file.stat().st_size > 65_536 for file in tmp_path.glob("*/histogram*.db"))
    for text in said:
        assert 'made_total{method="GET",page="step",service="a",status="2xx"} 8.0' in text
        assert 'took_bucket{le="2.5",method="GET",page="step"} 6.0' in text


def test_tries_are_counted_by_where_they_went_and_how_they_ended(series, db):
    label = (("destination", "pests-inbox"), ("outcome", "http_503"))
    before = series().get(("townhall_delivery_tries_total", *label), 0)
    counts.tried("deliver:pests-inbox", "http_503")
    counts.tried("deliver:pests-inbox", "http_503")
    assert series()["townhall_delivery_tries_total", *label] - before == 2


def test_a_far_end_cannot_grow_the_series(series, db):
    for code in range(100, 999):
        counts.tried("deliver:a", f"http_{code}")
        counts.tried(f"deliver:d{code}", "done")
    tries = [one for one in series() if one[0] == "townhall_delivery_tries_total"]
    assert len(tries) <= 2 * (counts.MOST_DESTINATIONS + counts.MOST_OUTCOMES)
