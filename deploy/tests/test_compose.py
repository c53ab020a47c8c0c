"""`docker compose up` for real: health, rights, ports, replicas, demo, restart, monitoring, and nothing left afterwards."""

import json
import urllib.error
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.demo.client import Gateway, Person, seen
from deploy.demo.main import read_logins
from deploy.tests.compose_project import REPLICAS, SERVICES, ComposeProject, until, why_no_compose
from deploy.tests.test_monitoring import expressions
from shared.ids import new_id

pytestmark = pytest.mark.docker
COMMUNITY = "feicuicheng"
ISSUE = {"category": "street_light", "place": {"text": "12号楼北侧"}, "text": "路灯不亮"}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeProject]:
    """The platform from images, with three replicas of issues."""
    problem = why_no_compose()
    if problem:
        pytest.skip(f"the compose file cannot be brought up here: {problem}")
    project = ComposeProject(tmp_path_factory.mktemp("compose"))
    project.compose("build")
    try:
        project.up()
        yield project
    finally:
        left = project.down()
    assert left == []


async def person(platform: ComposeProject, gateway: Gateway, role: str) -> Person:
    logins = read_logins(platform.logins)
    login = next(one for one in logins if one.role == role and one.community in (COMMUNITY, ""))
    return await gateway.person(login, COMMUNITY)


def told(metrics: dict[str, float], series: str) -> float:
    """Sum of the series whose text begins so."""
    return sum(value for name, value in metrics.items() if name.startswith(series))


def test_every_process_runs_without_rights_and_can_change_neither_system_nor_secrets(platform: ComposeProject) -> None:
    for name in (*SERVICES, "prepare", "seed", "nats", "prometheus"):
        for container in platform.containers(name):
            settings = container.attrs["HostConfig"]
            assert container.attrs["Config"]["User"] not in ("", "root", "0", "0:0"), name
            assert settings["ReadonlyRootfs"], name
            assert settings["CapDrop"] == ["ALL"], name
            assert not settings["CapAdd"], name
            assert "no-new-privileges:true" in settings["SecurityOpt"], name
    for name in (*SERVICES, "prepare", "nats", "postgres"):
        for container in platform.containers(name):
            mounts = [mount for mount in container.attrs["Mounts"] if "secrets" in mount["Name"]]
            assert mounts, name
            assert [mount["RW"] for mount in mounts] == [False], name


def test_each_container_sees_only_its_own_secrets_and_its_own_code(platform: ComposeProject) -> None:
    for name in SERVICES:
        (container, *_) = platform.containers(name)
        mounts = {mount["Name"].removeprefix(f"{platform.name}_") for mount in container.attrs["Mounts"]}
        assert mounts == {f"secrets-{name}"} | ({"photos"} if name == "issues" else set())
        listed = container.exec_run(["ls", "/app/services"])[1].decode().split()
        assert set(listed) & set(SERVICES) == {name}
        assert container.exec_run(["ls", "/app/shared/testing"])[0] != 0
        inside = container.exec_run(["env"])[1].decode()
        assert "postgresql" not in inside, "a secret stands in the environment"


def test_only_the_gateway_nats_and_prometheus_can_be_reached_and_only_from_this_machine(
    platform: ComposeProject,
) -> None:
    published: dict[str, set[tuple[str, str]]] = {}
    for container in platform.containers():
        for port, addresses in (container.attrs["NetworkSettings"]["Ports"] or {}).items():
            for address in addresses or []:
                service = container.labels["com.docker.compose.service"]
                published.setdefault(service, set()).add((address["HostIp"], port))
    assert published == {
        "gateway": {("127.0.0.1", "8000/tcp")},
        "nats": {("127.0.0.1", "4222/tcp")},
        "prometheus": {("127.0.0.1", "9090/tcp")},
    }


