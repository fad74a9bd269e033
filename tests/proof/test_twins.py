"""One service is described in one file: a second one would take its place, unseen."""

import json

from tests.proof.base import GOOD, broken
from tests.proof.test_commands import folder, run

from townhall.proof.paths import services_at
from townhall.proof.twins import twins

__all__ = ["folder"]


def other(name: str) -> str:
    return GOOD.replace("service: lost-glove", f"service: {name}")


def test_check_names_both_places_and_the_remedy(folder, capsys):
    first, second = folder / "a.yaml", folder / "b.yaml"
    first.write_text(GOOD)
    second.write_text(f"# A copy\n{GOOD}")
    assert run("check", folder) == 1
    out, err = capsys.readouterr()
    assert err == (
        f"{second}:3: duplicate-service: {first}:2 is `service: lost-glove` too, and residents "
        "can be served only one of the two. Give one of them another `service:`, or move its file "
        "out of the folder.\n"
    )
    assert out.endswith("2 services checked: 1 error, 0 notes\n")


def test_json_holds_it_too(folder, capsys):
    for name in ("a.yaml", "b.yml", "c.json"):
        (folder / name).write_text(GOOD)
    assert run("check", folder, "--json") == 1
    found = json.loads(capsys.readouterr().out)["faults"]
    assert [(one["file"], one["line"], one["code"]) for one in found] == [
        (str(folder / name), 2, "duplicate-service") for name in ("b.yml", "c.json")
    ]


def test_a_file_with_other_faults_is_still_known_by_its_name(folder, capsys):
    (folder / "a.yaml").write_text(broken("type: radios", "type: zzz"))
    (folder / "b.yaml").write_text(GOOD)
    assert run("check", folder) == 1
    assert ": duplicate-service: " in capsys.readouterr().err


def test_two_services_and_one_file_by_two_paths_are_no_fault(folder, capsys):
    (folder / "a.yaml").write_text(GOOD)
    (folder / "b.yaml").write_text(other("another-glove"))
    (folder / "link").symlink_to(folder)
    assert run("check", folder, folder / "link") == 0
    assert "duplicate-service" not in capsys.readouterr().err


def test_only_the_beginning_of_a_file_is_read_for_its_name(folder):
    (folder / "a.yaml").write_text(GOOD)
    (folder / "b.yaml").write_text("townhall: 1\nservice: lost-glove\npages: [&x what is this\n")
    (folder / "c.yaml").write_text("not: [a service\n")
    (folder / "d.yaml").write_bytes(b"\xff\xfe\x00")
    (folder / "e.yaml").write_text("- service: lost-glove\n")
    (folder / "f.yaml").write_text("service: [lost-glove]\nother: {service: lost-glove}\n")
    found = twins(services_at([folder])[0])
    assert [(fault.where.file, fault.where.line) for fault in found] == [(f"{folder}/b.yaml", 2)]
