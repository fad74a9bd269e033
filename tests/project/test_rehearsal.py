"""A rehearsal reaches nobody, touches nothing live, and says so on each page."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from tests.support.ears import Ear, inside
from tests.support.ports import free_port
from tests.support.serving import ROOT, eventually, serving
from tests.support.walker import Walker

from townhall.engine.library import NOT_SERVICES
from townhall.notify import standin_address
from townhall.project import serve
from townhall.project.databases import EMBEDDED, REHEARSED
from townhall.project.rehearsal import guard, store
from townhall.project.rehearsal.surroundings import FOLDER, surroundings
from townhall.submissions.references import read_reference
from townhall.submissions.sealing import KeyRing

SERVICES = ROOT / "services"
NOTICE = "Rehearsal: nothing is sent"
SECRET = "s3cret-that-nobody-may-see"


def run(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a module to its end."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, cwd=ROOT, check=False)


def townhall(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a sub-command to its end."""
    return run("townhall.project.cli", *arguments, env=env)


def bytes_of(folder: Path) -> dict[str, str]:
    """Every file of a data folder by its digest, but for what a rehearsal keeps beside them."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.relative_to(folder).parts[0] != FOLDER
    }


def live_services(folder: Path, ears: dict[str, Ear]) -> Path:
    """The repository's services, of a council that is no demonstration; its far ends listen."""
    folder.mkdir()
    for file in SERVICES.glob("*.yaml"):
        text = file.read_text()
        if file.name == "council.yaml":
            text = text.replace("demonstration: true", "demonstration: false")
            text = text.replace("http://127.0.0.1:8026", f"http://{inside()}:{ears['hook'].port}")
            assert "demonstration: false" in text
            assert str(ears["hook"].port) in text
        (folder / file.name).write_text(text)
    return folder


