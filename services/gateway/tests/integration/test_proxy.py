"""Requests pass through the gateway to their service: streamed, cleaned, signed, and answered whatever the service does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from io import BytesIO

import aiohttp
import jwt
import pytest

from deploy.embedded.ports import free_port
from services.gateway.main import build
from services.gateway.tests.integration.running import (
    OPERATOR,
    OPERATOR_PASSWORD,
    Town,
    a_town,
    log_in,
    settings_for,
)
from services.gateway.tests.integration.sockets import serving
from services.gateway.tests.integration.upstreams import Telling
from shared.ids import new_id
from shared.principal import Role
from shared.security.tokens import PrincipalVerifier
from shared.testing.client import Client
from shared.testing.fixtures import MakeDatabase
from shared.testing.principals import public_pem

MIB = 1024 * 1024


class Street:
    """The gateway on a socket with one telling service behind it, and somebody of a community."""

    def __init__(self, session: aiohttp.ClientSession, service: Telling, town: Town, token: str) -> None:
        self.session = session
        self.service = service
        self.town = town
        self.token = token
        self.issues = f"/api/v1/communities/{town.slug}/issues"

    def shown(self, **more: str) -> dict[str, str]:
        """Credentials and more headers."""
        return {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(new_id()), **more}


@pytest.fixture
async def street(database_of: MakeDatabase, nats_of: Callable[[str], str]) -> AsyncIterator[Street]:
    """A street."""
    service = Telling()
    async with serving(service, lifespan=False) as upstream:
        urls = {"issues": upstream, "events": f"http://127.0.0.1:{free_port()}"}
        settings = settings_for(database_of("gateway"), nats_of, service_urls=urls)
        app = build(settings)
        async with serving(app) as address, aiohttp.ClientSession(address) as session:
            client = Client(app)
            town = await a_town(client, await log_in(client, OPERATOR, OPERATOR_PASSWORD))
            resident = await town.somebody("resident")
            yield Street(session, service, town, resident.token or "")


async def test_a_request_reaches_its_service_with_a_signed_principal(street: Street) -> None:
    headers = street.shown(**{"X-Request-Id": "from-the-client-1"})
    async with street.session.get(f"{street.issues}/abc?state=open&q=%E8%B7%AF", headers=headers) as answer:
        assert answer.status == 200
        assert answer.headers["x-request-id"] == "from-the-client-1"
        assert answer.headers["x-content-type-options"] == "nosniff"
        seen = await answer.json()
    assert seen["path"] == f"{street.issues}/abc"
    principal = PrincipalVerifier(public_pem(), "issues").verify(seen["headers"]["x-mulin-principal"])
    assert (principal.community, principal.roles) == (street.town.slug, frozenset({Role.RESIDENT}))
    claims = jwt.decode(seen["headers"]["x-mulin-principal"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] <= 60
    assert seen["headers"]["x-request-id"] == "from-the-client-1"


async def test_a_request_that_reached_another_service_is_sent_again_to_the_right_one(street: Street) -> None:
    async with street.session.post(f"{street.issues}/moved", headers=street.shown(), data=b'{"a":1}') as answer:
        assert answer.status == 200
    assert [(one["path"], one["length"]) for one in street.service.seen] == [(f"{street.issues}/moved", 7)] * 2
    assert {one["headers"]["x-mulin-service"] for one in street.service.seen} == {"issues"}


async def test_a_client_never_hears_from_a_service_that_was_not_meant(street: Street) -> None:
    async def streamed() -> AsyncIterator[bytes]:
        yield b'{"a":'
        yield b"1}"

    for body in (b"{}", streamed()):
        async with street.session.post(f"{street.issues}/elsewhere", headers=street.shown(), data=body) as answer:
            assert (answer.status, answer.headers["retry-after"]) == (503, "1")
            assert (await answer.json())["type"] == "/problems/service-unreachable"


async def test_what_a_client_says_about_identity_stays_outside(street: Street) -> None:
    forged = {
        "X-Mulin-Principal": "forged",
        "X-Mulin-Anything": "forged",
        "Forwarded": "for=1.2.3.4",
        "X-Forwarded-For": "1.2.3.4",
        "X-Real-Ip": "1.2.3.4",
        "X-Hop": "1",
        "Connection": "keep-alive, X-Hop",
        "Cookie": "a=b",
        "TE": "trailers",
    }
    async with street.session.get(f"{street.issues}/abc", headers=street.shown(**forged)) as answer:
        headers = (await answer.json())["headers"]
    assert headers["x-mulin-principal"] != "forged"
    gone = {name.lower() for name in forged} - {"x-mulin-principal"} | {"authorization"}
    assert not gone & headers.keys()
    async with street.session.get(f"{street.issues}/abc", headers={"X-Mulin-Principal": "forged"}) as answer:
        assert "x-mulin-principal" not in (await answer.json())["headers"]


async def test_what_is_meant_for_one_hop_does_not_come_back(street: Street) -> None:
    async with street.session.get(f"{street.issues}/leaky", headers=street.shown()) as answer:
        assert answer.status == 200
        assert "x-mulin-secret" not in answer.headers
        assert answer.headers.get("connection", "").lower() != "x-own"
        assert "server" not in answer.headers


async def test_problem_documents_of_a_service_come_through_unchanged(street: Street) -> None:
    async with street.session.post(f"{street.issues}/problem", json={}, headers=street.shown()) as answer:
        assert (answer.status, answer.headers["content-type"]) == (409, "application/problem+json")
        assert (answer.headers["etag"], answer.headers["retry-after"]) == ('"7"', "3")
        assert (await answer.json(content_type=None))["type"] == "/problems/transition-refused"


async def test_bodies_go_through_whole_and_streamed_up_to_the_limit(street: Street) -> None:
    async with street.session.post(f"{street.issues}/x", data=BytesIO(b"a" * MIB), headers=street.shown()) as answer:
        assert (answer.status, (await answer.json())["length"]) == (200, MIB)

    async def parts(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"b" * 65536
            await asyncio.sleep(0)

    async with street.session.post(f"{street.issues}/x", data=parts(16), headers=street.shown()) as answer:
        seen = await answer.json()
    assert (seen["length"], seen["headers"]["transfer-encoding"]) == (MIB, "chunked")
    async with street.session.post(
        f"{street.issues}/x", data=BytesIO(b"a" * (MIB + 1)), headers=street.shown()
    ) as answer:
        assert answer.status == 413
    async with street.session.post(f"{street.issues}/x", data=parts(17), headers=street.shown()) as answer:
        assert answer.status == 413


async def test_answers_of_every_shape_come_through(street: Street) -> None:
    async with street.session.get(f"{street.issues}/big", headers=street.shown()) as answer:
        assert len(await answer.read()) == 3 * MIB
    async with street.session.delete(f"{street.issues}/empty", headers=street.shown()) as answer:
        assert (answer.status, await answer.read()) == (204, b"")
    async with street.session.head(f"{street.issues}/x", headers=street.shown()) as answer:
        assert (answer.status, await answer.read()) == (200, b"")
    async with street.session.get(f"{street.issues}/x", headers=street.shown()) as answer:
        assert answer.status == 200


async def test_server_sent_events_arrive_one_by_one(street: Street) -> None:
    async with street.session.get(f"{street.issues}/stream", headers=street.shown()) as answer:
        assert await answer.content.readuntil(b"\n\n") == b"data: one\n\n"
        street.service.released.set()
        assert await answer.content.read() == b"data: two\n\n"


async def test_a_client_that_leaves_ends_the_work_for_it(street: Street) -> None:
    request = asyncio.create_task(street.session.get(f"{street.issues}/slow", headers=street.shown()).__aenter__())
    await asyncio.sleep(0.2)
    request.cancel()
    async with asyncio.timeout(5):
        await street.service.cancelled.wait()


async def test_a_service_that_breaks_off_is_not_taken_for_a_whole_answer(street: Street) -> None:
    with pytest.raises(aiohttp.ClientPayloadError):
        async with street.session.get(f"{street.issues}/breaks", headers=street.shown()) as answer:
            await answer.read()


async def test_a_service_that_is_down_is_a_503_and_the_others_work(street: Street) -> None:
    down = f"/api/v1/communities/{street.town.slug}/events"
    async with street.session.get(down, headers=street.shown()) as answer:
        assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
        assert int(answer.headers["retry-after"]) >= 1
        assert (await answer.json(content_type=None))["type"] == "/problems/service-unreachable"
    unknown = f"/api/v1/communities/{street.town.slug}/wishes"
    async with street.session.get(unknown, headers=street.shown()) as answer:
        assert answer.status == 503
    async with street.session.get(street.issues, headers=street.shown()) as answer:
        assert answer.status == 200


async def test_a_community_of_others_looks_like_one_that_does_not_exist(street: Street) -> None:
    other = await a_town(street.town.client, street.town.operator, street.town.subdistrict)
    answers = []
    for slug in (other.slug, "there-is-none", "All", "-", "%20", "..", "a" * 300):
        for rest in ("issues", "issues/019ab1c2-0000-7000-8000-000000000000", "buildings", "events", ""):
            headers = street.shown(**{"X-Request-Id": "the-same-id"})
            path = f"/api/v1/communities/{slug}/{rest}"
            async with street.session.get(path, headers=headers) as answer:
                answers.append((path, answer.status, await answer.read()))
    bodies = {body for path, _, body in answers if not path.startswith("/api/v1/communities/../")}
    assert {status for _, status, _ in answers} <= {404}
    assert len(bodies) == 1, bodies
    assert street.service.seen == []


async def test_nobody_reaches_a_service_without_credentials_as_somebody(street: Street) -> None:
    async with street.session.get(street.issues) as answer:
        assert "x-mulin-principal" not in (await answer.json())["headers"]
    for wrong in ("Bearer nonsense", "Bearer mls_" + "A" * 43, "Bearer mlk_" + "A" * 43, "Basic dTpw", "Bearer "):
        async with street.session.get(street.issues, headers={"Authorization": wrong}) as answer:
            assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert len(street.service.seen) == 1


async def test_ending_a_session_or_a_membership_is_felt_at_once(street: Street) -> None:
    town = street.town
    somebody = await town.somebody("resident", "volunteer")
    headers = {"Authorization": f"Bearer {somebody.token}"}

    async def roles() -> frozenset[Role] | int:
        async with street.session.get(street.issues, headers=headers) as answer:
            if answer.status != 200:
                return answer.status
            signed = (await answer.json())["headers"]["x-mulin-principal"]
        return PrincipalVerifier(public_pem(), "issues").verify(signed).roles

    assert await roles() == frozenset({Role.RESIDENT, Role.VOLUNTEER})
    held = (await town.operator.get(f"{town.path}/memberships", person_id=somebody.id)).json()["items"]
    for membership in held:
        if membership["role"] == "volunteer":
            assert (await town.operator.post(f"{town.path}/memberships/{membership['id']}/end")).status == 200
    assert await roles() == frozenset({Role.RESIDENT})
    assert (await somebody.delete("/sessions/current")).status == 204
    assert await roles() == 401


async def test_operators_reach_the_operations_of_each_service(street: Street) -> None:
    headers = {"Authorization": f"Bearer {street.town.operator.token}"}
    async with street.session.get("/api/v1/operations/issues/dead-letters", headers=headers) as answer:
        seen = await answer.json()
    principal = PrincipalVerifier(public_pem(), "issues").verify(seen["headers"]["x-mulin-principal"])
    assert (principal.community, principal.roles) == ("all", frozenset({Role.OPERATOR}))
    async with street.session.get("/api/v1/operations/gateway/dead-letters", headers=headers) as answer:
        assert (answer.status, await answer.json()) == (200, {"items": [], "next_cursor": None})
    async with street.session.get("/api/v1/operations/nothing/dead-letters", headers=headers) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "smuggled",
    [
        b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /inside HTTP/1.1\r\n\r\n",
        b"content-length: 5\r\ncontent-length: 50\r\n\r\nhelloGET /inside HTTP/1.1\r\n\r\n",
        b"transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\nGET /inside HTTP/1.1\r\n\r\n",
        b"x-a: b\r\n folded: c\r\n\r\n",
        b"x-a\x00: b\r\n\r\n",
    ],
    ids=["two lengths", "two content lengths", "strange coding", "folded header", "NUL in a name"],
)
async def test_no_second_request_rides_along(street: Street, smuggled: bytes) -> None:
    host, port = street.session._base_url.host, street.session._base_url.port  # type: ignore[union-attr]
    reader, writer = await asyncio.open_connection(host, port)
    head = (
        f"POST {street.issues}/x HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {street.token}\r\nidempotency-key: k\r\n"
    )
    writer.write(head.encode() + smuggled)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 2")) or answer == b""
    assert all(seen["path"] == f"{street.issues}/x" for seen in street.service.seen)
    assert len(street.service.seen) <= 1


async def test_a_file_of_eight_mebibytes_passes_where_files_go_and_nowhere_else(street: Street) -> None:
    photo = f"{street.issues}/{new_id()}/photos/1"
    whole, too_much = b"a" * (8 * MIB), b"a" * (8 * MIB + 1)
    async with street.session.put(photo, data=BytesIO(whole), headers=street.shown()) as answer:
        assert (answer.status, (await answer.json())["length"]) == (200, 8 * MIB)
    async with street.session.put(photo, data=BytesIO(too_much), headers=street.shown()) as answer:
        assert answer.status == 413
    async with street.session.post(photo, data=BytesIO(whole), headers=street.shown()) as answer:
        assert answer.status == 413
    async with street.session.put(f"{street.issues}/x", data=BytesIO(whole), headers=street.shown()) as answer:
        assert answer.status == 413
