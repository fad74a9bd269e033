"""The example alerts are ones that Prometheus can read, over metrics that there are."""

import re
from pathlib import Path

import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from townhall.project import counts, metrics

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus" / "townhall.rules.yml"
WORDS = (ROOT / "docs" / "watching.md").read_text()
[GROUP] = yaml.safe_load(RULES.read_text())["groups"]
ALERTS = GROUP["rules"]
DURATION = re.compile(r"\d+[smhd]")
NAME = re.compile(r"\btownhall_[a-z_]+")


@pytest.fixture
def named(db):
    """The names of all samples and families there are; labelled ones are given one series."""
    counts.request(counts.series("a-service", "start", "GET", 2), 0.01)
    counts.tried("deliver:a", "done")
    for what in counts.HAPPENINGS:
        counts.happened(what, "a-service")
    families = list(text_string_to_metric_families(metrics.written().decode()))
    samples = {sample.name for family in families for sample in family.samples}
    return samples | {family.name for family in families}


@pytest.mark.parametrize("alert", ALERTS, ids=lambda one: one["alert"])
def test_an_alert_can_be_read_and_somebody_is_told_what_to_do(alert, named):
    promql_parser.parse(alert["expr"])
    assert set(NAME.findall(alert["expr"])) <= named
    assert DURATION.fullmatch(alert["for"])
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert alert["annotations"]["summary"]
    assert f"\n{alert['alert']}\n: " in WORDS


def test_an_expression_that_prometheus_would_refuse_is_refused_here():
    with pytest.raises(ValueError):
        promql_parser.parse("sum(rate(townhall_requests_total[5m])")


def test_alerts_have_names_of_their_own():
    names = [alert["alert"] for alert in ALERTS]
    assert len(set(names)) == len(names)


def test_each_metric_is_in_the_handbook_and_each_there_is_one(named):
    rows = set(re.findall(r"^\| `(townhall_[a-z_]+)` \|", WORDS, re.M))
    assert rows <= named
    families = {name.removesuffix("_total") for name in rows}
    extra = ("_bucket", "_sum", "_count", "_total")
    assert {name for name in named if not name.endswith(extra)} == families


def test_the_example_of_a_scrape_can_be_read():
    config = yaml.safe_load(re.search(r"```yaml\n(scrape_configs.*?)```", WORDS, re.S)[1])
    [job] = config["scrape_configs"]
    assert job["job_name"] == "townhall"
    assert config["rule_files"] == [RULES.name]
