"""The configuration text of nats-server: accounts, and for every user exactly the subjects it needs.

A service can publish its own facts, pull from its own consumers and ask about them, and nothing else. Partners are not
listed here: the server asks notify about every user it does not know, see `partners.py`. Nobody comes in without a password.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.nats.partners import NOTIFY_PUBLISHES, NOTIFY_SUBSCRIBES, authorization
from deploy.nats.topology import (
    MAX_FILE_STORE,
    MAX_PAYLOAD,
    PUBLISHERS,
    consumers_of,
    published_by,
    streams_of,
)

PROVISIONER = "provisioner"
SYSTEM = "sys"
ACCOUNT = "MULIN"


@dataclass(frozen=True, slots=True)
class User:
    """A NATS user with the subjects that it may publish and subscribe to."""

    name: str
    password: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


SYNC_INTERVAL = "1s"
"""How often the server calls fsync. Not `always`: what a power cut takes comes again from the outbox (docs/decisions/0012)."""


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """What differs between servers; everything else is the same everywhere."""

    port: int
    monitor_port: int
    store: Path
    host: str = "127.0.0.1"
    monitor_host: str = "127.0.0.1"
    sync_interval: str = SYNC_INTERVAL
    server_name: str = "mulin"


def inbox_prefix(user: str) -> str:
    """Prefix of the reply subjects of a user; no user can listen to the replies of another."""
    return f"_INBOX_{user}"


def wake_subject(service: str) -> str:
    """Core NATS subject on which the replicas of a service tell the one that relays that there is work."""
    return f"mulin.wake.{service}"


def service_user(service: str, password: str) -> User:
    """The user of a service."""
    publish = [*published_by(service), wake_subject(service)]
    publish += [f"$JS.API.STREAM.INFO.{stream}" for stream in streams_of(service)]
    for consumer in consumers_of(service):
        name = f"{consumer.stream}.{consumer.durable}"
        publish += [f"$JS.API.CONSUMER.INFO.{name}", f"$JS.API.CONSUMER.MSG.NEXT.{name}"]
        publish += [f"$JS.ACK.{name}.>", f"$JS.ACK.*.*.{name}.>"]  # the second form is that of servers to come
    subscribe = [f"{inbox_prefix(service)}.>", wake_subject(service)]
    if service == "notify":
        publish += NOTIFY_PUBLISHES
        subscribe += NOTIFY_SUBSCRIBES
    return User(service, password, tuple(publish), tuple(subscribe))


def provisioner_user(password: str) -> User:
    """The user of the provisioning step: the JetStream API and no messages."""
    return User(PROVISIONER, password, ("$JS.API.>",), (f"{inbox_prefix(PROVISIONER)}.>",))


def users(passwords: Mapping[str, str]) -> list[User]:
    """Every user of the account that is known by name: the services and the provisioner."""
    return [
        *(service_user(service, passwords[service]) for service in PUBLISHERS),
        provisioner_user(passwords[PROVISIONER]),
    ]


def render(server: ServerConfig, members: Sequence[User], system_password: str, issuer_public_key: str) -> str:
    """The whole configuration file. It holds passwords: write it so that only the server's user can read it.

    `issuer_public_key` belongs to the key with which notify signs partners in.
    """
    strangers = authorization(issuer_public_key, ACCOUNT, [SYSTEM, *(member.name for member in members)])
    listed = "\n".join(f"      {_user(member)}" for member in members)
    return f"""# Written by deploy/nats/config.py; changes here are lost.
server_name: {_text(server.server_name)}
listen: {_text(f"{server.host}:{server.port}")}
http: {_text(f"{server.monitor_host}:{server.monitor_port}")}
max_payload: {MAX_PAYLOAD}
jetstream {{
  store_dir: {_text(str(server.store))}
  max_mem: 64M
  max_file: {MAX_FILE_STORE}
  sync_interval: {_text(server.sync_interval)}
}}
accounts {{
  SYS {{ users: [ {{ user: {SYSTEM}, password: {_text(system_password)} }} ] }}
  {ACCOUNT} {{
    jetstream: enabled
    users: [
{listed}
    ]
  }}
}}
system_account: SYS
{strangers}"""


def _user(member: User) -> str:
    publish, subscribe = json.dumps(member.publish), json.dumps(member.subscribe)
    permissions = f"{{ publish: {{ allow: {publish} }}, subscribe: {{ allow: {subscribe} }} }}"
    return f"{{ user: {_text(member.name)}, password: {_text(member.password)}, permissions: {permissions} }}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