async def test_replicas_share_requests_and_messages_and_one_of_them_relays(platform: ComposeProject) -> None:
    replicas = platform.containers("issues")
    assert len(replicas) == REPLICAS

    def received() -> list[tuple[float, float]]:
        every = [platform.metrics(replica) for replica in replicas]
        return [
            (
                told(one, "http_requests_total{"),
                told(one, 'consumer_deliveries_total{consumer="issues-gateway"'),
            )
            for one in every
        ]

    before = received()
    async with Gateway(platform.gateway) as gateway:
        reader = await person(platform, gateway, "duty_officer")
        for _ in range(4 * REPLICAS):
            await reader.get("/issues")
        admin = await person(platform, gateway, "community_admin")
        there = (await admin.get("/buildings?limit=1"))["items"][0]
        where = {"compound_id": there["compound_id"], "grid_id": there["grid_id"]}

        async def build() -> bool:
            """Tell the services of more buildings until each replica has had a message."""
            items = [{"name": f"{str(new_id())[-12:]}号楼", **where} for _ in range(30)]
            await admin.post("/buildings/batch", {"items": items})
            now = received()
            return all(after[1] > earlier[1] for after, earlier in zip(now, before, strict=True))

        for _ in range(20):
            if await build():
                break
        else:
            raise AssertionError(f"not every replica consumed: {before} -> {received()}")
    assert all(after[0] > earlier[0] for after, earlier in zip(received(), before, strict=True))
    leaders = [told(platform.metrics(replica), "relay_leader{") for replica in replicas]
    assert sorted(leaders) == [0.0] * (REPLICAS - 1) + [1.0]


def test_the_demo_verifies_every_step(platform: ComposeProject) -> None:
    played = platform.python(
        "-m", "deploy.demo.main", "--gateway", platform.gateway, "--logins", str(platform.logins),
        "--nats", platform.nats, "--receiver", platform.receiver,
    )  # fmt: skip
    assert played.returncode == 0, played.stdout + played.stderr
    assert "步已通过回读核对" in played.stdout


def test_the_tests_of_the_whole_platform_pass(platform: ComposeProject) -> None:
    tested = platform.python(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "e2e and not slow", "tests/e2e",
        MULIN_E2E_GATEWAY=platform.gateway, MULIN_E2E_LOGINS=str(platform.logins),
    )  # fmt: skip
    assert tested.returncode == 0, tested.stdout[-8000:]
    assert " passed" in tested.stdout


async def test_processes_that_are_killed_lose_nothing(platform: ComposeProject) -> None:
    async with Gateway(platform.gateway) as gateway:
        resident = await person(platform, gateway, "resident")
        officer = await person(platform, gateway, "duty_officer")
        reported = [await resident.post("/issues", ISSUE) for _ in range(3)]
        for name in ("issues", "nats", "notify"):
            for container in platform.containers(name):
                container.kill()
        for name in ("nats", "notify", "issues"):
            platform.compose("start", name)
        until(platform.is_ready, "not everything came back")
        for issue in reported:
            assert (await resident.get(f"/issues/{issue['id']}"))["number"] == issue["number"]

            async def told_of_it(number: str = issue["number"]) -> bool:
                notices = (await officer.get("/notifications?limit=100"))["items"]
                return sum(number in json.dumps(one) for one in notices) == 1

            assert await seen(told_of_it, f"one notice of {issue['number']}")


def test_a_second_up_changes_nothing(platform: ComposeProject) -> None:
    servers = (*SERVICES, "postgres", "nats", "prometheus")

    def running() -> dict[str, str]:
        return {one.name: one.attrs["State"]["StartedAt"] for name in servers for one in platform.containers(name)}

    before, logins = running(), platform.compose("run", "--rm", "logins")
    platform.up()
    assert running() == before
    assert platform.compose("run", "--rm", "logins") == logins


def test_prometheus_sees_every_process_and_answers_every_rule_and_panel(platform: ComposeProject) -> None:
    def targets() -> list[str] | None:
        active = platform.prometheus("targets")["activeTargets"]
        found = [
            one["labels"]["service"] for one in active if one["labels"]["job"] == "mulin" and one["health"] == "up"
        ]
        return sorted(found) if len(found) == len(SERVICES) + REPLICAS - 1 else None

    wanted = sorted([*SERVICES, *["issues"] * (REPLICAS - 1)])
    assert until(targets, "not every process is scraped") == wanted
    groups = platform.prometheus("rules")["groups"]
    assert groups
    assert [rule["lastError"] for group in groups for rule in group["rules"] if rule.get("lastError")] == []
    for where, asked in expressions():
        expression = asked.replace("$__rate_interval", "1m").replace("$service", ".*").replace("$consumer", ".*")
        _answered(platform, where, expression)
    for series in ("http_requests_total", "outbox_published_total", "consumer_lag_seconds", "nats_connected"):
        until(lambda series=series: platform.prometheus("query", query=series)["result"], f"no {series}")  # type: ignore[misc]


def _answered(platform: ComposeProject, where: str, expression: str) -> Any:
    try:
        return platform.prometheus("query", query=expression)["result"]
    except urllib.error.HTTPError as refusal:
        raise AssertionError(f"{where}: {expression}: {refusal.read().decode()}") from refusal
