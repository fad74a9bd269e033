"""The command line's own manners; what each sub-command does is tested beside it."""

import argparse
import subprocess
import sys
from importlib import import_module

import pytest

from townhall.project import cli

PURE = ("check", "show", "schema", "new", "import")


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "townhall.project.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_is_an_answer_and_goes_to_standard_output(capsys):
    assert cli.main(["help"]) == 0
    shown = capsys.readouterr()
    assert not shown.err
    for command in cli.COMMANDS:
        assert f"{command.name:<12}{command.summary}" in shown.out


@pytest.mark.parametrize("given", [[], ["nonsense"], ["--nonsense"]])
def test_anything_else_is_refused_and_says_what_there_is(given, capsys):
    assert cli.main(given) == 2
    shown = capsys.readouterr()
    assert not shown.out
    assert "check" in shown.err
    assert not given or f"“{given[0]}”" in shown.err


@pytest.mark.parametrize("command", cli.COMMANDS, ids=lambda command: command.name)
def test_each_command_is_where_the_table_says(command):
    module = import_module(command.module)
    parser = argparse.ArgumentParser()
    getattr(module, f"{command.function.rstrip('_')}_arguments")(parser)
    assert callable(getattr(module, command.function))
    assert command.summary[0].islower()
    assert not command.summary.endswith(".")


@pytest.mark.parametrize("name", PURE)
def test_proving_needs_no_django(name):
    module = next(command.module for command in cli.COMMANDS if command.name == name)
    code = (
        f"import sys, townhall.project.cli, {module};"
        "print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("said", "begins"), [("schema", "{"), ("walk missed-bin", "Walking")])
def test_a_reader_that_goes_away_is_no_crash(said, begins):
    command = f"{sys.executable} -m townhall.project.cli {said} | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(begins)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    ["schema", "show services/missed-bin.yaml", "check services/missed-bin.yaml", "help",
     "keys new 2026a", "schema --help", "--version"],
)  # fmt: skip
def test_output_that_cannot_be_written_is_said_in_a_line(arguments):
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        command = [sys.executable, "-m", "townhall.project.cli", *arguments.split()]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr == (
        "townhall: the output could not be written (No space left on device): "
        "what was written is not complete.\n"
    )


def test_a_fault_of_another_file_is_not_taken_for_the_output_s(monkeypatch):
    def fails():
        raise OSError(28, "No space left on device", "elsewhere")

    with pytest.raises(OSError, match="elsewhere"):
        cli._to_the_end(fails)


def test_the_version_is_said(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("townhall ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("audit", "--data", "{}/mistyped"), "no database in {}/mistyped"),
        (("show", "{}/x.yaml", "--against", "live", "--data", "{}/mistyped"), "no database in"),
        (("audit", "--data", "{}/file"), "no database in {}/file"),
        (("publish", "x.yaml", "--data", "{}/file"), "kept in {}/file: it is not a folder"),
        (("serve", "--data", "/proc/x"), "cannot be kept in /proc/x"),
        (("serve", "--data", "{}/d", "--port", "99999"), "no port 99999"),
        (("serve", "--data", "{}/d", "--services", "{}/nonexist"), "no folder {}/nonexist"),
    ],
)
def test_what_was_mistyped_is_said_in_a_line(arguments, words, tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "file").touch()
    done = run(*(argument.format(tmp_path) for argument in arguments))
    assert done.returncode == 1
    assert words.format(tmp_path) in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "mistyped").exists()


def test_a_key_is_made_without_records(tmp_path):
    done = run("keys", "new", "2026a", "--data", str(tmp_path / "none"))
    assert (done.returncode, done.stdout[:6]) == (0, "2026a:")
    assert not (tmp_path / "none").exists()


def test_help_of_a_command_with_records_makes_no_folder(tmp_path):
    done = run("export", "--data", str(tmp_path / "new"), "--help")
    assert done.returncode == 0
    assert "--data" in done.stdout
    assert not (tmp_path / "new").exists()
