"""What the gateway signs is taken by the service it is meant for; everything else that looks like it is refused."""

import base64
import json
import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.responses import Response

from shared.http.app import create_app
from shared.http.routing import Router
from shared.ids import new_id
from shared.principal import Principal, Role
from shared.security.authorisation import allow
from shared.security.tokens import PrincipalSigner
from shared.testing.client import Client
from shared.testing.principals import a_principal, authenticate, private_key, public_pem

PATH = "/api/v1/communities/feicuicheng/things"


class Action(StrEnum):
    """Of the service in this test."""

    SEE = "see"


router = Router(prefix="/api/v1/communities/{community}")


@router.get("/things")
async def things(_who: Annotated[Principal, allow(Action.SEE)]) -> Response:
    """Anything."""
    return Response(b"seen")


def a_service() -> Client:
    permissions: Mapping[Any, frozenset[Role]] = {Action.SEE: frozenset({Role.RESIDENT})}
    return Client(
        create_app(service="issues", routers=[router], permissions=permissions, authenticate=authenticate("issues"))
    )


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    given = {
        "iss": "mulin-gateway",
        "aud": "issues",
        "sub": str(new_id()),
        "iat": now,
        "exp": now + 60,
        "jti": str(new_id()),
        "community": "feicuicheng",
        "kind": "person",
        "lang": "zh",
        "grants": [{"role": "resident"}],
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def signed(**changes: Any) -> str:
    return jwt.encode(claims(**changes), private_key(), algorithm="EdDSA")


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(algorithm: str) -> str:
    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims())}."


def tampered() -> str:
    head, _, signature = signed().split(".")
    return f"{head}.{part(claims(grants=[{'role': 'operator'}]))}.{signature}"


NOW = int(time.time())
ATTACKS = {
    "nothing": "",
    "no token at all": "let-me-in",
    "algorithm none": unsigned("none"),
    "algorithm None": unsigned("None"),
    "another key": jwt.encode(claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA"),
    "HMAC by its head": f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims())}.AAAA",
    "HMAC signed": jwt.encode(claims(), public_pem().hex(), algorithm="HS256"),
    "changed after signing": tampered(),
    "expired": signed(iat=NOW - 120, exp=NOW - 60),
    "not yet valid": signed(iat=NOW + 3600, exp=NOW + 3660),
    "for another service": signed(aud="volunteers"),
    "for several services": signed(aud=["volunteers", "events"]),
    "from somebody else": signed(iss="mulin-other"),
    "good for an hour": signed(exp=NOW + 3600),
    "without an end": signed(exp=None),
    "without a beginning": signed(iat=None),
    "without a person": signed(sub=None),
    "a person that is none": signed(sub="zhang"),
    "a role that is none": signed(grants=[{"role": "king"}]),
    "grants that are none": signed(grants="all"),
    "a key named in the token": jwt.encode(
        claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": "x", "jku": "http://127.0.0.1/"}
    ),
    "much too long": "a" * 9000,
}


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
async def test_a_forged_principal_is_refused(attack: str) -> None:
    async with a_service() as service:
        answer = await service.get(PATH, headers={"X-Mulin-Principal": ATTACKS[attack]})
        assert (answer.status, answer.slug) == (401, "unauthenticated")


async def test_a_right_one_is_taken_in_its_community_and_role_only() -> None:
    async with a_service() as service:
        sign = PrincipalSigner(private_key()).sign

        async def status(principal: Principal) -> int:
            token = sign(principal, audience="issues")
            return (await service.get(PATH, headers={"X-Mulin-Principal": token})).status

        assert await status(a_principal(Role.RESIDENT)) == 200
        assert await status(a_principal(Role.PARTNER)) == 403
        assert await status(a_principal(Role.RESIDENT, community="yuehu")) == 404
        assert await status(a_principal(Role.RESIDENT, community=None)) == 404


@pytest.mark.parametrize("seconds", [0, -1, 61, 3600])
def test_the_gateway_signs_nothing_that_lasts_longer_than_a_minute(seconds: int) -> None:
    with pytest.raises(ValueError, match="60 seconds"):
        PrincipalSigner(private_key()).sign(a_principal(Role.RESIDENT), audience="issues", lifetime_seconds=seconds)
