"""The signed principal that travels from the gateway to a service: an EdDSA token of at most 60 seconds.

One algorithm, fixed here and never read from the token. A verified token is remembered until it expires, because checking a signature
costs as much as the rest of a small request.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from shared.errors import Unauthenticated
from shared.ids import new_id
from shared.principal import Grant, Principal, Role

ISSUER = "mulin-gateway"
ALGORITHM = "EdDSA"
LIFETIME_SECONDS = 60
LEEWAY_SECONDS = 5
REMEMBERED_TOKENS = 4_096
LONGEST_TOKEN = 8_192
REQUIRED = ("exp", "iat", "iss", "aud", "sub")


class PrincipalSigner:
    """Signs principals. Only the gateway has the private key."""

    def __init__(self, private_key: bytes | Ed25519PrivateKey) -> None:
        key = load_pem_private_key(private_key, password=None) if isinstance(private_key, bytes) else private_key
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("the principal key must be an Ed25519 key")  # noqa: TRY004 - a wrong file, not a wrong type
        self._key = key

    def sign(self, principal: Principal, *, audience: str, lifetime_seconds: int = LIFETIME_SECONDS) -> str:
        """A token for one service (`audience`), valid for at most 60 seconds."""
        if not 0 < lifetime_seconds <= LIFETIME_SECONDS:
            raise ValueError(f"a principal lives 1 to {LIFETIME_SECONDS} seconds")
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "sub": str(principal.person),
            "iat": now,
            "exp": now + lifetime_seconds,
            "jti": str(new_id()),
            "community": principal.community,
            "kind": principal.kind,
            "lang": principal.language,
            "grants": [_grant_claim(grant) for grant in principal.grants],
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)


class PrincipalVerifier:
    """Verifies principals for one service. Takes one public key, or several while keys are being changed."""

    def __init__(self, public_key: bytes | Ed25519PublicKey, audience: str) -> None:
        self._keys = _public_keys(public_key) if isinstance(public_key, bytes) else (public_key,)
        self._audience = audience
        self._known: OrderedDict[str, tuple[float, Principal]] = OrderedDict()

    def verify(self, token: str) -> Principal:
        """The principal in a token. Raises Unauthenticated for anything but a valid, current token for this service."""
        known = self._known.get(token)
        if known is not None:
            if time.time() < known[0]:
                return known[1]
            del self._known[token]
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated
        claims = self._claims(token)
        try:
            principal = _principal(claims)
            lifetime = float(claims["exp"]) - float(claims["iat"])
        except (KeyError, TypeError, ValueError):
            raise Unauthenticated from None
        if lifetime > LIFETIME_SECONDS:
            raise Unauthenticated
        self._known[token] = (float(claims["exp"]) + LEEWAY_SECONDS, principal)
        if len(self._known) > REMEMBERED_TOKENS:
            self._known.popitem(last=False)
        return principal

    def _claims(self, token: str) -> dict[str, Any]:
        for key in self._keys:
            try:
                claims: dict[str, Any] = jwt.decode(
                    token,
                    key,
                    algorithms=[ALGORITHM],
                    audience=self._audience,
                    issuer=ISSUER,
                    leeway=LEEWAY_SECONDS,
                    options={"require": list(REQUIRED)},
                )
            except jwt.InvalidSignatureError:
                continue
            except jwt.PyJWTError:
                raise Unauthenticated from None
            return claims
        raise Unauthenticated


def _public_keys(pem: bytes) -> Sequence[Ed25519PublicKey]:
    """All public keys of a PEM file."""
    blocks = re.findall(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", pem, re.DOTALL)
    keys = [load_pem_public_key(block) for block in blocks]
    if not keys or not all(isinstance(key, Ed25519PublicKey) for key in keys):
        raise ValueError("the file must hold one or more Ed25519 public keys in PEM")
    return [key for key in keys if isinstance(key, Ed25519PublicKey)]


def _grant_claim(grant: Grant) -> dict[str, Any]:
    claim: dict[str, Any] = {"role": grant.role.value}
    if grant.organisation is not None:
        claim["organisation"] = str(grant.organisation)
    if grant.scope:
        claim["scope"] = dict(grant.scope)
    return claim


def _principal(claims: dict[str, Any]) -> Principal:
    """Raises KeyError, TypeError or ValueError for claims that are not ours."""
    kind, language, community = claims["kind"], claims["lang"], claims["community"]
    if kind not in ("person", "api_key", "device", "system") or language not in ("zh", "en"):
        raise ValueError
    if community is not None and not isinstance(community, str):
        raise TypeError
    grants = tuple(
        Grant(
            Role(claim["role"]),
            UUID(claim["organisation"]) if "organisation" in claim else None,
            {str(k): str(v) for k, v in claim.get("scope", {}).items()},
        )
        for claim in claims["grants"]
    )
    return Principal(UUID(claims["sub"]), community, grants, cast(Any, kind), cast(Any, language))
