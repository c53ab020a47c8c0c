"""The demonstration is seeded through the public API, as often as one likes."""

from collections.abc import Callable
from pathlib import Path

import aiohttp

from deploy.embedded.seed import seed
from deploy.embedded.seed_town import COMMUNITIES, households_of
from deploy.embedded.state import State
from services.gateway.main import build
from services.gateway.tests.integration.running import settings_for
from services.gateway.tests.integration.sockets import serving
from shared.principal import Role
from shared.testing.fixtures import MakeDatabase


async def test_the_seed_makes_the_town_and_a_login_for_every_role_and_may_run_again(
    fresh_database_of: MakeDatabase, nats_of: Callable[[str], str], tmp_path: Path
) -> None:
    state = State(tmp_path)
    state.prepare()
    settings = settings_for(
        fresh_database_of("gateway"),
        nats_of,
        bootstrap_login=state.secret("bootstrap_login", lambda: "operator"),
        bootstrap_password=state.secret("bootstrap_password"),
    )
    said: list[str] = []
    async with serving(build(settings)) as address:
        logins = await seed(address, tmp_path, said.append)
        again = await seed(address, tmp_path, said.append)
        assert logins == again
        assert {login.role for login in logins} == {role.value for role in Role}
        assert len(said) == 2 * (1 + len(COMMUNITIES))
        async with aiohttp.ClientSession(address) as session:
            for login in logins:
                body = {"login": login.login, "password": login.password}
                async with session.post("/api/v1/sessions", json=body) as answer:
                    assert answer.status == 201, login
                    token = (await answer.json())["access_token"]
                shown = {"Authorization": f"Bearer {token}"}
                async with session.get("/api/v1/me", headers=shown) as answer:
                    held = {(role["community"], role["role"]) for role in (await answer.json())["memberships"]}
                assert (login.community or "all", login.role) in held
            # The last login is the operator, who sees everything.
            async with session.get("/api/v1/communities/feicuicheng", headers=shown) as answer:
                profile = (await answer.json())["profile"]
            assert (profile["households"], profile["residents"], profile["party_members"]) == (5196, 8225, 51)
            async with session.get("/api/v1/communities/feicuicheng/coverage", headers=shown) as answer:
                coverage = await answer.json()
            assert (coverage["grids"], coverage["buildings"]) == (6, 24)
            assert coverage["households_registered"] == len(households_of(COMMUNITIES[0]))
            assert coverage["buildings_without_household"] == []
            assert len(coverage["grids_without_worker"]) == 5
