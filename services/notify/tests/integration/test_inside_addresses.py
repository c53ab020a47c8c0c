"""Web hooks reach no inside address: tricks with addresses and with names, against canaries that listen on loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.notify.domain.delivery import Delivery
from services.notify.domain.errors import AddressRefused
from services.notify.domain.signature import new_secret
from services.notify.domain.webhook_url import webhook_url
from services.notify.sending.webhook import Patience, WebhookSender
from services.notify.tests.integration.running import Receiver, receiving
from shared.clock import SystemClock
from shared.ids import new_id

PORT = "{port}"
URL_TRICKS = [
    "http://127.0.0.1:{port}/hook",
    "https://127.0.0.1:{port}/hook",
    "https://127.0.0.1/hook",
    "https://127.0.0.1:8443/hook",
    "https://127.1:8443/",
    "https://127.0.1:8443/",
    "https://2130706433:8443/",
    "https://0x7f000001:8443/",
    "https://0x7f.1:8443/",
    "https://0177.0.0.1:8443/",
    "https://017700000001:8443/",
    "https://0:8443/",
    "https://0.0.0.0:8443/",
    "https://[::1]:8443/",
    "https://[::]:8443/",
    "https://[::ffff:127.0.0.1]:8443/",
    "https://[::ffff:7f00:1]:8443/",
    "https://[64:ff9b::7f00:1]:8443/",
    "https://[fe80::1%25lo]:8443/",
    "https://localhost:8443/",
    "https://localhost.:8443/",
    "https://LOCALHOST:8443/",
    "https://sub.localhost:8443/",
    "https://ip6-localhost:8443/",
    "https://metadata.internal/",
    "https://169.254.169.254/latest/meta-data/",
    "https://①②⑦.⓪.⓪.①:8443/",
    "https://１２７.０.０.１:8443/",
    "https://127。0。0。1:8443/",
    "https://loc\u00adalhost:8443/",
    "https://ⓛocalhost:8443/",
    "https://hooks.example.com@127.0.0.1:8443/",
    "https://user:password@hooks.example.com/",
    "https://hooks.example.com:{port}/",
    "https://hooks.example.com:22/",
    "https://hooks.example.com:80/",
    "https://hooks.example.com:0/",
    "https://hooks.example.com:99999/",
    "https://hooks.example.com:8443@127.0.0.1/",
    "https://127.0.0.1:8443#@hooks.example.com/",
    "https://hooks.example.com\\@127.0.0.1:8443/",
    "https://127.0.0.1:8443\\.example.com/",
    "https:/127.0.0.1:8443/",
    "https:127.0.0.1:8443/",
    "https:///127.0.0.1:8443/",
    "//127.0.0.1:8443/",
    "https://127.0.0.1%2f.example.com/",
    "https://%31%32%37.0.0.1:8443/",
    "https://hooks.example.com\t.evil.com/",
    "https://hooks.example.com\r\nHost: inside/",
    "https://hooks.example.com/ HTTP/1.1\r\nX: y",
    "https://-hooks.example.com/",
    "https://hooks_example.com/",
    "https://a..example.com/",
    "ftp://hooks.example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_x",
    "javascript:alert(1)",
    "unix:///var/run/docker.sock",
    "https://",
    "https://.",
    "https://router.lan/",
    "https://printer.local/",
]
"""None of them may be called, whatever the name says."""

NAME_TRICKS = {
    "loopback": ["127.0.0.1"],
    "another-loopback": ["127.255.255.254"],
    "loopback-v6": ["::1"],
    "unspecified": ["0.0.0.0"],  # noqa: S104
    "unspecified-v6": ["::"],
    "public-and-loopback": ["8.8.8.8", "127.0.0.1"],
    "loopback-after-many": ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::1"],
    "metadata": ["169.254.169.254"],
    "metadata-v6": ["fd00:ec2::254"],
    "docker-bridge": ["172.17.0.1"],
    "private-10": ["10.0.0.5"],
    "private-192": ["192.168.1.1"],
    "carrier-grade-nat": ["100.64.0.1"],
    "benchmark": ["198.18.0.1"],
    "documentation": ["192.0.2.1"],
    "multicast": ["224.0.0.1"],
    "broadcast": ["255.255.255.255"],
    "reserved": ["240.0.0.1"],
    "6to4-relay": ["192.88.99.1"],
    "v4-mapped": ["::ffff:127.0.0.1"],
    "v4-compatible": ["::127.0.0.1"],
    "v4-translated": ["::ffff:0:127.0.0.1"],
    "nat64": ["64:ff9b::7f00:1"],
    "nat64-local": ["64:ff9b:1::7f00:1"],
    "6to4": ["2002:7f00:1::"],
    "teredo": ["2001:0:4136:e378:8000:63bf:80ff:fffe"],
    "link-local": ["fe80::1"],
    "link-local-scoped": ["fe80::1%lo"],
    "site-local": ["fec0::1"],
    "unique-local": ["fc00::1"],
    "multicast-v6": ["ff02::1"],
    "no-address": [],
    "not-an-address": ["localhost"],
}
"""Name -> what the resolver says."""


def a_delivery() -> Delivery:
    return Delivery(new_id(), new_id(), 1, new_id(), "notify.ping.v1", b"{}", datetime.now(UTC))


class Canaries:
    """Listeners on loopback that must never be connected to."""

    def __init__(self) -> None:
        self.connections = 0
        self.ports: list[int] = []

    def touched(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Canaries]:
    canaries = Canaries()
    async with AsyncExitStack() as stack:
        for host in ("127.0.0.1", "::1"):
            try:
                server = await asyncio.start_server(canaries.touched, host, 0)
            except OSError:
                continue  # no IPv6 here
            canaries.ports.append(server.sockets[0].getsockname()[1])
            await stack.enter_async_context(server)
        yield canaries


@pytest.fixture
async def canaries() -> AsyncIterator[Canaries]:
    async with listening() as found:
        yield found


@pytest.mark.parametrize("trick", URL_TRICKS, ids=lambda trick: trick.encode("unicode_escape").decode())
async def test_a_tricky_address_is_refused_and_never_called(trick: str, canaries: Canaries) -> None:
    url = trick.replace(PORT, str(canaries.ports[0]))
    with pytest.raises(AddressRefused):
        webhook_url(url)
    # Even if one were in the database all the same, nothing is connected to, whoever resolves the name to loopback.
    redirected = _to_canaries(canaries)
    async with WebhookSender(clock=SystemClock(), lookup=redirected, patience=Patience(2, 1, 1)) as sender:
        outcome = await sender.send(url, a_delivery(), [new_secret()])
    assert (outcome.status, outcome.error) == (None, "address-refused")
    assert canaries.connections == 0


@pytest.mark.parametrize("name", sorted(NAME_TRICKS))
async def test_a_name_that_leads_inside_is_never_connected_to(
    name: str, canaries: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lookup(_host: str, _port: int) -> list[str]:
        return NAME_TRICKS[name]

    opened: list[object] = []
    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", lambda _, to: opened.append(to), raising=False)
    async with WebhookSender(clock=SystemClock(), lookup=lookup, patience=Patience(2, 1, 1)) as sender:
        outcome = await sender.send("https://hooks.example.com:8443/x", a_delivery(), [new_secret()])
    assert (outcome.status, outcome.error) == (None, "address-refused")
    assert not opened
    assert canaries.connections == 0


async def test_a_name_that_cannot_be_resolved_is_refused() -> None:
    async def lookup(_host: str, _port: int) -> list[str]:
        raise socket.gaierror("no such name")

    async with WebhookSender(clock=SystemClock(), lookup=lookup) as sender:
        outcome = await sender.send("https://hooks.example.com/x", a_delivery(), [new_secret()])
    assert outcome.error == "address-refused"


async def test_a_name_is_looked_up_once_so_that_a_second_answer_cannot_lead_inside(
    canaries: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    opened: list[object] = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["8.8.8.8"] if len(asked) == 1 else ["127.0.0.1"]

    async def connect(_: socket.socket, to: object) -> None:
        opened.append(to)
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", connect, raising=False)
    async with WebhookSender(clock=SystemClock(), lookup=rebinding, patience=Patience(2, 1, 1)) as sender:
        outcome = await sender.send("https://hooks.example.com:8443/x", a_delivery(), [new_secret()])
    assert outcome.error == "connection"
    assert asked == ["hooks.example.com"]
    assert opened == [("8.8.8.8", 8443)], "connected to the very address that was checked"
    assert canaries.connections == 0


async def test_a_redirect_to_the_inside_is_not_followed(canaries: Canaries, receiver: Receiver) -> None:
    from aiohttp import web  # noqa: PLC0415

    async def redirect(_: int, __: web.Request) -> web.Response:
        return web.Response(status=307, headers={"location": f"http://127.0.0.1:{canaries.ports[0]}/"})

    receiver.answer = redirect
    async with WebhookSender(clock=SystemClock(), allowed_hosts=frozenset({receiver.host})) as sender:
        outcome = await sender.send(receiver.url, a_delivery(), [new_secret()])
    assert (outcome.status, outcome.error) == (307, "redirect")
    assert canaries.connections == 0


async def test_the_exception_is_for_that_very_host_and_port(receiver: Receiver) -> None:
    async with receiving() as neighbour:
        allowed = frozenset({receiver.host})
        async with WebhookSender(clock=SystemClock(), allowed_hosts=allowed) as sender:
            assert (await sender.send(receiver.url, a_delivery(), [new_secret()])).status == 204
            assert (await sender.send(neighbour.url, a_delivery(), [new_secret()])).error == "address-refused"
        assert not neighbour.calls


async def test_proxies_of_the_environment_are_not_used(
    canaries: Canaries, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canaries.ports[0]}")
    async with WebhookSender(clock=SystemClock(), allowed_hosts=frozenset({receiver.host})) as sender:
        assert (await sender.send(receiver.url, a_delivery(), [new_secret()])).status == 204
    assert canaries.connections == 0


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("https://hooks.example.com", "https://hooks.example.com/"),
        ("https://Hooks.Example.COM:443/mulin?a=1", "https://hooks.example.com/mulin?a=1"),
        ("https://hooks.example.com:8443/a/b", "https://hooks.example.com:8443/a/b"),
        ("https://hooks.example.com./x", "https://hooks.example.com/x"),
        ("https://物业.中国/x", "https://xn--vhqz89f.xn--fiqs8s/x"),
    ],
)
def test_a_proper_address_is_kept_in_one_form(given: str, stored: str) -> None:
    assert webhook_url(given).text == stored


def _to_canaries(canaries: Canaries):  # type: ignore[no-untyped-def]
    async def lookup(_host: str, _port: int) -> list[str]:
        assert canaries.ports
        return ["127.0.0.1"]

    return lookup


def test_ids_of_the_corpus_are_unique() -> None:
    assert len(set(URL_TRICKS)) == len(URL_TRICKS) >= 30
    assert len(NAME_TRICKS) >= 30
    assert isinstance(a_delivery().id, UUID)
