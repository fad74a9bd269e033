"""The two rule engines, axe and IBM's, run inside the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.support.accessibility.evidence import ROOT, Finding, Outcome, Result, known, name_of

MODULES = ROOT / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"
IBM = MODULES / "accessibility-checker-engine" / "ace.js"

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (tags) => {
  const found = await axe.run(document, {runOnly: tags, resultTypes: ['violations', 'incomplete']})
  const each = (rules, outcome) => rules.flatMap(rule => rule.nodes.map(node => ({
    outcome, rule: rule.id, selector: node.target[0], html: node.html.slice(0, 200),
    why: rule.help, remedy: node.failureSummary + ' ' + rule.helpUrl})))
  const ran = [...found.passes, ...found.violations, ...found.incomplete]
  const criterion = tag => /^wcag([1-4])([1-5])([0-9]{1,2})$/.exec(tag)?.slice(1).join('.')
  return {
    criteria: ran.flatMap(rule => rule.tags.map(criterion).filter(Boolean)),
    passed: found.passes.map(rule => rule.id),
    found: [...each(found.violations, 'failed'), ...each(found.incomplete, 'for a person')]}
}"""
IBM_RULES = ["WCAG_2_2"]
# A recommendation of IBM's goes beyond WCAG: axe's best practices and our own checks cover ours.
RUN_IBM = """async (rules) => {
  const checker = new ace.Checker()
  const report = await checker.check(document, rules)
  const ran = new Set(report.results.map(one => one.ruleId))
  const checkpoints = checker.getGuidelines().find(one => one.id === rules[0]).checkpoints
  const at = path => document.evaluate(path, document, null, 9, null).singleNodeValue
  const kind = {FAIL: 'failed', POTENTIAL: 'for a person', MANUAL: 'for a person'}
  const wanted = report.results.filter(one => one.value[0] === 'VIOLATION')
  return {
    criteria: checkpoints.filter(one => one.rules.some(({id}) => ran.has(id))).map(one => one.num),
    passed: [...new Set(wanted.filter(one => one.value[1] === 'PASS').map(one => one.ruleId))],
    found: wanted.filter(one => one.value[1] in kind).map(one => {
      const e = at(one.path.dom)
      return {outcome: kind[one.value[1]], rule: one.ruleId, why: one.message,
        selector: e ? look.selector(e) : one.path.dom, html: (one.snippet || '').slice(0, 200),
        remedy: 'see help/en-US/' + one.ruleId + '.html in accessibility-checker-engine'}
    })}
}"""


def axe(page: Page) -> Result:
    """Deque's rules for WCAG 2.2 A and AA, and its best practices."""
    page.evaluate(_source("axe"))
    return _result(page, "axe", page.evaluate(RUN_AXE, AXE_TAGS))


def ibm(page: Page) -> Result:
    """IBM's rules for WCAG 2.2 A and AA."""
    page.evaluate(_source("ibm"))
    return _result(page, "ibm", page.evaluate(RUN_IBM, IBM_RULES))


def _result(page: Page, check: str, said: Mapping[str, Any]) -> Result:
    tool = {"axe": "axe-core", "ibm": "accessibility-checker-engine"}[check]
    findings = tuple(_finding(page, check, one) for one in said["found"])
    failed = {one.rule for one in findings}
    passed = tuple(sorted(set(said["passed"]) - failed))
    criteria = sorted(set(said["criteria"]), key=lambda one: [*map(int, one.split("."))])
    return Result(check, tool, version(tool), tuple(criteria), passed, findings)


def _finding(page: Page, tool: str, said: Mapping[str, Any]) -> Finding:
    made = Finding(**{**said, "outcome": Outcome(said["outcome"])})
    if made.outcome is not Outcome.FAILED:
        return made
    for entry in known(tool):
        if entry["rule"] == made.rule and _matches(page, made.selector, entry["selector"]):
            return Finding(**{**said, "outcome": Outcome.KNOWN, "known": name_of(entry)})
    return made


def _matches(page: Page, at: str, selector: str) -> bool:
    found: bool = page.evaluate(
        "([at, s]) => { const e = document.querySelector(at); return !!e && e.matches(s) }",
        [at, selector],
    )
    return found


@cache
def _source(tool: str) -> str:
    return {"axe": AXE, "ibm": IBM}[tool].read_text()


@cache
def version(package: str) -> str:
    """The version of an installed package of npm's."""
    said: str = json.loads((MODULES / package / "package.json").read_text())["version"]
    return said
