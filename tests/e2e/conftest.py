"""One platform for all e2e tests: started here, or the one that MULIN_E2E_GATEWAY names."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from deploy.demo.client import Gateway, Person
from tests.e2e.running import Platform, elsewhere, mulin, start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives the whole platform."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """The running platform."""
    named = elsewhere()
    if named is not None:
        yield named
        return
    state = Path(tempfile.mkdtemp(prefix="mulin-e2e-"))
    try:
        yield start(state)
    finally:
        mulin(state, "down")
        shutil.rmtree(state, ignore_errors=True)


@pytest.fixture
def own_platform(platform: Platform) -> Platform:
    """The platform, if its processes are ours to kill."""
    if platform.state is None:
        pytest.skip("the platform runs elsewhere; its processes are not ours to kill")
    return platform


LogIn = Callable[..., Awaitable[Person]]


@pytest.fixture
async def gateway(platform: Platform) -> AsyncIterator[Gateway]:
    """The front door."""
    async with Gateway(platform.address) as opened:
        yield opened


@pytest.fixture
def log_in(platform: Platform, gateway: Gateway) -> LogIn:
    """`await log_in("duty_officer")` -> that person at the gateway."""

    async def as_role(role: str, community: str = "feicuicheng", number: int = 0) -> Person:
        return await gateway.person(platform.login(role, community, number), community)

    return as_role
