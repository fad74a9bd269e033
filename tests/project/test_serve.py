"""`serve` as processes: it starts, mends itself, and leaves nothing behind."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import threading
from datetime import date

import httpx
import pytest
from tests.proof.test_commands import run
from tests.proof.test_new import PATTERNS
from tests.support.house import SERVICES
from tests.support.own_database import empty_database
from tests.support.ports import free_port
from tests.support.serving import eventually, serving
from tests.support.walker import Walker

from townhall.engine.form import compile_form
from townhall.engine.kinds.base import Context
from townhall.engine.library import Library
from townhall.engine.load import load_service
from townhall.project import preparation, readiness, serve, web, worker
from townhall.submissions import openable
from townhall.submissions.sealing import write_key

pytestmark = pytest.mark.kill


@pytest.fixture
def database():
    """The environment of a new database, on the engine that the run is for."""
    with empty_database() as address:
        yield {"DATABASE_URL": address}


def gone(processes):
    return not [one for one in processes if one.is_running() and one.status() != "zombie"]


def test_it_serves_mends_itself_and_takes_everything_with_it(tmp_path, database):
    """One server for several behaviours, because starting one takes seconds."""
    with serving(tmp_path / "data", **database) as served:
        page = httpx.get(served.address).text
        for slug in ("missed-bin", "library-volunteering", "compliments-and-complaints"):
            assert f'href="/{slug}"' in page
        eventually(lambda: f"serving at {served.address}/" in served.said.read_text())
        assert served.said.read_text().startswith("Starting…")

        # [95] Headers of any length are refused before they reach us, and pages are still served.
        flood = {"X-Long": "x" * 200_000}
        assert 400 <= httpx.get(served.address, headers=flood).status_code < 500
        assert served.answers()

        groups = {os.getpgid(child.pid) for child in served.family()}
        assert os.getpgid(served.process.pid) not in groups

        worker = served.child("worker")
        worker.kill()
        eventually(lambda: served.child("worker") not in (None, worker))

        web = served.child("townhall.project.web")
        below = web.children(recursive=True)
        assert below
        web.kill()
        eventually(lambda: gone(below), patience=10)
        eventually(served.answers)

        family = served.family()
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(30) == 0
        assert gone(family)


def withdrawn_service(data, services, database):
    """Publish a service and withdraw it; gives its file's text."""
    text = (services / "missed-bin.yaml").read_text().replace(": missed-bin", ": gone", 1)
    file = services / "gone.yaml"
    file.write_text(text)
    for act in (("publish", str(file)), ("withdraw", "gone")):
        command = [sys.executable, "-m", "townhall.project.cli", *act, "--data", str(data)]
        done = subprocess.run(command, env=os.environ | database, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    return text


def test_two_on_one_data_folder_both_serve_and_one_killed_outright_leaves_no_orphan(
    tmp_path, database
):
    with (
        serving(tmp_path / "data", wait=False, **database) as one,
        serving(tmp_path / "data", wait=False, **database) as other,
    ):
        one.wait_until_up()
        other.wait_until_up()
        family = one.family()
        assert len(family) >= 3
        one.process.kill()
        one.process.wait()
        eventually(lambda: gone(family), patience=10)
        assert httpx.get(f"{other.address}/missed-bin").status_code == 200


def test_a_service_that_is_refused_says_why_and_the_others_are_served(tmp_path, database):
    services = tmp_path / "services"
    services.mkdir()
    for name in ("council.yaml", "fees.yaml", "missed-bin.yaml"):
        (services / name).write_text((serve.settings.DEMONSTRATION / name).read_text())
    (services / "broken.yaml").write_text("townhall: 1\nservice: broken\ntitle: Broken\n")
    (services / "gone.yaml").write_text(withdrawn_service(tmp_path / "data", services, database))
    with serving(tmp_path / "data", f"--services={services}", "--no-worker", **database) as served:
        assert httpx.get(f"{served.address}/missed-bin").status_code == 200
        assert "no longer available" in httpx.get(f"{served.address}/gone").text
        eventually(lambda: "is run: gone" in served.said.read_text())
        assert httpx.get(f"{served.address}/broken").status_code == 404
        assert "broken.yaml: not published" in served.said.read_text()
        assert served.child("worker") is None
        assert "townhall worker" in served.said.read_text()


def test_two_files_of_one_service_publish_nothing_and_what_was_live_is_served(tmp_path, database):
    services = tmp_path / "services"
    services.mkdir()
    for name in ("council.yaml", "fees.yaml", "missed-bin.yaml"):
        (services / name).write_text((serve.settings.DEMONSTRATION / name).read_text())
    with serving(tmp_path / "data", f"--services={services}", "--no-worker", **database):
        pass
    again = (services / "missed-bin.yaml").read_text().replace("\ntitle: ", "\ntitle: Zz ", 1)
    (services / "zz.yaml").write_text(again)
    with serving(tmp_path / "data", f"--services={services}", "--no-worker", **database) as served:
        page = httpx.get(f"{served.address}/missed-bin")
        assert (page.status_code, "Zz " in page.text) == (200, False)
        said = served.said.read_text()
        assert f"{services / 'zz.yaml'}:" in said
        assert ": duplicate-service: " in said
        assert f"{services / 'missed-bin.yaml'}:" in said


def test_a_folder_without_a_council_is_refused_with_what_to_do(tmp_path, database):
    (tmp_path / "empty").mkdir()
    with serving(
        tmp_path / "d", f"--services={tmp_path / 'empty'}", wait=False, **database
    ) as served:
        assert served.process.wait(60) == 1
        assert "council.yaml" in served.said.read_text()
        assert "Traceback" not in served.said.read_text()


def test_a_port_in_use_is_refused_with_what_to_do(monkeypatch):
    port = free_port()
    monkeypatch.setattr(serve, "_is_free", lambda host, port: False)
    assert serve.refusals("127.0.0.1", port) == [
        f"port {port} is in use; choose another with --port."
    ]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "forms.example"])
