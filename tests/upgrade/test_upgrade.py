"""An upgrade from each earlier release, with drafts in flight: nothing is lost, nothing changed."""

import getpass
import hashlib
import json
import os
from pathlib import Path

import pytest

from tests.fakes.http import Server
from tests.fakes.webhook import Receiver
from tests.support import postgres
from tests.support.own_database import empty_database, run
from tests.support.serving import eventually, serving
from tests.support.walker import Walker
from tests.upgrade.additive import in_the_way
from tests.upgrade.journeys import ANSWERS, SECOND, SERVICE
from tests.upgrade.loading import Left, left_by, releases
from townhall.notify import standin_address

pytestmark = pytest.mark.kill
TOWN = Path(__file__).parent / "town"
REPEATED = (
    *("submissions_draft_version_id_", "submissions_draftpage_draft_id_"),
    *("submissions_milestone_submission_id_", "outbox_delivery_event_id_"),
)
"""Indexes of 0.1.0 that said what others say."""
PEOPLE = {"at_second_page": ["Bo"], "in_a_repeat": ["Bo", "Cy"], "at_check_answers": ["Bo"]}


def changed_since(folder: Path) -> Path:
    """The town with the service's title reworded, so that a newer version goes live."""
    folder.mkdir()
    (folder / "council.yaml").write_text((TOWN / "council.yaml").read_text())
    words = (TOWN / "household.yaml").read_text()
    newer = words.replace("title: Tell us about your household", "title: Your household")
    assert newer != words
    (folder / "household.yaml").write_text(newer)
    return folder


def finished(left: Left, address: str, name: str) -> str:
    """Go on with a draft by its cookie, at the page where it stood. Gives the reference."""
    draft = left.known["drafts"][name]
    walker = Walker(address, draft["cookies"]).open(draft["path"])
    assert walker.path == draft["path"], f"{name} was turned away to {walker.path}"
    answers = {**ANSWERS, **SECOND} if name == "in_a_repeat" else ANSWERS
    walker.walk(answers, "/check-answers")
    for words in ("Zed Lettings", *PEOPLE[name]):
        assert words in walker.text
    return walker.send({}).reference


def versions(left: Left) -> dict[str, str]:
    """Each stored version's name, and the SHA-256 of its bytes as they are now."""
    rows = left.ask("SELECT hash, canonical FROM definitions_version")
    return {hash: hashlib.sha256(bytes(canonical)).hexdigest() for hash, canonical in rows}


def exported(left: Left) -> dict[str, dict[str, object]]:
    """Every submission as `townhall export` gives it, by its reference."""
    command = ("export", SERVICE, "--json", "--reason", "upgrade", "--data", str(left.data))
    lines = run(environment(left), "townhall.project.cli", *command).splitlines()
    return {one["reference"]: one for one in map(json.loads, lines)}


def environment(left: Left) -> dict[str, str]:
    return os.environ | left.environment | {"TOWNHALL_SERVICES": str(TOWN)}


@pytest.mark.parametrize("release", releases())
def test_drafts_in_flight_and_waiting_deliveries_survive_an_upgrade(release: str, tmp_path: Path):
    with left_by(release, tmp_path / "data") as left:
        before = left.tables()
        services = str(changed_since(tmp_path / "services"))
        with serving(left.data, "--services", services, **left.environment) as served:
            made = {finished(left, served.address, name) for name in left.known["drafts"]}
            filed = left.data / "stand-in" / "webhooks"
            eventually(lambda: len(list(filed.glob("*.json"))) == len(made) + 1)
            eventually(lambda: not left.ask("SELECT 1 FROM outbox_delivery WHERE state <> 'done'"))
        bodies = [json.loads(path.read_text()) for path in filed.glob("*.json")]
        assert {body["reference"] for body in bodies} == made | {left.known["waiting"]}
        found = exported(left)
        assert set(found) == made | {left.known["waiting"], left.known["delivered"]}
        now = versions(left)
        assert [now[hash] for hash in left.known["versions"]] == left.known["versions"]
        assert len(now) == len(left.known["versions"]) + 1
        assert left.ask("SELECT count(*) FROM retention_purged WHERE what = 'draft'") == [(1,)]
        assert "the chain holds" in run(environment(left), "townhall.project.cli", "audit")
        assert in_the_way(before, left.tables()) == []
        assert [name for name in left.indexes() if name.startswith(REPEATED)] == []


def told(left: Left, *commands: list[str]) -> str:
    """What sub-commands print, run one after another in one process on what was left."""
    words = [[*command, "--data", str(left.data)] for command in commands]
    path = f"{postgres.programs()}{os.pathsep}{os.environ['PATH']}"
    return run(environment(left) | {"PATH": path}, "tests.upgrade.commands", json.dumps(words))


@pytest.mark.parametrize("release", releases())
def test_a_backup_of_an_earlier_release_is_restored_delivered_and_read(
    release: str, tmp_path: Path
):
    receiver = Receiver(secret=standin_address.SECRET)
    with (
        left_by(release, tmp_path / "data") as left,
        empty_database() as url,
        Server(receiver) as server,
    ):
        before, backup = left.tables(), tmp_path / "backup"
        shown = told(left, ["backup", str(backup)], ["audit", "records"])
        assert f"{getpass.getuser()} records.backed_up records" in shown
        assert "the chain holds" in shown
        said = json.loads((backup / "manifest.json").read_text())
        assert said["migrations"] == left.known["migrations"]

        new = Left(left.known, tmp_path / "new", url)
        standin_address.folder(new.data).mkdir(parents=True)
        standin_address.write(new.data, smtp=1, http=server.server_address[1])
        shown = told(
            new,
            ["restore", str(backup)],
            ["worker", "--until-idle"],
            ["audit", "records"],
            ["export", SERVICE, "--json", "--reason", "upgrade"],
        )
        assert f"{getpass.getuser()} records.restored records" in shown
        assert "the chain holds" in shown
        delivered = map(json.loads, receiver.effects.values())
        assert [body["reference"] for body in delivered] == [left.known["waiting"]]
        sent = [json.loads(line) for line in shown.splitlines() if line.startswith("{")]
        assert {one["reference"] for one in sent} == {
            left.known["waiting"],
            left.known["delivered"],
        }
        assert all("Zed Lettings" in str(one) for one in sent)
        assert in_the_way(before, new.tables()) == []
