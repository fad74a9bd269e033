"""What is installed from the wheel serves by itself: no checkout, no node, nothing built there."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.ports import free_port
from tests.support.serving import eventually
from tests.support.source import ROOT
from townhall.project.headers import HEADERS

pytestmark = [pytest.mark.kill, pytest.mark.timeout(180)]
UV = str(Path(sys.executable).with_name("uv"))
STATIC = "townhall/ui/static/townhall"
ASSETS = f"{STATIC}/townhall-[0-9a-f]{{8}}\\.(css|js)"


def uv(*arguments: str) -> None:
    done = subprocess.run([UV, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("built")
    uv("build", "--quiet", "--no-build-isolation", "--python", sys.executable,
       "--out-dir", str(folder), str(ROOT))  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def home(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and what it needs, as docs/running.md installs it."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    [wheel] = built.glob("*.whl")
    uv("venv", "--quiet", "--python", sys.executable, str(folder))
    to = ("pip", "install", "--quiet", "--python", str(folder))
    uv(*to, "--require-hashes", "--requirement", str(ROOT / "requirements" / "runtime.txt"))
    uv(*to, "--no-deps", str(wheel))
    return folder


def environment(home: Path) -> dict[str, str]:
    """What a machine has on which nothing else of ours stands."""
    env = {"PATH": str(home / "bin"), "HOME": str(home), "LC_ALL": "C.UTF-8"}
    assert shutil.which("node", path=env["PATH"]) is None
    return env


def townhall(home: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(home / "bin" / "townhall"), *arguments],
        env=environment(home),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_holds_what_is_served_and_whose_it_is(built: Path):
    [wheel] = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assets = [name for name in names if re.fullmatch(ASSETS, name)]
    assert sorted(Path(name).suffix for name in assets) == [".css", ".js"]
    for asset in assets:
        assert {f"{asset}.br", f"{asset}.gz"} <= set(names)
    licences = {name.rpartition("/")[2] for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "THIRD-PARTY.md"}
    shipped = {f"townhall/demonstration/{path.name}" for path in (ROOT / "services").iterdir()}
    assert shipped <= set(names)
    assert not [name for name in names if name.startswith("tests/") or "node_modules" in name]


def test_the_source_holds_what_makes_it(built: Path):
    [source] = built.glob("*.tar.gz")
    with tarfile.open(source) as held:
        names = {name.partition("/")[2] for name in held.getnames()}
    wanted = ["Makefile", "LICENSE", "THIRD-PARTY.md", "tools/check", "requirements/runtime.txt",
              "deploy/systemd/townhall-web.service", "services/council.yaml"]  # fmt: skip
    assert [name for name in wanted if name not in names] == []


def test_what_it_borrows_is_named_with_its_licence_and_the_version_that_is_pinned():
    words = (ROOT / "THIRD-PARTY.md").read_text()
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    for name in wanted:
        pinned = locked[f"node_modules/{name}"]
        assert f"## {name} {pinned['version']}\n" in words
        assert pinned["license"] == "MIT"
    headings = re.findall(r"^## (\S+)", words, re.M)
    assert headings == list(wanted)


def test_it_proves_and_serves_where_there_is_neither_node_nor_a_checkout(
    home: Path, tmp_path: Path
):
    release = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.M)
    assert release
    assert townhall(home, tmp_path, "--version").stdout == f"townhall {release[1]}\n"
    assert "serve" in townhall(home, tmp_path, "--help").stdout
    shutil.copytree(ROOT / "services", tmp_path / "services")
    checked = townhall(home, tmp_path, "check", "services")
    assert checked.returncode == 0, checked.stderr
    port, said = free_port(), tmp_path / "said.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [str(home / "bin" / "townhall"), "serve", "--port", str(port)],
            env=environment(home), cwd=tmp_path, stdout=out, stderr=out,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        eventually(
            lambda: f"serving at {address}/" in said.read_text() or process.poll() is not None
        )
        assert process.poll() is None, said.read_text()
        assert "No folder of services was named" in said.read_text()
        a_page_with_its_styles_and_script(address)
        every_kind_of_answer_tells_the_browser_its_rules(address)
        family = psutil.Process(process.pid).children(recursive=True)
        assert family
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(30) == 0
        assert [one for one in family if one.is_running() and one.status() != "zombie"] == []
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def a_page_with_its_styles_and_script(address: str) -> None:
    with httpx.Client(base_url=address, headers={"Accept-Encoding": "gzip, br"}) as client:
        page = client.get("/missed-bin")
        assert page.status_code == 200
        found = re.findall(r"/static/townhall/townhall-[0-9a-f]+\.(?:css|js)", page.text)
        assert {path.rpartition(".")[2] for path in found} == {"css", "js"}
        for path in found:
            answer = client.send(client.build_request("GET", path), stream=True)
            raw = b"".join(answer.iter_raw())
            assert answer.status_code == 200
            assert answer.headers["Content-Encoding"] == "br"
            assert "immutable" in answer.headers["Cache-Control"]
            assert len(raw) > 1_000


def every_kind_of_answer_tells_the_browser_its_rules(address: str) -> None:
    """Pages, faults, redirects, what is built and what machines ask for."""
    plain = "application/x-www-form-urlencoded"
    with httpx.Client(base_url=address) as client:
        built = re.findall(r'"(/static/[^"]+)"', client.get("/").text)
        asked = {
            200: [client.get(path) for path in ("/", "/missed-bin", "/theme.css", "/cookies",
                  "/missed-bin/schema.json", "/health/live", "/health/ready", *built)],
            303: [client.get("/missed-bin/which-bins")],
            400: [client.get("/", headers={"Host": "elsewhere.example"})],
            403: [client.post("/missed-bin", content="a=b", headers={"Content-Type": plain})],
            404: [client.get("/none"), client.get("/static/none.css")],
            405: [client.put("/missed-bin")],
        }  # fmt: skip
    assert len(built) >= 3
    for status, answers in asked.items():
        for one in answers:
            assert one.status_code == status, one.url
            told = {name: one.headers.get(name) for name in HEADERS if name != "Cache-Control"}
            assert told == {name: HEADERS[name] for name in told}, one.url
            assert "Server" not in one.headers or "/" not in one.headers["Server"]
            kept = one.url.path.endswith("theme.css") or (
                "/static/" in one.url.path and status == 200
            )
            assert kept or "no-store" in one.headers["Cache-Control"], one.url
