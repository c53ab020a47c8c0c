"""The pieces of the front: addresses, credentials, limits, the route table, the memory of callers."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.gateway.domain.account import Account, Session, SessionKind
from services.gateway.domain.errors import CommunityNotFound
from services.gateway.front.address import address_of, networks
from services.gateway.front.credentials import ForgedRequest, csrf_token, token_of
from services.gateway.front.limits import Buckets, Rate
from services.gateway.front.routes import RESOURCES, SERVICE_OF, Target, target_of
from services.gateway.identity.callers import Callers
from services.gateway.settings import service_urls
from services.gateway.storage.identity import HeldRole, KeyHolder
from shared.clock import FrozenClock
from shared.errors import TooMany, Unauthenticated
from shared.principal import Role
from shared.security.tokens import PrincipalSigner, PrincipalVerifier
from shared.testing.principals import private_key, public_pem

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def a_scope(method: str = "GET", peer: str = "10.1.2.3", **headers: str) -> dict[str, Any]:
    listed = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": method, "headers": listed, "client": (peer, 4711)}


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/api/v1/communities/feicuicheng/issues", Target("issues", "feicuicheng")),
        ("/api/v1/communities/feicuicheng/issues/1/accept", Target("issues", "feicuicheng")),
        ("/api/v1/communities/feicuicheng/wishes/x", Target("volunteers", "feicuicheng")),
        ("/api/v1/communities/feicuicheng/buildings", Target(None, "feicuicheng")),
        ("/api/v1/communities/feicuicheng", Target(None, "feicuicheng")),
        ("/api/v1/communities/", Target(None, None)),
        ("/api/v1/communities", Target(None, None)),
        ("/api/v1/communities//issues", Target("issues", None)),
        ("/api/v1/communities/a/issuesx", Target(None, "a")),
        ("/api/v1/operations/notify/dead-letters", Target("notify", None)),
        ("/api/v1/operations/gateway/dead-letters", Target(None, None)),
        ("/api/v1/operations/", Target(None, None)),
        ("/api/v1/me", Target(None, None)),
        ("/", Target(None, None)),
    ],
)
def test_the_route_table_is_read_by_its_prefixes(path: str, target: Target) -> None:
    assert target_of(path) == target


def test_a_resource_has_one_owner() -> None:
    assert len(SERVICE_OF) == sum(len(owned) for owned in RESOURCES.values())


def test_the_address_is_that_of_the_peer_unless_it_is_a_proxy_of_ours() -> None:
    trusted = networks("10.0.0.0/8, 127.0.0.1")
    chain = "6.6.6.6, 203.0.113.9, 10.9.9.9"
    assert address_of(a_scope(x_forwarded_for=chain)) == "10.1.2.3"
    assert address_of(a_scope(x_forwarded_for=chain), trusted) == "203.0.113.9"
    assert address_of(a_scope(peer="198.51.100.7", x_forwarded_for=chain), trusted) == "198.51.100.7"
    assert address_of(a_scope(), trusted) == "10.1.2.3"
    assert address_of(a_scope(x_forwarded_for="nonsense"), trusted) == "nonsense"
    assert address_of({**a_scope(), "client": None}) == ""


def test_addresses_of_one_ipv6_subscriber_are_one() -> None:
    first, second = (address_of(a_scope(peer=f"2001:db8:1:2:{n}::1")) for n in (1, 2))
    assert first == second == "2001:db8:1:2::/64"
    assert address_of(a_scope(peer="2001:db8:1:3::1")) != first
    assert address_of(a_scope(peer="::nonsense::")) == "unknown"


def test_credentials_come_as_bearer_key_or_cookie() -> None:
    assert token_of(a_scope()) is None
    assert token_of(a_scope(authorization="Bearer abc")) == "abc"
    assert token_of(a_scope(authorization="bearer abc ")) == "abc"
    assert token_of(a_scope(x_api_key="mlk_x")) == "mlk_x"
    assert token_of(a_scope(cookie="a=b; __Host-sid=xyz; c=d")) == "xyz"
    assert token_of(a_scope(cookie="sid=xyz")) is None
    for wrong in ("Basic abc", "Bearer", "Bearer ", "abc"):
        with pytest.raises(Unauthenticated):
            token_of(a_scope(authorization=wrong))


def test_a_cookie_changes_nothing_without_its_proof() -> None:
    cookie = "__Host-sid=xyz"
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        with pytest.raises(ForgedRequest):
            token_of(a_scope(method, cookie=cookie))
        with pytest.raises(ForgedRequest):
            token_of(a_scope(method, cookie=cookie, x_csrf_token="é"))
        with pytest.raises(ForgedRequest):
            token_of(a_scope(method, cookie=cookie, x_csrf_token=csrf_token("xyz"), sec_fetch_site="same-site"))
        assert token_of(a_scope(method, cookie=cookie, x_csrf_token=csrf_token("xyz"))) == "xyz"


def test_a_bucket_empties_and_says_when_to_come_back() -> None:
    buckets: Buckets[str] = Buckets(Rate(per_second=0.5, burst=3), most=2)
    for _ in range(3):
        buckets.admit("a")
    with pytest.raises(TooMany) as refused:
        buckets.admit("a")
    assert refused.value.retry_after_seconds == 2
    buckets.admit("b")
    buckets.admit("c")  # pushes out the one that was used longest ago
    buckets.admit("a")
    endless: Buckets[str] = Buckets(Rate(0, 0))
    for _ in range(100):
        endless.admit("a")


def test_service_addresses_name_known_services() -> None:
    assert service_urls("issues=http://a:1, notify=http://b:2") == {"issues": "http://a:1", "notify": "http://b:2"}
    assert service_urls("") == {}
    with pytest.raises(ValueError, match="weather"):
        service_urls("weather=http://a:1")


class Known:
    """A lookup that counts."""

    def __init__(self) -> None:
        self.person = uuid4()
        self.roles = [HeldRole("feicuicheng", Role.RESIDENT, None, {})]
        self.kind = SessionKind.BEARER
        self.asked: list[str] = []
        self.disabled_at: datetime | None = None
        self.key: KeyHolder | None = None

    async def session_by(self, token_hash: bytes) -> tuple[Session, Account] | None:
        self.asked.append("session")
        account = Account(self.person, "zhang", "张三", "", "en", NOW, disabled_at=self.disabled_at)
        session = Session(uuid4(), self.person, token_hash, self.kind, NOW, NOW, NOW + timedelta(hours=8))
        return session, account

    async def key_by(self, token_hash: bytes) -> KeyHolder | None:  # noqa: ARG002 - of the protocol
        return self.key

    async def roles_of(self, person_id: UUID, communities: Any = None) -> list[HeldRole]:
        self.asked.append("roles")
        assert person_id == self.person
        return [role for role in self.roles if role.community in communities]

    async def touch(self, session_id: UUID, at: datetime) -> None:  # noqa: ARG002 - of the protocol
        self.asked.append("touch")

    async def community_exists(self, slug: str) -> bool:
        self.asked.append("community")
        return slug == "feicuicheng"


def callers_of(known: Known, clock: FrozenClock | None = None) -> Callers:
    return Callers(known, PrincipalSigner(private_key()), clock or FrozenClock(NOW))


async def test_a_caller_is_looked_up_once_and_signed_for_each_service_apart() -> None:
    known = Known()
    callers = callers_of(known)
    _, signed = await callers.signed("mls_a", "feicuicheng", "issues")
    assert (await callers.signed("mls_a", "feicuicheng", "issues"))[1] is signed
    assert known.asked == ["session", "roles", "community"]
    principal = PrincipalVerifier(public_pem(), "issues").verify(signed)
    assert (principal.person, principal.language, principal.kind) == (known.person, "en", "person")
    _, other = await callers.signed("mls_a", "feicuicheng", "events")
    assert PrincipalVerifier(public_pem(), "events").verify(other).roles == frozenset({Role.RESIDENT})
    with pytest.raises(Unauthenticated):
        PrincipalVerifier(public_pem(), "issues").verify(other)
    assert known.asked == ["session", "roles", "community"]


async def test_a_change_makes_everything_be_looked_up_again() -> None:
    known = Known()
    callers = callers_of(known)
    await callers.signed("mls_a", "feicuicheng", "issues")
    known.roles = []
    callers.forget()
    with pytest.raises(CommunityNotFound):
        await callers.signed("mls_a", "feicuicheng", "issues")


async def test_what_was_being_looked_up_during_a_change_is_not_remembered() -> None:
    known = Known()
    callers = callers_of(known)
    before = known.roles_of

    async def while_it_changes(person_id: UUID, communities: Any = None) -> list[HeldRole]:
        found = await before(person_id, communities)
        callers.forget()
        return found

    known.roles_of = while_it_changes  # type: ignore[method-assign]
    await callers.signed("mls_a", "feicuicheng", "issues")
    known.roles_of = before  # type: ignore[method-assign]
    known.roles = []
    with pytest.raises(CommunityNotFound):
        await callers.signed("mls_a", "feicuicheng", "issues")


async def test_no_role_in_a_community_and_no_such_community_are_the_same() -> None:
    known = Known()
    known.roles.append(HeldRole("all", Role.OPERATOR, None, {}))
    callers = callers_of(known)
    assert (await callers.principal("mls_a", None)).community == "all"
    with pytest.raises(CommunityNotFound):
        await callers.principal("mls_a", "nowhere")
    known.roles = []
    callers.forget()
    with pytest.raises(CommunityNotFound):
        await callers.principal("mls_a", "feicuicheng")
    assert (await callers.principal("mls_a", None)).grants == ()


async def test_a_disabled_account_and_strange_tokens_are_nobody() -> None:
    known = Known()
    callers = callers_of(known)
    for token in ("", "abc", "mls_" + "a" * 300, "mls_é", "mlk_x"):
        with pytest.raises(Unauthenticated):
            await callers.caller(token)
    known.disabled_at = NOW
    with pytest.raises(Unauthenticated):
        await callers.caller("mls_a")


async def test_a_session_is_over_when_its_time_is() -> None:
    known = Known()
    clock = FrozenClock(NOW)
    callers = callers_of(known, clock)
    clock.advance(timedelta(hours=8))
    with pytest.raises(Unauthenticated):
        await callers.caller("mls_a")


async def test_a_browser_session_is_marked_as_used_once_a_minute() -> None:
    known = Known()
    known.kind = SessionKind.COOKIE
    clock = FrozenClock(NOW)
    callers = callers_of(known, clock)
    await callers.caller("mls_a")
    assert "touch" not in known.asked
    clock.advance(timedelta(minutes=2))
    callers.forget()
    await callers.caller("mls_a")
    assert known.asked.count("touch") == 1


async def test_a_key_is_somebody_in_its_community_only() -> None:
    known = Known()
    grant = HeldRole("feicuicheng", Role.PARTNER, uuid4(), {})
    known.key = KeyHolder(uuid4(), grant, NOW + timedelta(days=1), revoked=False)
    callers = callers_of(known)
    principal = await callers.principal("mlk_a", "feicuicheng")
    assert (principal.kind, principal.person) == ("api_key", known.key.key_id)
    assert principal.organisations(Role.PARTNER) == {grant.organisation_id}
    with pytest.raises(CommunityNotFound):
        await callers.principal("mlk_a", "yuehu")
    assert (await callers.principal("mlk_a", None)).grants == ()
    known.key = KeyHolder(known.key.key_id, grant, NOW + timedelta(days=1), revoked=True)
    callers.forget()
    with pytest.raises(Unauthenticated):
        await callers.principal("mlk_a", "feicuicheng")
