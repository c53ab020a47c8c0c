"""Rules and dashboards ask only for what the processes really export, and say what they mean."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

import shared.messaging.metrics
import shared.observability.event_loop
from deploy.embedded.state import ROOT
from shared.database.engine import Database
from shared.observability.metrics import watch_pool

PROMETHEUS, GRAFANA = ROOT / "deploy" / "prometheus", ROOT / "deploy" / "grafana"
DASHBOARDS = sorted((GRAFANA / "dashboards").glob("*.json"))
RULES = sorted(PROMETHEUS.glob("*rules*.yml"))
OF_PROMETHEUS = {"up"}
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
WORDS = {"and", "or", "unless", "bool", "offset", "inf", "nan"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def exported() -> set[str]:
    """Names of the series of a running process."""
    assert shared.messaging.metrics.OUTBOX_PARKED
    assert shared.observability.event_loop.LAG
    watch_pool("issues", Database("postgresql+asyncpg://nobody@127.0.0.1:1/none", application="test"))
    return {
        family.name + suffix for family in REGISTRY.collect() for suffix in SUFFIXES.get(family.type, ("",))
    } | OF_PROMETHEUS


def metrics_in(expression: str) -> set[str]:
    """The names of series that an expression asks for."""
    bare = re.sub(r'"(\\.|[^"\\])*"', "", expression)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", bare)
    bare = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", "", bare)
    names = re.findall(r"(?<![\w.$])([a-zA-Z_:][\w:]*)(?!\s*\(|\w)", bare)
    return {name for name in names if name.lower() not in WORDS}


def dashboard(file: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def panels(file: Path) -> list[dict[str, Any]]:
    return [panel for panel in dashboard(file)["panels"] if panel["type"] != "row"]


def rules(file: Path) -> list[dict[str, Any]]:
    loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [rule for group in loaded["groups"] for rule in group["rules"]]


def expressions() -> Iterator[tuple[str, str]]:
    """Where, and what is asked."""
    for file in RULES:
        for rule in rules(file):
            yield f"{file.name}: {rule['alert']}", rule["expr"]
    for file in DASHBOARDS:
        for panel in panels(file):
            for target in panel["targets"]:
                yield f"{file.name}: {panel['title']}", target["expr"]
        for variable in dashboard(file)["templating"]["list"]:
            asked = re.fullmatch(r"label_values\((.+), \w+\)", variable["definition"])
            assert asked is not None
            yield f"{file.name}: ${variable['name']}", asked.group(1)


def test_names_are_found_in_expressions() -> None:
    asked = 'sum by (le, a) (rate(x_bucket{le="y", b=~"z(_1)"}[5m])) / on(a) group_left(b) z_total offset 15m > 1e3 or vector(0)'
    assert metrics_in(asked) == {"x_bucket", "z_total"}


def test_there_are_rules_and_dashboards() -> None:
    assert RULES
    assert [file.name for file in DASHBOARDS] == ["mulin-messaging.json", "mulin-overview.json"]
    assert len(list(expressions())) > 40


def test_every_series_that_is_asked_for_is_exported() -> None:
    there = exported()
    missing = {where: names for where, asked in expressions() if (names := metrics_in(asked) - there)}
    assert missing == {}


def test_every_series_that_people_should_watch_is_asked_for() -> None:
    asked = set().union(*(metrics_in(expression) for _, expression in expressions()))
    ours = {name for name in exported() if name.startswith(("http_", "outbox_", "consumer_", "relay_", "nats_", "db_"))}
    assert {name for name in ours - asked if not name.endswith(("_sum", "_count"))} == set()


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.stem)
def test_alerts_are_named_once_and_speak_chinese_and_english(file: Path) -> None:
    alerts = rules(file)
    assert len({alert["alert"] for alert in alerts}) == len(alerts)
    for alert in alerts:
        notes = alert["annotations"]
        assert CHINESE.search(notes["summary"]), alert["alert"]
        assert not CHINESE.search(notes["summary_en"]), alert["alert"]
        assert alert["labels"]["severity"] in ("page", "ticket")
        page, section = notes["look_at"].split(", ", 1)
        assert f"## {section}\n" in (ROOT / page).read_text(encoding="utf-8"), f"{alert['alert']}: no section {section}"


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_dashboards_are_fixed_and_every_panel_is_explained(file: Path) -> None:
    board = dashboard(file)
    assert board["uid"] == file.stem
    assert board["editable"] is False
    assert "service" in [variable["name"] for variable in board["templating"]["list"]]
    numbers = [panel["id"] for panel in board["panels"]]
    assert len(set(numbers)) == len(numbers)
    for panel in panels(file):
        assert CHINESE.search(panel["title"]), panel["title"]
        assert CHINESE.search(panel["description"]), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]


def test_dashboards_do_not_share_an_uid_and_no_panel_covers_another() -> None:
    assert len({dashboard(file)["uid"] for file in DASHBOARDS}) == len(DASHBOARDS)
    for file in DASHBOARDS:
        covered: set[tuple[int, int]] = set()
        for panel in dashboard(file)["panels"]:
            at = panel["gridPos"]
            own = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            assert at["x"] + at["w"] <= 24
            assert not own & covered, f"{file.name}: {panel['title']}"
            covered |= own


def test_every_datasource_that_is_used_is_provisioned() -> None:
    listed = yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "prometheus.yml").read_text())["datasources"]
    known = {(source["type"], source["uid"]) for source in listed}
    for file in DASHBOARDS:
        boards = [*dashboard(file)["templating"]["list"], *panels(file)]
        used = boards + [target for panel in panels(file) for target in panel["targets"]]
        assert {(one["datasource"]["type"], one["datasource"]["uid"]) for one in used} <= known


@pytest.fixture
def promtool() -> str:
    """The checker that comes with Prometheus."""
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed here (it comes with Prometheus)")
    return found


def test_prometheus_accepts_its_configuration_and_rules(promtool: str) -> None:
    checked = subprocess.run(
        [promtool, "check", "config", PROMETHEUS / "prometheus.yml"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_alerts_fire_when_they_should_and_stay_silent_otherwise(promtool: str) -> None:
    cases = Path(__file__).with_name("rules_test.yml")
    fired = subprocess.run([promtool, "test", "rules", cases], capture_output=True, text=True, check=False)
    assert fired.returncode == 0, fired.stdout + fired.stderr


def test_every_alert_is_made_to_fire_by_the_cases() -> None:
    cases = Path(__file__).with_name("rules_test.yml").read_text(encoding="utf-8")
    alerts = {rule["alert"] for file in RULES for rule in rules(file)}
    assert {name for name in alerts if f'alertname="{name}"' not in cases} == set()
