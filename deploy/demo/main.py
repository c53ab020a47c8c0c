"""Plays the whole story on the running platform, or starts one for it. Exit status 0 only if every step was read back."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from aiohttp import ClientError

from deploy.demo import front_line_story, gathering_story, inbox_story, issue_story, whistle_story, wish_story
from deploy.demo.client import Gateway, NotSeenError, Person, RefusedError
from deploy.demo.partner_story import Subscriptions, receiving
from deploy.demo.telling import Teller
from deploy.embedded.environment import demo_receiver
from deploy.embedded.logins import DemoLogin, load_logins
from deploy.embedded.ports import free_port
from deploy.embedded.progress import Progress
from deploy.embedded.running import ports_of, record_of_running, start_in_background, stop_running
from deploy.embedded.state import chosen_state
from shared.ids import new_id
from shared.principal import Role

COMMUNITY = "feicuicheng"


class Cast:
    """Logs people in by the role they were seeded for."""

    def __init__(self, gateway: Gateway, logins: Sequence[DemoLogin]) -> None:
        self._gateway, self._logins = gateway, logins

    async def one(self, role: Role, number: int = 0) -> Person:
        """The first (or another) person of a role in the community of the demo."""
        fitting = [one for one in self._logins if one.role == role and one.community == COMMUNITY]
        if len(fitting) <= number:
            raise NotSeenError(f"there is no demo login number {number + 1} for {role}")
        return await self._gateway.person(fitting[number], COMMUNITY)

    async def newcomer(self, admin: Person) -> Person:
        """A Party member who reports to the community today; the daily cap of points leaves room for this one."""
        login = f"reported-in-{new_id().hex[-12:]}"
        body = {"login": login, "name": "在职党员马骏", "roles": [{"role": Role.PARTY_MEMBER}]}
        made = await admin.post("/persons", body)
        names = ("马骏", "Ma Jun, Party member")
        return await self._gateway.person(
            DemoLogin(Role.PARTY_MEMBER, *names, login, made["initial_password"], COMMUNITY), COMMUNITY
        )


async def play(address: str, logins: Sequence[DemoLogin], nats_address: str, receiver: tuple[str, int]) -> int:
    """All chapters; returns the number of verified steps."""
    teller, started = Teller(), time.monotonic()
    async with Gateway(address) as gateway, receiving(*receiver) as server:
        cast = Cast(gateway, logins)
        resident, neighbour = await cast.one(Role.RESIDENT), await cast.one(Role.RESIDENT, 1)
        officer, chair = await cast.one(Role.DUTY_OFFICER), await cast.one(Role.MEETING_CHAIR)
        handler, member = await cast.one(Role.HANDLER), await cast.newcomer(await cast.one(Role.COMMUNITY_ADMIN))
        auditor, organiser = await cast.one(Role.POINTS_OFFICER), await cast.one(Role.EVENT_ORGANISER)
        partner = await cast.one(Role.PARTNER)
        subscriptions = Subscriptions(partner, server, nats_address)
        try:
            await subscriptions.make(teller)
            issue = await issue_story.play(issue_story.Cast(resident, officer, chair, handler), teller)
            wish = await wish_story.play(wish_story.Cast(resident, officer, member, auditor), teller)
            event = await gathering_story.play(gathering_story.Cast(organiser, resident, neighbour), teller)
            worker = await cast.one(Role.GRID_WORKER)
            hazard = await front_line_story.play(front_line_story.Cast(worker, officer, resident), teller)
            await whistle_story.play(whistle_story.Cast(officer, partner), hazard, teller)
            await inbox_story.play(
                [
                    (resident, issue["number"], 4),
                    (officer, issue["number"], 1),
                    (handler, issue["number"], 1),
                    (resident, wish["id"], 2),
                    (member, wish["id"], 1),
                    (neighbour, event["title"], 1),
                    (officer, hazard["number"], 1),
                ],
                teller,
            )
            await subscriptions.verify(issue["id"], teller)
        finally:
            await subscriptions.remove()
    teller.say(
        f"\n全部 {teller.steps} 步已通过回读核对，用时 {time.monotonic() - started:.1f} 秒",
        f"all {teller.steps} steps were verified by reading them back",
    )
    return teller.steps


def read_logins(file: Path) -> list[DemoLogin]:
    """Demo logins as `./mulin status --json` or `docker compose run --rm logins` print them."""
    content = json.loads(file.read_text(encoding="utf-8"))
    listed = content if isinstance(content, list) else content["logins"]
    return [DemoLogin(**one) for one in listed]


def main(arguments: Sequence[str] | None = None) -> int:
    """Without options: on the platform of the state folder, which is started for the demo if it does not run."""
    parser = argparse.ArgumentParser(prog="mulin demo", description=__doc__)
    parser.add_argument(
        "--gateway", help="address of the gateway of a platform that runs elsewhere; with the next three"
    )
    parser.add_argument("--logins", type=Path, help="file with the demo logins as JSON")
    parser.add_argument("--nats", help="address of NATS, e.g. nats://127.0.0.1:4222")
    parser.add_argument("--receiver", help="HOST:PORT of the demo's web hook receiver, allowed at notify")
    options = parser.parse_args(arguments)
    elsewhere = (options.gateway, options.logins, options.nats, options.receiver)
    if not any(elsewhere):
        return _on_own_platform()
    if not all(elsewhere):
        parser.error("--gateway, --logins, --nats and --receiver go together")
    host, _, port = options.receiver.rpartition(":")
    return run(options.gateway, read_logins(options.logins), options.nats, (host, int(port)))


def _on_own_platform() -> int:
    """On the embedded platform; one that was not running is stopped again afterwards."""
    state, progress = chosen_state(), Progress()
    state.prepare()
    was_running = record_of_running(state) is not None
    if not was_running:
        progress.say("平台未运行，先为演示启动 · the platform does not run; starting it for the demo")
        if not start_in_background(state, host="127.0.0.1", port=free_port(), say=progress.say):
            return 1
    try:
        record = record_of_running(state)
        if record is None:
            raise NotSeenError("the platform stopped")
        nats_address = f"nats://127.0.0.1:{ports_of(record).nats}"
        return run(record["address"], load_logins(state.folder), nats_address, demo_receiver(state))
    finally:
        if not was_running:
            progress.say("停止为演示启动的平台 · stopping what was started for the demo")
            stop_running(state)


def run(address: str, logins: Sequence[DemoLogin], nats_address: str, receiver: tuple[str, int]) -> int:
    """Play, and say in one sentence what went wrong if something did."""
    try:
        asyncio.run(play(address, logins, nats_address, receiver))
    except (NotSeenError, RefusedError, ClientError, OSError, TimeoutError) as error:
        print(f"✗ 演示未通过 · the demo failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
