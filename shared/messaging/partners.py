"""Partner units on NATS: notify signs them in when the server asks (auth callout), and keeps one consumer for each.

The server sends every user that its configuration does not list to `$SYS.REQ.USER.AUTH`. Our answer is a user JWT, signed by
the issuer whose public key the server knows, that allows pulling from the partner's own consumer and acknowledging, for
a day; then the server ends the connection, and asks again at the next. A consumer that is gone ends the access of a partner at once.
"""

import base64
import binascii
import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import nkeys
import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, ReplayPolicy
from nats.js.errors import NotFoundError

from shared.messaging.connection import Broker
from shared.messaging.topology import PARTNER_STREAM, partner_consumer

log = structlog.get_logger(__name__)

AUTH_REQUESTS = "$SYS.REQ.USER.AUTH"
"""Subject on which the server asks who a connecting user is."""
ACCOUNT = "MULIN"
"""Account of the server's configuration in which partners are put."""
SIGNED_IN_FOR_SECONDS = 24 * 3600
"""As long as an old password stays valid after a rotation: whoever came in with it is out a day later at the latest."""
USER_PREFIX = "partner-"

Verify = Callable[[UUID, str], Awaitable[bool]]
"""Whether this is the password of that subscription, and the subscription may be used."""


class PartnerDoor:
    """Answers the server's questions about partners. Every replica listens; the server's question reaches one of them."""

    def __init__(self, broker: Broker, issuer_seed: str, verify: Verify) -> None:
        self._broker = broker
        self._issuer = nkeys.from_seed(bytearray(issuer_seed, "ascii"))
        self._issuer_name = self._issuer.public_key.decode()
        self._verify = verify
        self._listening = False
        broker.on_connected.append(self._listen)

    async def _listen(self) -> None:
        """Once: the client subscribes again by itself after a reconnect."""
        if not self._listening:
            self._listening = True
            await self._broker.client.subscribe(AUTH_REQUESTS, queue="partner-door", cb=self._answer)
            await self._broker.client.flush()

    async def _answer(self, message: Msg) -> None:
        try:
            asked = _claims_in(message.data)["nats"]
            user_key, server = asked["user_nkey"], asked["server_id"]["id"]
            offered = asked["connect_opts"]
        except (KeyError, TypeError, ValueError, binascii.Error):
            log.warning("an authentication request could not be read")
            return
        subscription = _subscription_in(offered.get("user"))
        if subscription is not None and await self._is_right(subscription, offered.get("pass") or ""):
            told: dict[str, Any] = {"jwt": self._user_token(user_key, subscription)}
        else:
            log.warning("a partner was refused on NATS", subscription=str(subscription))
            told = {"error": "unknown user or wrong password"}
        answer = {"sub": user_key, "aud": server, "nats": {"type": "authorization_response", "version": 2, **told}}
        await message.respond(self._signed(answer).encode())

    async def _is_right(self, subscription: UUID, password: str) -> bool:
        try:
            return await self._verify(subscription, password)
        except Exception:
            log.exception("a partner could not be checked", subscription=str(subscription))
            return False

    def _user_token(self, user_key: str, subscription: UUID) -> str:
        """What a partner may do: nothing but pull from its own consumer and acknowledge, with a reply inbox of its own."""
        consumer = partner_consumer(str(subscription))
        name = f"{consumer.stream}.{consumer.durable}"
        allowed = {
            "pub": {"allow": [f"$JS.API.CONSUMER.MSG.NEXT.{name}", f"$JS.ACK.{name}.>", f"$JS.ACK.*.*.{name}.>"]},
            "sub": {"allow": [f"_INBOX_{consumer.durable}.>"]},
            "subs": 16,
            "data": -1,
            "payload": 4096,
        }
        claims = {
            "sub": user_key,
            "aud": ACCOUNT,
            "name": consumer.durable,
            "exp": int(time.time()) + SIGNED_IN_FOR_SECONDS,
            "nats": {"type": "user", "version": 2, **allowed},
        }
        return self._signed(claims)

    def _signed(self, claims: Mapping[str, Any]) -> str:
        """A NATS JWT: Ed25519 by the issuer; `jti` is a hash of the claims, as the server expects."""
        full = {**claims, "iat": int(time.time()), "iss": self._issuer_name}
        digest = hashlib.new("sha512_256", json.dumps(full).encode()).digest()
        full["jti"] = base64.b32encode(digest).rstrip(b"=").decode()
        content = f"{_packed({'typ': 'JWT', 'alg': 'ed25519-nkey'})}.{_packed(full)}"
        return f"{content}.{_encoded(self._issuer.sign(content.encode()))}"


class PartnerConsumers:
    """The durable consumers of partners. They come and go with subscriptions, so notify makes them, not the provisioning step."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    Unavailable = NatsError
    """What the methods raise when the broker cannot be asked."""

    async def known(self) -> set[UUID]:
        """Subscriptions that have a consumer."""
        found: set[UUID] = set()
        seen = 0
        while True:
            asked = json.dumps({"offset": seen}).encode()
            answer = await self._broker.client.request(f"$JS.API.CONSUMER.NAMES.{PARTNER_STREAM}", asked, timeout=5)
            page = json.loads(answer.data)
            if "error" in page:
                raise NatsError(page["error"].get("description", "the consumers cannot be listed"))
            names = page.get("consumers") or []
            found |= {subscription for name in names if (subscription := _subscription_in(name)) is not None}
            seen += len(names)
            if not names or seen >= page["total"]:
                return found

    async def make(self, subscription: UUID) -> None:
        """Make the consumer; it starts at the first message that the stream still has."""
        wanted = partner_consumer(str(subscription))
        config = ConsumerConfig(
            name=wanted.durable,
            durable_name=wanted.durable,
            filter_subject=wanted.filter_subject,
            ack_policy=AckPolicy(wanted.ack_policy),
            deliver_policy=DeliverPolicy(wanted.deliver_policy),
            replay_policy=ReplayPolicy(wanted.replay_policy),
            ack_wait=wanted.ack_wait,
            max_deliver=-1,  # a partner that was away for days must not find its first message given up
            max_ack_pending=wanted.max_ack_pending,
        )
        await self._broker.client.jetstream(timeout=5).add_consumer(PARTNER_STREAM, config)

    async def remove(self, subscription: UUID) -> None:
        """Take the consumer away; whoever still pulls gets nothing more."""
        with suppress(NotFoundError):
            durable = partner_consumer(str(subscription)).durable
            await self._broker.client.jetstream(timeout=5).delete_consumer(PARTNER_STREAM, durable)


def partner_user(subscription: UUID) -> str:
    """NATS user name of a subscription."""
    return f"{USER_PREFIX}{subscription}"


def _subscription_in(user: object) -> UUID | None:
    if not isinstance(user, str) or not user.startswith(USER_PREFIX):
        return None
    try:
        return UUID(user.removeprefix(USER_PREFIX))
    except ValueError:
        return None


def _claims_in(token: bytes) -> Any:
    body = token.split(b".")[1]
    return json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))


def _packed(part: Mapping[str, Any]) -> str:
    return _encoded(json.dumps(part).encode())


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
