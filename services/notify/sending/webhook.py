"""Calls one web hook once: signed, to a checked address, without redirects, with little patience and little appetite."""

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from services.notify.domain.delivery import Delivery, Outcome
from services.notify.domain.errors import AddressRefused
from services.notify.domain.payload import CONTENT_TYPE
from services.notify.domain.signature import signed_headers
from services.notify.domain.webhook_url import webhook_url
from services.notify.sending.guard import AddressRefusedError, GuardedResolver, Lookup, system_lookup
from shared.clock import Clock

USER_AGENT = "Mulin-Webhooks/1"
LARGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read; nothing of them is kept."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Time limits of one call, in seconds."""

    total: float = 15.0
    connect: float = 5.0
    answer_body: float = 2.0
    """For the body, which does not matter, after the status has come."""


class WebhookSender:
    """Sends deliveries over HTTPS. `async with` it."""

    def __init__(
        self,
        *,
        clock: Clock,
        allowed_hosts: frozenset[str] = frozenset(),
        lookup: Lookup = system_lookup,
        patience: Patience | None = None,
    ) -> None:
        self._clock = clock
        self._allowed_hosts = allowed_hosts
        self._lookup = lookup
        self._patience = patience or Patience()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "WebhookSender":
        """Open the session."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=GuardedResolver(self._allowed_hosts, self._lookup),
                use_dns_cache=False,
                force_close=True,
                limit=0,  # the dispatcher bounds the number of calls
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._patience.total, sock_connect=self._patience.connect),
            auto_decompress=False,
            trust_env=False,
            headers={"user-agent": USER_AGENT},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def send(self, url: str, delivery: Delivery, signing_secrets: Sequence[str]) -> Outcome:
        """One try. Never raises for what the receiver or the network does."""
        at, started = self._clock.now(), time.monotonic()
        status: int | None = None
        error: str | None = None
        retry_after: timedelta | None = None
        try:
            checked = webhook_url(url, self._allowed_hosts)
            headers = {
                "content-type": CONTENT_TYPE,
                **signed_headers(str(delivery.id), at, delivery.body, signing_secrets),
            }
            status, retry_after = await self._call(checked.text, delivery.body, headers)
            if not 200 <= status < 300:
                error = "redirect" if 300 <= status < 400 else "status"
        except AddressRefused:
            error = "address-refused"
        except TimeoutError:
            error = "timeout"
        except aiohttp.ClientConnectorDNSError as failure:
            error = "address-refused" if isinstance(failure.os_error, AddressRefusedError) else "dns"
        except aiohttp.ClientSSLError:
            error = "tls"
        except (aiohttp.ClientConnectionError, OSError):
            error = "connection"
        except (aiohttp.ClientError, ValueError):
            error = "protocol"
        return Outcome(self._clock.now(), timedelta(seconds=time.monotonic() - started), status, error, retry_after)

    async def _call(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, timedelta | None]:
        if self._session is None:
            raise RuntimeError("use the sender with `async with`")
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError, ValueError):
                async with asyncio.timeout(self._patience.answer_body):
                    await _read_little(response)
            response.close()
            return response.status, _retry_after(response.headers.get("retry-after"), self._clock.now())


async def _read_little(response: aiohttp.ClientResponse) -> None:
    left = LARGEST_ANSWER
    while left > 0 and (chunk := await response.content.read(left)):
        left -= len(chunk)


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date; anything else does not count."""
    if value is None or len(value) > 64:
        return None
    if value.isascii() and value.strip().isdigit():
        return timedelta(seconds=min(int(value), 10**6))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(timedelta(0), moment - now)
