"""The HTTP client behind the proxy against servers that behave well, badly, or go away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from services.gateway.front.connection import UpstreamBroke
from services.gateway.front.fetch import fetch, is_ready
from services.gateway.front.pool import Pool
from services.gateway.front.proxy import ClientLeft, Proxy
from services.gateway.front.refusals import BadAnswer, ServiceUnreachable, TooSlow
from services.gateway.front.translation import Incoming
from shared.errors import Unavailable
from shared.http.refusals import BodyTooLarge, MalformedRequest

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@asynccontextmanager
async def scripted(script: Script) -> AsyncIterator[Pool]:
    """A server that follows a script on each connection."""
    running: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            running.add(task)
        try:
            await script(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    pool = Pool(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield pool
    finally:
        pool.close()
        server.close()
        for task in running:
            task.cancel()


def answering(*answers: bytes) -> Script:
    """Read a head and write an answer, for each of the answers; then close."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()

    return script


async def asked(pool: Pool, method: str = "GET", *, key: bool = False, **options: Any) -> tuple[int, bytes]:
    """A request through the proxy; status and body that the client got."""
    headers = [(b"host", b"public"), *([(b"idempotency-key", b"k")] if key else []), *options.get("headers", [])]
    scope = {"method": method, "path": "/a", "raw_path": b"/a", "query_string": b"", "headers": headers}
    messages = list(options.get("messages", [{"type": "http.request", "body": b"", "more_body": False}]))
    sent: list[Any] = []

    async def receive() -> Any:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    proxy = Proxy(pool, deadline_seconds=options.get("deadline", 5.0))
    await proxy(scope, receive, send, incoming=Incoming(scope), principal=None)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


async def test_a_connection_serves_one_request_after_the_other() -> None:
    async with scripted(answering(OK, OK, OK)) as pool:
        for _ in range(3):
            assert await asked(pool) == (200, b"ok")
        assert pool.open == 1


async def test_chunked_answers_and_those_that_end_with_the_connection_are_whole() -> None:
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"
    endless = b"HTTP/1.1 200 OK\r\n\r\nuntil the end"
    async with scripted(answering(chunked, endless)) as pool:
        assert await asked(pool) == (200, b"abcde")
        assert await asked(pool) == (200, b"until the end")
        assert pool.open == 0


async def test_provisional_answers_are_passed_over() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
    async with scripted(answering(early + OK)) as pool:
        assert await asked(pool) == (200, b"ok")


async def test_a_head_request_has_no_body_whatever_its_length_says() -> None:
    async with scripted(answering(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n")) as pool:
        assert await asked(pool, "HEAD") == (200, b"")


async def test_an_idle_connection_that_was_closed_is_replaced_without_a_word() -> None:
    async with scripted(answering(OK)) as pool:
        assert await asked(pool) == (200, b"ok")
        await asyncio.sleep(0.05)
        assert await asked(pool, "POST") == (200, b"ok")


@pytest.mark.parametrize(
    ("method", "key", "repeated"), [("GET", False, True), ("POST", True, True), ("POST", False, False)]
)
async def test_only_what_may_be_repeated_is_sent_again_when_an_old_connection_fails(
    method: str, key: bool, repeated: bool
) -> None:
    requests = 0

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        while True:
            await reader.readuntil(b"\r\n\r\n")
            requests += 1
            if requests == 2:
                return  # reads the second request of the connection and closes without an answer
            writer.write(OK)

    async with scripted(script) as pool:
        assert await asked(pool) == (200, b"ok")
        if repeated:
            assert await asked(pool, method, key=key) == (200, b"ok")
            assert requests == 3
        else:
            with pytest.raises(BadAnswer):
                await asked(pool, method, key=key)
            assert requests == 2
        assert pool.open == (1 if repeated else 0)


async def test_a_new_connection_that_fails_is_not_tried_again() -> None:
    async with scripted(answering(b"")) as pool:
        with pytest.raises(BadAnswer):
            await asked(pool)


@pytest.mark.parametrize(
    "nonsense", [b"SSH-2.0-server\r\n\r\n", b"HTTP/1.1 200\r\ncontent-length: x\r\n\r\n", b"\x00" * 50]
)
async def test_nonsense_is_a_bad_answer(nonsense: bytes) -> None:
    async with scripted(answering(nonsense)) as pool:
        with pytest.raises(BadAnswer):
            await asked(pool)
        assert pool.open == 0


async def test_silence_is_too_slow() -> None:
    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with scripted(silent) as pool:
        with pytest.raises(TooSlow):
            await asked(pool, deadline=0.2)
        assert pool.open == 0


async def test_an_answer_that_breaks_off_is_no_answer() -> None:
    async with scripted(answering(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")) as pool:
        with pytest.raises(UpstreamBroke):
            await asked(pool)
        assert pool.open == 0


async def test_bytes_that_nobody_asked_for_break_the_connection() -> None:
    async with scripted(answering(OK + b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfake", OK)) as pool:
        status, _ = await asked(pool)
        assert status == 200
        assert await asked(pool) == (200, b"ok")


async def test_an_early_refusal_of_a_long_body_reaches_the_client() -> None:
    refusal = b"HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno"

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(refusal)
        await reader.read()

    async with scripted(script) as pool:
        begun = [{"type": "http.request", "body": b"x" * 10, "more_body": True}]
        assert await asked(pool, "POST", messages=begun) == (413, b"no")
        assert pool.open == 0


async def test_a_body_is_counted_while_it_streams_and_a_wrong_length_refused() -> None:
    async with scripted(answering(OK)) as pool:
        part = {"type": "http.request", "body": b"x" * (1024 * 1024), "more_body": True}
        with pytest.raises(BodyTooLarge):
            await asked(pool, "POST", messages=[part, part])
        with pytest.raises(BodyTooLarge):
            await asked(pool, "POST", headers=[(b"content-length", b"1048577")])
        with pytest.raises(MalformedRequest):
            await asked(pool, "POST", headers=[(b"content-length", b"-1")])
        with pytest.raises(MalformedRequest):
            await asked(pool, "POST", headers=[(b"content-length", b"5"), (b"transfer-encoding", b"chunked")])
        with pytest.raises(ClientLeft):
            await asked(pool, "POST", messages=[{"type": "http.disconnect"}])
        assert pool.open == 0


async def test_nobody_listens_and_too_many_ask() -> None:
    async with scripted(answering(OK)) as pool:
        port = pool.port
    with pytest.raises(ServiceUnreachable):
        await asked(Pool(f"http://127.0.0.1:{port}"))
    async with scripted(answering(OK)) as pool:
        narrow = Pool(pool.url, most=0)
        with pytest.raises(Unavailable):
            await asked(narrow)


async def test_documents_and_readiness_are_fetched() -> None:
    async with scripted(
        answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n")
    ) as pool:
        assert await fetch(pool, "/openapi.json", seconds=2) == (200, b"{}")
        assert not await is_ready(pool)
        pool.close()
    assert not await is_ready(pool)


def test_only_plain_http_addresses_are_taken() -> None:
    for url in ("https://127.0.0.1:1", "127.0.0.1:8001", "ftp://x"):
        with pytest.raises(ValueError, match="service address"):
            Pool(url)
