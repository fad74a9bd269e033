"""Every page that the browser tests looked at, as it was sent, given to two checkers of HTML."""

import json
import shutil
import subprocess
import tempfile

import pytest
from tests.support.browsing import ROOT, saved_pages

VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# What the checkers find in the official markup. html-validate's are in .htmlvalidate.json, and
# docs/testing.md says why each stands.
OFFICIAL = {"The “group” role is unnecessary for element “fieldset”."}


def html_validate(pages):
    """Findings as `page: rule: message`."""
    program = ROOT / "node_modules" / ".bin" / "html-validate"
    # Into a file: it ends before a full pipe is empty.
    with tempfile.TemporaryFile("w+") as out:
        subprocess.run([program, "--formatter", "json", *pages], cwd=ROOT, stdout=out, check=False)
        out.seek(0)
        results = json.load(out)
    return {
        f"{result['filePath'].rsplit('/', 1)[-1]}: {found['ruleId']}: {found['message']}"
        for result in results
        for found in result["messages"]
    }


def nu(pages):
    """Findings of the Nu HTML checker, errors and warnings."""
    done = subprocess.run(
        ["java", "-jar", VNU, "--format", "json", "--exit-zero-always", *pages],
        capture_output=True,
        text=True,
        check=True,
    )
    return {
        f"{found['url'].rsplit('/', 1)[-1]}: {found['message']}"
        for found in json.loads(done.stderr)["messages"]
        if found["message"] not in OFFICIAL
    }


CHECKERS = [html_validate, *([nu] if shutil.which("java") else [])]


def test_pages_were_kept():
    assert len(saved_pages()) >= 60, "run tests/browser first"


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda checker: checker.__name__)
def test_no_page_has_a_fault(checker):
    assert checker(saved_pages()) == set()


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda checker: checker.__name__)
def test_a_fault_is_found(checker, tmp_path):
    page = tmp_path / "faulty.html"
    page.write_text(saved_pages()[0].read_text().replace("<main", "<img src='/x.png'><main", 1))
    assert any("alt" in finding for finding in checker([page]))
