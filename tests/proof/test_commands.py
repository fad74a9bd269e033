"""The commands as an author meets them: what is printed where, and the exit code."""

import json
import re
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.proof.base import GOOD, LIBRARY, SERVICES, TOWN, broken

from townhall.engine.load import load_text
from townhall.proof import commands

AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def run(name: str, *arguments: object, **more: object) -> int:
    parser = ArgumentParser()
    getattr(commands, f"{name}_arguments")(parser)
    parser.set_defaults(at=AT, **more)
    return getattr(commands, name)(parser.parse_args([str(one) for one in arguments]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of services with the demonstration council's settings."""
    for name in ("council.yaml", "fees.yaml"):
        (tmp_path / name).write_text((TOWN / name).read_text())
    return tmp_path


def test_the_shipped_services_are_proven(capsys):
    assert run("check", SERVICES) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(r"\d+ services checked: 0 errors, \d+ notes?\n", out)
    assert err.count("Note: ") == len([line for line in err.splitlines() if line[0] != "…"])


def test_errors_come_first_and_many_notes_of_one_sort_are_folded(folder, capsys):
    text = broken("text: You told us", "text: Please stop. You told us")
    for number in range(5):
        other = text.replace("service: lost-glove", f"service: lost-glove-{number}")
        (folder / f"glove-{number}.yaml").write_text(other)
    (folder / "z.yaml").write_text(broken("to: waste-inbox", "to: elsewhere"))
    assert run("check", folder) == 1
    err = capsys.readouterr().err
    lines = err.splitlines()
    assert ": unknown-destination: " in lines[0]
    levels = ["Note: " in line or line.startswith("…") for line in lines]
    assert levels == sorted(levels)
    assert err.count(": please: ") == 3
    assert "… and 2 more `please` notes (--verbose lists them)" in lines
    assert run("check", folder, "--verbose") == 1
    assert capsys.readouterr().err.count(": please: ") == 5
    assert run("check", folder, "--json") == 1
    assert capsys.readouterr().out.count('"code": "please"') == 5


def test_a_fault_names_its_file_and_line(folder, capsys):
    file = folder / "glove.yaml"
    file.write_text(broken("to: waste-inbox", "to: waste-inbax"))
    assert run("check", file) == 1
    out, err = capsys.readouterr()
    line = file.read_text().split("\n").index("  - to: waste-inbax") + 1
    assert err == (
        f"{file}:{line}: unknown-destination: There is no destination `waste-inbax`. "
        "Did you mean `waste-inbox`?\n"
    )
    assert out == "1 service checked: 1 error, 0 notes\n"


def test_a_note_is_marked_and_does_not_fail(folder, capsys):
    (folder / "glove.yaml").write_text(
        broken("text: You told us", "text: Please stop. You told us")
    )
    assert run("check", folder) == 0
    out, err = capsys.readouterr()
    assert ": please: Note: “Please” makes" in err
    assert out == "1 service checked: 0 errors, 1 note\n"


def test_every_fault_is_found_in_one_run(folder, capsys):
    text = broken("    material: wool\n", "    materiel: wool\n")
    text = broken(
        "        ask: When did you miss it?\n", "        asks: When did you miss it?\n", text
    )
    text = broken("to: waste-inbox", "to: elsewhere", text)
    text = broken("  team: Gloves\n", "", text)
    (folder / "glove.yaml").write_text(text)
    assert run("check", folder) == 1
    err = capsys.readouterr().err
    for code in ("unknown-key", "missing-key", "unknown-question", "unknown-destination"):
        assert f": {code}: " in err


def test_json_holds_each_fault(folder, capsys):
    file = folder / "glove.yaml"
    file.write_text(broken("go: count", "go: cuont"))
    assert run("check", file, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["services"] == [str(file)]
    assert (found["errors"], found["notes"]) == (1, 0)
    assert found["faults"][0]["code"] == "unknown-page"
    assert found["faults"][0]["path"][:2] == ["pages", 0]


def test_verbose_lists_examples_and_samples(folder, capsys):
    (folder / "glove.yaml").write_text(GOOD)
    assert run("check", folder, "--verbose") == 0
    out = capsys.readouterr().out
    assert "the example “A woollen glove” passes." in out
    assert "  name is filled in as: " in out


def test_fix_writes_the_file_and_says_what_it_did(folder, capsys):
    file = folder / "glove.yaml"
    file.write_text(broken("use: about-you@1", "use: about-you"))
    assert run("check", file, "--fix") == 0
    assert file.read_text() == GOOD
    assert "about-you is now about-you@1." in capsys.readouterr().out
    assert run("check", file, "--fix") == 0
    assert "is now" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["nothing.yaml", "."])
def test_a_path_without_a_service_is_an_error(folder, capsys, name):
    assert run("check", folder / name) == 1
    assert "no-service" in capsys.readouterr().err


def test_settings_that_a_shell_names_beside_a_service_are_no_service(folder, capsys):
    (folder / "glove.yaml").write_text(GOOD)
    named = sorted(folder.glob("*.yaml"))
    assert len(named) == 3
    assert run("check", *named) == 0
    assert capsys.readouterr().out.startswith("1 service checked: 0 errors")


def test_settings_without_a_service_beside_them_are_an_error(folder, capsys):
    file = folder / "council.yaml"
    assert run("check", file) == 1
    assert capsys.readouterr().err.startswith(f"{file}:1: no-service: {file} holds settings")


def test_bad_settings_are_reported_and_the_service_still_checked(folder, capsys):
    (folder / "council.yaml").write_text("name: Council\n")
    (folder / "glove.yaml").write_text(broken("go: count", "go: cuont"))
    assert run("check", folder) == 1
    err = capsys.readouterr().err
    assert ": settings: " in err
    assert ": unknown-page: " in err


def test_a_file_that_is_not_text_is_an_error(folder, capsys):
    (folder / "glove.yaml").write_bytes(b"\xff\xfe\x00")
    assert run("check", folder) == 1
    assert "unreadable" in capsys.readouterr().err


def latin(file: Path) -> None:
    file.write_bytes(b"# one\n# caf\xe9\n" + file.read_bytes())


@pytest.mark.parametrize("name", ["council.yaml", "fees.yaml"])
def test_settings_that_are_not_text_are_an_error_once(folder, capsys, name):
    latin(folder / name)
    for service in ("a-glove", "b-glove"):
        text = GOOD.replace("service: lost-glove", f"service: {service}")
        (folder / f"{service}.yaml").write_text(text)
    said = f"{folder / name}:2: unreadable: "
    assert run("check", folder) == 1
    assert capsys.readouterr().err.count(said) == 1
    assert run("check", folder, "--json") == 1
    first = json.loads(capsys.readouterr().out)["faults"][0]
    assert (first["line"], first["code"]) == (2, "unreadable")
    assert "Save it as UTF-8" in first["remedy"]
    assert run("show", folder / "a-glove.yaml") == 1
    assert capsys.readouterr().err.startswith(said)
    assert run("new", "report", "fallen-tree", "--to", folder) == 1
    assert capsys.readouterr().err.startswith(said)


def test_a_block_that_is_not_text_is_an_error(folder, capsys):
    (folder / "blocks").mkdir()
    (folder / "blocks" / "ours@1.yaml").write_bytes(b"block: ours\ntitle: caf\xe9\n")
    (folder / "glove.yaml").write_text(GOOD)
    assert run("check", folder) == 1
    assert "ours@1.yaml:2: unreadable: " in capsys.readouterr().err


def test_new_never_writes_over_a_file(folder, capsys):
    (folder / "fallen-tree.yaml").write_text("mine")
    assert run("new", "report@1", "fallen-tree", "--to", folder) == 1
    assert (folder / "fallen-tree.yaml").read_text() == "mine"
    assert capsys.readouterr().err.startswith("townhall: already-there: ")
    assert run("new", "report@1", "a-thing", "--to", folder / "fallen-tree.yaml") == 1
    assert capsys.readouterr().err.startswith("townhall: ")


@pytest.mark.parametrize("name", ["council", "fees", "cookies"])
def test_new_writes_no_service_where_settings_or_the_site_s_own_pages_are(tmp_path, capsys, name):
    assert run("new", "report", name, "--to", tmp_path) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"townhall: bad-name: No service can be called {name}. Also taken: ")
    assert "fees" in said
    assert "council" in said
    assert list(tmp_path.iterdir()) == []


def test_new_says_what_is_wrong_with_the_council_s_settings(folder, capsys):
    (folder / "council.yaml").write_text("name: Council\n")
    assert run("new", "report", "fallen-tree", "--to", folder) == 1
    assert ": settings: " in capsys.readouterr().err
    assert not (folder / "fallen-tree.yaml").exists()


@pytest.mark.parametrize(
    ("pattern", "slug"),
    [
        ("reprot", "fallen-tree"),
        ("report@9", "fallen-tree"),
        ("report", "../tree"),
        ("report", "A b"),
    ],
)
def test_new_says_what_is_wrong(folder, capsys, pattern, slug):
    assert run("new", pattern, slug, "--to", folder) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith(("townhall: unknown-pattern: ", "townhall: bad-name: "))
    assert not list(folder.glob("*tree*"))


def test_schema_is_json(capsys):
    assert run("schema") == 0
    assert json.loads(capsys.readouterr().out)["$schema"].startswith("https://json-schema.org/")


def test_show_finds_a_service_by_name(capsys):
    assert run("show", "missed-bin", "--services", SERVICES) == 0
    assert capsys.readouterr().out.startswith("Report a missed bin (missed-bin)\n")


def test_show_against_a_file_and_against_live(folder, capsys):
    old, new = folder / "old.yaml", folder / "new.yaml"
    old.write_text(GOOD)
    new.write_text(broken("say: Leather", "say: Suede"))
    assert run("show", new, "--against", old) == 0
    wanted = "Page material\n- Option: Leather (leather)\n+ Option: Suede (leather)\n"
    assert capsys.readouterr().out == wanted
    run("show", old)
    words = capsys.readouterr().out
    assert run("show", new, "--against", "live", live=lambda name: words) == 0
    assert capsys.readouterr().out == wanted
    assert run("show", old, "--against", "live", live=lambda name: words) == 0
    assert capsys.readouterr().out == "Nothing has changed.\n"


def test_show_looks_the_live_version_up_by_the_service_and_not_by_the_file(folder, capsys):
    asked = []
    (folder / "any-name.yaml").write_text(GOOD)
    run("show", folder / "any-name.yaml", "--against", "live", live=asked.append)
    assert asked == ["lost-glove"]


def test_check_asks_whether_words_are_new_or_a_rename(folder, capsys):
    live = load_text(GOOD, "live.yaml", LIBRARY).definition
    file = folder / "glove.yaml"
    written = "          - id: leather\n            say: Leather\n"
    file.write_text(broken(written, "          - Suede\n"))
    known = {"lost-glove": live}
    assert run("check", file, "--against", "live", live_definition=known.get) == 1
    asked = capsys.readouterr().err
    line = file.read_text().splitlines().index("          - Suede") + 1
    assert f"{file}:{line}: renamed-option: `material`: is “Suede” a new option" in asked
    assert "If renamed, write {id: leather, say: Suede}" in asked
    assert "if new, write {id: suede, say: Suede}" in asked
    for answer in ("{id: leather, say: Suede}", "{id: suede, say: Suede}"):
        file.write_text(broken(written, f"          - {answer}\n"))
        assert run("check", file, "--against", "live", live_definition=known.get) == 0
    file.write_text(broken(written, "          - Suede\n"))
    assert run("check", file) == 0
    assert run("check", file, "--against", "live", live_definition={}.get) == 0


def test_show_says_what_is_wrong(folder, capsys):
    assert run("show", "nothing", "--services", folder) == 1
    assert run("show", folder / "nothing.yaml", "--against", "live") == 1
    (folder / "bad.yaml").write_text("townhall: 1\n")
    assert run("show", folder / "bad.yaml") == 1
    assert "missing-key" in capsys.readouterr().err


def test_show_of_what_is_no_service_says_what_it_is_and_which_services_there_are(folder, capsys):
    assert run("show", folder / "council.yaml") == 1
    settings = f"{folder / 'council.yaml'}:1: no-service: {folder / 'council.yaml'} holds settings"
    assert capsys.readouterr().err.startswith(settings)
    assert run("show", folder) == 1
    assert f"{folder} holds no service." in capsys.readouterr().err
    (folder / "glove.yaml").write_text(GOOD)
    assert run("show", folder) == 1
    assert capsys.readouterr().err == f"{folder} is a folder. Name one service in it: glove.\n"
    assert run("show", "gloves", "--services", folder) == 1
    there = f"There is no file gloves, and no service of that name in {folder}. There is: glove.\n"
    assert capsys.readouterr().err == there
