"""The two checkers of HTML: html-validate for each page, and the Nu checker for all at once."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.accessibility.engines import MODULES, version
from tests.support.accessibility.evidence import ROOT, Finding, Result

VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
SCRIPT = Path(__file__).with_name("validate.mjs")
REMEDY = "see the rule at html-validate.org, or .htmlvalidate.json where the official markup has it"
# What the Nu checker finds in the official markup; docs/testing.md says why each stands.
OFFICIAL = {"The “group” role is unnecessary for element “fieldset”."}
# What was typed stays in its box as it was typed, whether or not it is an address of a page.
AS_TYPED = "Bad value “%” for attribute “value” on element “input”"

# Each form has its own token. html-validate does not read the attribute by which a control that
# stands outside every form says which is its own, and takes two such tokens for one form's.
OWN_TOKEN = ("form-dup-name", "csrfmiddlewaretoken")


def html_validate(html: str) -> Result:
    """html-validate's recommended rules, but for those that .htmlvalidate.json sets aside."""
    process = _running()
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps({"html": html}) + "\n")
    process.stdin.flush()
    said: list[dict[str, Any]] = json.loads(process.stdout.readline())
    rule, name = OWN_TOKEN
    theirs = [one for one in said if one["rule"] != rule or name not in one["why"]]
    findings = tuple(Finding(**one, remedy=REMEDY) for one in theirs)
    return Result(
        "html-validate", "html-validate", version("html-validate"), ("4.1.2",), (), findings
    )


def nu(pages: Sequence[Path]) -> list[tuple[str, Finding]]:
    """What the Nu checker finds in files: each file's name with its finding."""
    done = subprocess.run(
        ["java", "-jar", VNU, "--format", "json", "--exit-zero-always", *pages],
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        (
            Path(one["url"]).name,
            Finding(one.get("subType") or one["type"], f"line {one.get('lastLine')}",
                    one.get("extract", ""), one["message"], "as the message says"),
        )
        for one in json.loads(done.stderr)["messages"]
        if one["message"] not in OFFICIAL and not one["message"].startswith(AS_TYPED)
    ]  # fmt: skip


def has_java() -> bool:
    """Whether the Nu checker can run here."""
    return shutil.which("java") is not None


def stop() -> None:
    """End the process that checks pages, if there is one."""
    if _running.cache_info().currsize:
        _running().communicate()
        _running.cache_clear()


@cache
def _running() -> subprocess.Popen[str]:
    node = shutil.which("node")
    assert node, "run through tools/check, which puts a node on the path"
    pipe = subprocess.PIPE
    # Its configuration and its modules are found from the root.
    return subprocess.Popen([node, SCRIPT], stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
