"""How partner units come in: nats-server asks notify about every user it does not know (auth callout).

A partner's password is made when its subscription is created and only its hash is kept, in notify's database. The server has
no list of partners, so nothing is written to its configuration and nothing is reloaded when one comes or goes. It knows only the
public key of the issuer: notify signs, for each connection, what this one partner may do (pull from its own durable consumer
and acknowledge) and until when. Users of the configuration never reach notify; a wrong password of theirs is refused at once.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

import nkeys

from shared.messaging.partners import AUTH_REQUESTS
from shared.messaging.topology import PARTNER_STREAM

NOTIFY_PUBLISHES = (
    "$SYS._INBOX.>",  # its answers to the server's questions
    f"$JS.API.CONSUMER.CREATE.{PARTNER_STREAM}.>",
    f"$JS.API.CONSUMER.DELETE.{PARTNER_STREAM}.>",
    f"$JS.API.CONSUMER.DURABLE.CREATE.{PARTNER_STREAM}.>",  # what the client library uses for durables without a filter
    f"$JS.API.CONSUMER.NAMES.{PARTNER_STREAM}",
)
"""What the user `notify` may publish besides its facts: it makes and deletes the consumers of partners, of no other stream."""

NOTIFY_SUBSCRIBES = (AUTH_REQUESTS,)
"""What the user `notify` may subscribe to besides its inbox. No other user may: the questions hold passwords."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """The key with which notify signs partners in. The seed goes to notify only (MULIN_NATS_ISSUER_SEED)."""

    seed: str
    public_key: str


def new_issuer() -> Issuer:
    """A new signing key, made once per installation."""
    return issuer_of(nkeys.encode_seed(secrets.token_bytes(32), nkeys.PREFIX_BYTE_ACCOUNT).decode())


def issuer_of(seed: str) -> Issuer:
    """The signing key with this seed, as kept in a secret file."""
    return Issuer(seed, nkeys.from_seed(bytearray(seed, "ascii")).public_key.decode())


def authorization(issuer_public_key: str, account: str, known_users: Iterable[str]) -> str:
    """The block of the server's configuration that sends every user but the known ones to notify."""
    users = json.dumps(sorted(known_users))
    return (
        f"authorization {{\n  auth_callout {{ issuer: {json.dumps(issuer_public_key)}, account: {json.dumps(account)},"
        f" auth_users: {users} }}\n}}\n"
    )