@pytest.fixture
def live(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A house with a live store, everything set to send, and far ends that hear all of it."""
    with ExitStack() as stack:
        ears = {name: stack.enter_context(Ear()) for name in ("mail", "notify", "hook", "data")}
        ears["proxy"] = stack.enter_context(Ear())
        proxy = f"http://127.0.0.1:{ears['proxy'].port}"
        plain = {name: text for name, text in os.environ.items() if "proxy" not in name.lower()}
        env = plain | {
            "DJANGO_SETTINGS_MODULE": "townhall.project.settings",
            "DATABASE_URL": "",
            "TOWNHALL_LIVE": "yes",
            "TOWNHALL_KEYS": KeyRingText.new(),
            "TOWNHALL_SMTP_HOST": "127.0.0.1",
            "TOWNHALL_SMTP_PORT": str(ears["mail"].port),
            "TOWNHALL_SMTP_SECURITY": "none",
            "TOWNHALL_MAIL_FROM": "no-reply@borough.example",
            "TOWNHALL_NOTIFY_URL": f"http://127.0.0.1:{ears['notify'].port}",
            "TOWNHALL_NOTIFY_KEY": "k" * 80,
            "TOWNHALL_WASTE_SECRET": SECRET,
            "TOWNHALL_COMPLAINTS_SECRET": SECRET,
        }
        data, services = tmp_path / "data", live_services(tmp_path / "services", ears)
        done = townhall("publish", str(services / "missed-bin.yaml"), "--data", str(data), env=env)
        assert done.returncode == 0, done.stderr
        env["DATABASE_URL"] = f"postgresql://live:{SECRET}@127.0.0.1:{ears['data'].port}/live"
        env |= dict.fromkeys(("http_proxy", "HTTPS_PROXY", "ALL_PROXY"), proxy)
        yield SimpleNamespace(env=env, data=data, services=services, ears=ears)


class KeyRingText:
    """A sealing key as the environment holds it."""

    @staticmethod
    def new() -> str:
        made = surroundings({}, Path())["TOWNHALL_KEYS"]
        return made.replace("rehearsal:", "live:", 1)


def rung(live: SimpleNamespace) -> dict[str, int]:
    """How often each far end was reached."""
    return {name: ear.rung for name, ear in live.ears.items() if ear.rung}


@pytest.mark.kill
@pytest.mark.timeout(600)
def test_with_live_destinations_a_walk_of_every_service_and_serving_reach_nobody(live) -> None:
    before = bytes_of(live.data)
    assert EMBEDDED in before
    walk_every_service(live)
    assert rung(live) == {}
    serve_and_send(live)
    assert rung(live) == {}
    assert bytes_of(live.data) == before
    # The far ends do hear: the same house, not rehearsing, rings each of them.
    env = live.env | {"TOWNHALL_SERVICES": str(live.services)}
    env |= {name: "" for name in env if "proxy" in name.lower()}
    heard = run("tests.support.reaching", str(live.ears["data"].port), inside(), env=env)
    assert heard.returncode == 0, heard.stderr
    # A webhook goes to no loopback address, rehearsal or not, so a machine with no other has none.
    hook = {"hook"} if inside() != "127.0.0.1" else set()
    assert set(rung(live)) == {"mail", "notify", "data", *hook}, heard.stdout


def walk_every_service(live: SimpleNamespace) -> None:
    environment = live.env | {"TOWNHALL_DATA": str(live.data)}
    done = townhall("walk", "--services", str(live.services), "--json", env=environment)
    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    walked = {one["service"]: one["examples"] for one in told["services"]}
    files = {file.stem for file in SERVICES.glob("*.yaml") if file.name not in NOT_SERVICES}
    assert set(walked) == files
    legs = [leg for legs in walked.values() for leg in legs]
    assert len(legs) >= 3 * len(files)
    sent = [leg for leg in legs if leg["reference"]]
    assert sent
    for leg in sent:
        assert leg["messages"] >= 1, leg
        assert read_reference(leg["reference"]) == leg["reference"]
        assert leg["reference"].startswith("TEST-")


def serve_and_send(live: SimpleNamespace) -> None:
    folder, tray = live.data / FOLDER, standin_address.folder(live.data / FOLDER)
    arguments = ("--rehearsal", "--services", str(live.services))
    with serving(live.data, *arguments, **live.env) as served:
        assert (folder / REHEARSED).is_file()
        for process in served.family():
            known = process.environ()
            assert SECRET not in str(known)
            assert not set(known) & {"DATABASE_URL", "TOWNHALL_LIVE", "TOWNHALL_SMTP_HOST"}
        walker = Walker(served.address).start("missed-bin")
        walker.walk(ANSWERS, "/check-answers").send({})
        assert NOTICE in walker.text
        assert read_reference(walker.reference).startswith("TEST-")
        assert {name.split("_")[0] for name in walker.client.cookies} == {"rehearsal"}
        eventually(lambda: list(tray.glob("mail/*.eml")) and list(tray.glob("webhooks/*.json")))
        every_page_says_so(served.address)
        eventually(lambda: "This is a rehearsal" in served.said.read_text())


ANSWERS = {
    "due": "recent",
    "bins": ["recycling"],
    "where-line1": "1 High Street",
    "where-town": "Elmbridge",
    "where-postcode": "EV1 1AA",
    "name": "Sam Sample",
    "email": "sam.sample@example.com",
}


def every_page_says_so(address: str) -> None:
    """Pages that nobody means to reach too: an error of each kind."""
    answers = [
        httpx.get(f"{address}{path}")
        for path in ("/", "/missed-bin", "/missed-bin/privacy", "/cookies", "/nowhere", "/leave")
    ]
    answers += [
        httpx.post(f"{address}/missed-bin", data={"a": "b"}),
        httpx.delete(f"{address}/"),
        httpx.get(address, headers={"Host": "elsewhere.example"}),
    ]
    assert {one.status_code for one in answers} == {200, 404, 403, 405, 400}
    for one in answers:
        assert NOTICE in one.text, one.url
        assert '<meta name="robots" content="noindex' in one.text, one.url
    assert "rehearsal_draft_" in answers[3].text
    welsh = httpx.get(f"{address}/nowhere", cookies={"rehearsal_language": "cy"}).text
    assert NOTICE in welsh


def test_no_way_that_python_knows_leads_out_of_a_rehearsal(tmp_path: Path) -> None:
    with Ear() as ear:
        live = os.environ | {"DJANGO_SETTINGS_MODULE": "townhall.project.settings"}
        env = surroundings(live, tmp_path) | {"TOWNHALL_LOG_LEVEL": "ERROR"}
        done = run("tests.support.reaching", str(ear.port), inside(), env=env)
        tried = json.loads(done.stdout)
        assert "reached" not in tried.values(), tried
        assert tried.pop("mail") == tried.pop("notify") == tried.pop("webhook") == "TryAgain"
        indirect = {tried.pop("httpx"), tried.pop("requests"), tried.pop("urllib")}
        assert indirect == {"ConnectError", "ConnectionError", "URLError"}
        assert set(tried.values()) == {"RefusedInRehearsal"}, tried
        assert ear.rung == 0
        assert "refused to reach out" in done.stderr


DOORS = {("127.0.0.1", 25)}


@pytest.mark.parametrize(
    ("event", "arguments", "outside"),
    [
        ("socket.connect", (None, ("127.0.0.1", 25)), False),
        ("socket.connect", (None, ("127.0.0.1", 26)), True),
        ("socket.connect", (None, ("192.0.2.1", 25)), True),
        ("socket.connect", (None, ("127.0.0.1", 25, 0, 0)), False),
        ("socket.connect", (None, "/run/postgresql/.s.PGSQL.5432"), True),
        ("socket.sendto", (None, ("192.0.2.1", 53)), True),
        ("socket.sendmsg", (None, None), False),
        ("socket.getaddrinfo", ("mail.borough.example", 25), True),
        ("socket.getaddrinfo", ("localhost", 25), False),
        ("socket.getaddrinfo", ("192.0.2.1", 25), False),
        ("socket.gethostbyname", ("mail.borough.example",), True),
        ("socket.gethostbyaddr", ("192.0.2.1",), True),
        ("socket.gethostbyaddr", ("127.0.0.1",), False),
        ("open", ("mail.borough.example",), False),
    ],
)
def test_what_is_a_step_outside(event: str, arguments: tuple[object, ...], outside: bool) -> None:
    assert guard.is_outside(event, arguments, DOORS) is outside


def test_a_rehearsal_is_told_nothing_live(tmp_path: Path) -> None:
    live = {
        "PATH": "/bin",
        "DATABASE_URL": "postgresql://live",
        "PGPASSWORD": SECRET,
        "PROMETHEUS_MULTIPROC_DIR": "counts",
        "https_proxy": "http://proxy.example",
        "NO_PROXY": "localhost",
        "TOWNHALL_LIVE": "yes",
        "TOWNHALL_KEYS": "live:x",
        "TOWNHALL_ANY_SECRET_OF_A_DESTINATION": SECRET,
        "TOWNHALL_HOSTS": "forms.example",
        "TOWNHALL_SERVICES": "services",
    }
    given = surroundings(live, tmp_path)
    kept = {"PATH", "TOWNHALL_HOSTS", "TOWNHALL_SERVICES"}
    assert set(given) == kept | {
        *("TOWNHALL_REHEARSAL", "TOWNHALL_DATA", "TOWNHALL_KEYS", "TOWNHALL_SECRET_KEY")
    }
    assert {name: given[name] for name in kept} == {name: live[name] for name in kept}
    assert KeyRing.read(given["TOWNHALL_KEYS"]).safe
    assert given["TOWNHALL_KEYS"] != surroundings(live, tmp_path)["TOWNHALL_KEYS"]


def test_a_second_rehearsal_in_a_folder_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch, capsys, settings
) -> None:
    settings.REHEARSAL = True
    monkeypatch.setattr(store, "begin_afresh", lambda folder: False)
    options = SimpleNamespace(host="127.0.0.1", port=free_port(), data=tmp_path)
    assert serve.serve(options) == 1
    said = capsys.readouterr().err
    assert f"another rehearsal is kept in {tmp_path}; say another folder with --data" in said


def test_beginning_afresh_takes_away_only_what_a_rehearsal_made(tmp_path: Path) -> None:
    mine = {"rehearsal.sqlite3", "rehearsal.sqlite3-wal", "stand-in"}
    for name in (*mine - {"stand-in"}, EMBEDDED, "notes.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "stand-in" / "mail").mkdir(parents=True)
    assert store.begin_afresh(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {EMBEDDED, "notes.txt", store.LOCK}
    assert not store.begin_afresh(tmp_path)
    store._held.pop().close()
