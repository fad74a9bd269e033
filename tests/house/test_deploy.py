"""The files under deploy/ are what docs/running.md says, and what this release understands."""

import base64
import hashlib
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import html5lib
import pytest
from bs4 import BeautifulSoup
from django.conf import settings

from tests.support.source import PACKAGE, ROOT, python_files
from townhall.project.cli import COMMANDS, parser_of

DEPLOY = ROOT / "deploy"
SYSTEMD = DEPLOY / "systemd"
UNITS = sorted(SYSTEMD.glob("*.service"))
PROGRAM = "/opt/townhall/bin/townhall"
PAGES = sorted((DEPLOY / "nginx").glob("*.html"))
# Of ten: what `systemd-analyze security` calls OK ends at 2.
MOST_EXPOSED = "20"
HARDENED = {
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "User": "townhall",
    "StateDirectory": "townhall",
    "UMask": "0077",
}


def directives(unit: Path) -> list[tuple[str, str]]:
    lines = [line for line in unit.read_text().splitlines() if re.match(r"[A-Z]\w*=", line)]
    return [(name, value) for name, _, value in (line.partition("=") for line in lines)]


def id_of(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("unit", UNITS, ids=id_of)
def test_what_a_unit_starts_is_a_command_of_this_release(unit: Path):
    [start] = [value for name, value in directives(unit) if name == "ExecStart"]
    program, name, *arguments = shlex.split(start)
    assert program == PROGRAM
    [command] = [one for one in COMMANDS if one.name == name]
    options = parser_of(command).parse_args(arguments)
    assert options.data == Path("/var/lib/townhall")


@pytest.mark.parametrize("unit", UNITS, ids=id_of)
def test_a_unit_may_do_no_more_than_it_needs(unit: Path):
    held = dict(directives(unit))
    assert {name: held.get(name) for name in HARDENED} == HARDENED
    files = [value for name, value in directives(unit) if name == "EnvironmentFile"]
    assert files == ["/etc/townhall/settings.env", "/etc/townhall/secrets.env"]
    assert not [name for name, _ in directives(unit) if name == "Environment"]


@pytest.mark.parametrize("file", ["settings.env", "secrets.env"])
def test_each_setting_of_the_examples_is_one_that_we_read(file: str):
    named = re.findall(r"^(\w+)=", (SYSTEMD / file).read_text(), re.M)
    code = "".join(path.read_text() for path in python_files(PACKAGE))
    assert named
    assert [name for name in named if f'"{name}"' not in code] == []


def test_the_example_of_secrets_holds_none():
    lines = (SYSTEMD / "secrets.env").read_text().splitlines()
    assert [
        line for line in lines if "=" in line.partition("#")[0] and not line.endswith("=")
    ] == []


def test_each_file_is_in_the_handbook():
    words = "".join(page.read_text() for page in (ROOT / "docs").glob("*.md"))
    files = [path for path in DEPLOY.rglob("*") if path.is_file()]
    assert [path.name for path in files if path.name not in words] == []


@pytest.mark.parametrize("shown", PAGES, ids=id_of)
def test_a_page_of_the_proxys_own_is_whole_has_help_and_may_be_styled(shown: Path):
    text = shown.read_text()
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    assert parser.errors == []
    page = BeautifulSoup(text, "html.parser")
    assert page.html["lang"] == "en"
    assert page.title.get_text().startswith(page.h1.get_text())
    assert page.select_one("a[href^='tel:']")
    assert page.select_one("a[href^='mailto:']")
    assert not page.select("script, link, img, [style]")
    style = hashlib.sha256(page.style.string.encode()).digest()
    for file in ("nginx/townhall.conf", "caddy/Caddyfile"):
        assert f"sha256-{base64.b64encode(style).decode()}" in (DEPLOY / file).read_text()


def test_a_proxy_takes_what_we_take():
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert f"client_max_body_size {most};" in (DEPLOY / "nginx" / "townhall.conf").read_text()
    assert f"max_size {most // 1_000_000}MB" in (DEPLOY / "caddy" / "Caddyfile").read_text()


def test_a_proxy_lets_nobody_say_who_they_are_or_read_what_machines_ask():
    told = (DEPLOY / "nginx" / "forwarded.conf").read_text()
    for line in ("X-Forwarded-Proto $scheme", "X-Forwarded-For $remote_addr", 'Forwarded ""'):
        assert f"proxy_set_header {line};" in told
    assert "TOWNHALL_PROXIES=1\n" in (SYSTEMD / "settings.env").read_text()
    for file, path in [
        ("nginx/townhall.conf", "location = /metrics"),
        ("caddy/Caddyfile", "/metrics"),
    ]:
        assert path in (DEPLOY / file).read_text()


# Where systemd is not what starts things, there is nobody to ask.
if shutil.which("systemd-analyze"):

    @pytest.mark.parametrize("unit", [*UNITS, *SYSTEMD.glob("*.timer")], ids=id_of)
    def test_systemd_finds_nothing_wrong_with_it(unit: Path, tmp_path: Path):
        for path in [*UNITS, *SYSTEMD.glob("*.timer")]:
            (tmp_path / path.name).write_text(path.read_text().replace(PROGRAM, "/bin/true"))
        asked = ["verify", "--man=no", str(tmp_path / unit.name)]
        done = subprocess.run(
            ["systemd-analyze", *asked], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")

    @pytest.mark.parametrize("unit", UNITS, ids=id_of)
    def test_systemd_calls_it_well_guarded(unit: Path):
        asked = [
            "security",
            "--offline=true",
            f"--threshold={MOST_EXPOSED}",
            "--no-pager",
            str(unit),
        ]
        done = subprocess.run(
            ["systemd-analyze", *asked], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-300:]