def test_beyond_loopback_missing_keys_are_refused(host, monkeypatch):
    for name in ("TOWNHALL_HOSTS", "TOWNHALL_SECRET_KEY", "TOWNHALL_KEYS"):
        monkeypatch.delenv(name, raising=False)
    [reason] = serve.refusals(host, free_port())
    assert "TOWNHALL_HOSTS, TOWNHALL_SECRET_KEY, TOWNHALL_KEYS" in reason


def test_the_demonstration_is_not_served_to_others_by_leaving_its_folder_out(monkeypatch):
    monkeypatch.delenv("TOWNHALL_SERVICES", raising=False)
    monkeypatch.setattr(serve.settings, "BEYOND_LOOPBACK", True)
    [reason] = serve.refusals("127.0.0.1", free_port())
    assert "--services" in reason
    monkeypatch.setenv("TOWNHALL_SERVICES", str(serve.settings.DEMONSTRATION))
    assert serve.refusals("127.0.0.1", free_port()) == []


KEYS = {"TOWNHALL_SECRET_KEY": "s" * 60, "TOWNHALL_KEYS": write_key("2026a")}
FOLDER = {"TOWNHALL_SERVICES": "services"}


@pytest.mark.parametrize(
    ("host", "given", "said"),
    [
        ("0.0.0.0", {}, "TOWNHALL_HOSTS, TOWNHALL_SECRET_KEY, TOWNHALL_KEYS"),
        ("127.0.0.1", {"TOWNHALL_HOSTS": "a.example"}, "TOWNHALL_SECRET_KEY and TOWNHALL_KEYS"),
        ("127.0.0.1", {"TOWNHALL_HOSTS": "a.example", **KEYS}, "--services"),
        ("127.0.0.1", {"TOWNHALL_KEYS": "nonsense"}, "TOWNHALL_KEYS"),
        ("0.0.0.0", {"TOWNHALL_HOSTS": "a.example", **KEYS, **FOLDER}, ""),
        ("127.0.0.1", {}, ""),
    ],
)
def test_the_web_process_by_itself_refuses_what_serve_does(monkeypatch, host, given, said):
    for name in ("TOWNHALL_HOSTS", *KEYS, *FOLDER):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    begun = []
    monkeypatch.setattr(web.lifeline, "follow_parent", lambda: None)
    monkeypatch.setattr(web.os, "environ", dict(os.environ))
    monkeypatch.setattr(web, "_serve", lambda *place: begun.append(place))
    if said:
        with pytest.raises(SystemExit, match=f"web: .*{said}"):
            web.run(host, 8000)
    else:
        web.run(host, 8000)
    assert begun == ([] if said else [(host, 8000)])


