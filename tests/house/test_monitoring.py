"""What Prometheus and Grafana are given fits the figures that there are."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from flask import Flask

from paytm.ops.metrics import Metrics
from tests.house.source import ROOT

ALERTS = ROOT / "docker" / "prometheus" / "alerts.yml"
SCRAPE = ROOT / "docker" / "prometheus" / "prometheus.yml"
DASHBOARD = ROOT / "docker" / "grafana" / "paytm.json"


def _figures(app: Flask) -> set[str]:
    """Return the names of everything that can be asked for."""
    metrics: Metrics = app.extensions["metrics"]
    families = [*metrics.registry.collect(), *metrics.waiting.collect()]
    endings = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"], "gauge": [""]}
    return {family.name + ending for family in families for ending in endings[family.type]}


def _expressions() -> list[str]:
    rules = [rule["expr"] for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return rules + [target["expr"] for panel in panels for target in panel["targets"]]


def test_what_is_asked_for_is_counted(app: Flask) -> None:
    asked = {name for expression in _expressions() for name in re.findall(r"\bpaytm_\w+", expression)}

    assert len(asked) > 15
    assert asked - _figures(app) == set()


def test_every_figure_is_shown_or_watched(app: Flask) -> None:
    text = " ".join(_expressions())

    assert [name for name in _figures(app) if re.sub("_(total|bucket|count|sum)$", "", name) not in text] == []


def test_every_alert_says_what_is_wrong_and_how_bad_it_is() -> None:
    (group,) = yaml.safe_load(ALERTS.read_text())["groups"]

    names = [rule["alert"] for rule in group["rules"]]
    assert len(names) == len(set(names))
    assert all(rule["labels"]["severity"] in {"page", "ticket"} for rule in group["rules"])
    assert all(rule["annotations"]["summary"] for rule in group["rules"])


@pytest.mark.parametrize(
    "command", [["check", "rules", str(ALERTS)], ["check", "config", "--syntax-only", str(SCRAPE)]]
)
def test_prometheus_takes_its_files(command: list[str], tmp_path: Path) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed: apt-get install prometheus")
    checked = subprocess.run(["promtool", *command], cwd=SCRAPE.parent, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr
