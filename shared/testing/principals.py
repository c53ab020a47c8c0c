"""Signed principals for tests: `headers_of(a_principal(Role.SECRETARY))` is all a request needs."""

from collections.abc import Iterable, Mapping
from functools import cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shared.ids import new_id
from shared.principal import Grant, Principal, Role
from shared.security.authorisation import PRINCIPAL_HEADER, Authenticate, by_signed_header
from shared.security.tokens import PrincipalSigner, PrincipalVerifier

COMMUNITY = "feicuicheng"


@cache
def private_key() -> Ed25519PrivateKey:
    """The key pair of this test process."""
    return Ed25519PrivateKey.generate()


def private_pem() -> bytes:
    """The private key as the gateway reads it from its file."""
    return private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem() -> bytes:
    """The public key as services read it from their file."""
    return private_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def authenticate(service: str) -> Authenticate:
    """What `create_app(authenticate=…)` of a service takes in tests."""
    return by_signed_header(PrincipalVerifier(public_pem(), service))


def a_principal(
    *roles: Role,
    community: str | None = COMMUNITY,
    person: UUID | None = None,
    organisation: UUID | None = None,
    scope: Mapping[str, str] | None = None,
    grants: Iterable[Grant] = (),
) -> Principal:
    """Somebody with these roles, all held through one organisation."""
    held = tuple(Grant(role, organisation, scope or {}) for role in roles)
    return Principal(person or new_id(), community, (*held, *grants))


def headers_of(principal: Principal, *, service: str, key: str | None = None) -> dict[str, str]:
    """Headers of a request that the gateway would have sent for this principal: its token, and a new `Idempotency-Key`."""
    token = PrincipalSigner(private_key()).sign(principal, audience=service)
    return {PRINCIPAL_HEADER: token, "Idempotency-Key": key or str(new_id())}
