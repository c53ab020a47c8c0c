from collections.abc import AsyncIterator, Callable

import pytest

from shared.database.engine import Database, PoolSettings
from shared.principal import Principal, Role
from shared.testing.client import Client
from shared.testing.databases import Database as ServerDatabase
from shared.testing.fixtures import MakeDatabase
from shared.testing.principals import a_principal, headers_of
from shared.tests.http.notes_app import SERVICE, build
from shared.tests.notes import notes_service

NOTES = "/api/v1/communities/feicuicheng/notes"
Headers = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def notes_database(database_of: MakeDatabase) -> ServerDatabase:
    return database_of("issues", notes_service)


@pytest.fixture
async def client(notes_database: ServerDatabase) -> AsyncIterator[Client]:
    database = Database(notes_database.app_url, application="notes", pool=PoolSettings(size=6, overflow=0))
    async with Client(build(database)) as running:
        yield running


@pytest.fixture
def secretary() -> Principal:
    return a_principal(Role.SECRETARY)


@pytest.fixture
def as_(secretary: Principal) -> Headers:
    """`as_()` -> headers of the secretary with a new key; `as_(principal, key=…)` of anybody."""

    def headers(principal: Principal | None = None, key: str | None = None, **more: str) -> dict[str, str]:
        return {**headers_of(principal or secretary, service=SERVICE, key=key), **more}

    return headers