def test_a_refusal_is_told_on_standard_error_and_by_the_exit_code(tmp_path, capsys):
    options = argparse.Namespace(host="0.0.0.0", port=free_port(), data=tmp_path)
    assert serve.serve(options) == 1
    assert "TOWNHALL_KEYS" in capsys.readouterr().err


def test_it_says_so_only_when_it_answers_and_what_somebody_has_to_mend(
    tmp_path, monkeypatch, capsys
):
    answered = threading.Event()
    monkeypatch.setattr(preparation, "prepare", lambda data, **_: ["a-pest"])
    looked = openable.Looked(absent=("2026a",))
    monkeypatch.setattr(preparation.openable, "look", lambda: looked)
    monkeypatch.setattr(preparation, "missing_prices", lambda at: ["no price"])
    monkeypatch.setattr(readiness, "wait_for_an_answer", lambda *given: answered.wait(10))
    monkeypatch.setattr(serve, "keep_running", lambda children, patience: None)
    monkeypatch.setattr(serve.os, "environ", dict(os.environ))
    port = free_port()
    options = argparse.Namespace(
        host="127.0.0.1", port=port, data=tmp_path, at=None, no_worker=True, no_publish=False
    )
    before = set(threading.enumerate())
    assert serve.serve(options) == 0
    first = capsys.readouterr()
    assert first.out == "Starting…\n"
    assert "“2026a”, and TOWNHALL_KEYS does not hold it" in first.err
    assert "serve: warning: no price\n" in first.err
    answered.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    then = capsys.readouterr().out
    assert f"serving at http://127.0.0.1:{port}/" in then
    assert "until `townhall publish` is run: a-pest" in then


def test_nobody_serves_or_delivers_with_another_key_by_a_known_name(tmp_path, monkeypatch, capsys):
    looked = openable.Looked(records=1, other=("2026a",), useless=("2026a",))
    monkeypatch.setattr(preparation.openable, "look", lambda: looked)
    monkeypatch.setattr(preparation, "bring_up_to_date", lambda data: None)
    monkeypatch.setattr(preparation, "publish_file", None)
    assert preparation.prepare(tmp_path, at=None) is None
    assert worker.worker(argparse.Namespace(until_idle=True)) == 1
    served, worked = capsys.readouterr().err.splitlines()
    assert served.startswith("serve: TOWNHALL_KEYS holds another key as “2026a”")
    assert worked.startswith("worker: TOWNHALL_KEYS holds another key as “2026a”")


def test_nobody_answers_where_nobody_listens():
    assert not readiness.answers("0.0.0.0", free_port(), "localhost")


@pytest.mark.parametrize(
    ("names", "ours"),
    [(["forms.example"], "forms.example"), ([".b.example"], "x.b.example"), (["*"], "localhost")],
)
def test_it_asks_by_a_name_that_is_not_refused(names, ours):
    assert readiness.a_name_of_ours(names) == ours


def test_what_new_writes_is_served_as_it_stands_and_walked_to_its_end(tmp_path, database):
    """A newcomer's first minutes: new, check, serve, and a journey of each."""
    for name in ("council.yaml", "fees.yaml"):
        shutil.copy(SERVICES / name, tmp_path)
    for pattern in PATTERNS:
        assert run("new", pattern, f"a-{pattern}", "--to", tmp_path) == 0
    assert run("check", tmp_path) == 0
    shelf = Library.shipped().with_folder(tmp_path)
    with serving(tmp_path / "data", "--services", str(tmp_path), **database) as served:
        for pattern in PATTERNS:
            form = compile_form(load_service(tmp_path / f"a-{pattern}.yaml", shelf).definition)
            walker = Walker(served.address).start(f"a-{pattern}")
            walker.walk(answers_of(form, form.definition.examples[0]), "/confirmation")
            assert walker.page.select_one("#reference").text
            assert "Demonstration" in walker.page.text


def answers_of(form, example):
    """Give what goes into every box: the example's answers, and a sample for what it leaves out."""
    filled = {}
    for question in form.questions.values():
        kind, given = form.kind(question), example.answers.get(question.id)
        if given is not None:
            filled |= kind.as_posted(question, given)
        elif question.required:
            sample = kind.sample(question, Context(date(2026, 12, 1)))
            filled |= kind.refill(question, sample)
    return filled
