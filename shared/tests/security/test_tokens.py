import base64
import json
import time
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shared.errors import Unauthenticated
from shared.ids import new_id
from shared.principal import Grant, Principal, Role
from shared.security import tokens
from shared.security.tokens import PrincipalSigner, PrincipalVerifier

KEY = Ed25519PrivateKey.generate()
OTHER = Ed25519PrivateKey.generate()
SOMEBODY = Principal(
    new_id(),
    "feicuicheng",
    (Grant(Role.SECRETARY, new_id(), {"grid": "3"}), Grant(Role.RESIDENT)),
    kind="api_key",
    language="en",
)


def pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def verifier() -> PrincipalVerifier:
    return PrincipalVerifier(KEY.public_key(), "issues")


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    made = {
        "iss": "mulin-gateway", "aud": "issues", "sub": str(new_id()), "iat": now, "exp": now + 60,
        "community": "feicuicheng", "kind": "person", "lang": "zh", "grants": [],
    }  # fmt: skip
    return {name: value for name, value in {**made, **changes}.items() if value is not ...}


def signed(key: Any = KEY, algorithm: str = "EdDSA", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm)


def test_a_principal_arrives_as_it_was_signed(verifier: PrincipalVerifier) -> None:
    assert verifier.verify(PrincipalSigner(KEY).sign(SOMEBODY, audience="issues")) == SOMEBODY


def test_a_principal_without_community_arrives_too(verifier: PrincipalVerifier) -> None:
    nowhere = Principal(UUID(int=5), None)
    assert verifier.verify(PrincipalSigner(KEY).sign(nowhere, audience="issues")) == nowhere


@pytest.mark.parametrize("claim", ["exp", "iat", "iss", "aud", "sub", "community", "kind", "lang", "grants"])
def test_no_claim_may_be_missing(verifier: PrincipalVerifier, claim: str) -> None:
    verifier.verify(signed())
    changes: dict[str, Any] = {claim: ...}
    with pytest.raises(Unauthenticated):
        verifier.verify(signed(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "volunteers"}, {"aud": ["volunteers", "events"]}, {"iss": "mulin-gateway2"}, {"iss": "mulin"}, {"sub": "me"}, {"sub": 5},
        {"kind": "god"}, {"lang": "de"}, {"community": 5}, {"grants": "all"}, {"grants": [{"role": "emperor"}]},
        {"grants": [{}]}, {"grants": [{"role": "resident", "organisation": "x"}]}, {"grants": None},
        {"exp": "soon"}, {"iat": "now"}, {"nbf": int(time.time()) + 3_600},
    ],
)  # fmt: skip
def test_strange_claims_are_refused(verifier: PrincipalVerifier, changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        verifier.verify(signed(**changes))


def test_an_expired_token_is_refused_after_a_small_leeway(verifier: PrincipalVerifier) -> None:
    now = int(time.time())
    verifier.verify(signed(iat=now - 60, exp=now - 2))
    with pytest.raises(Unauthenticated):
        verifier.verify(signed(iat=now - 60, exp=now - tokens.LEEWAY_SECONDS - 1))
    assert tokens.LEEWAY_SECONDS <= 10


def test_a_token_that_lives_too_long_is_refused_whoever_signed_it(verifier: PrincipalVerifier) -> None:
    now = int(time.time())
    with pytest.raises(Unauthenticated):
        verifier.verify(signed(iat=now, exp=now + 3_600))
    with pytest.raises(ValueError, match="60 seconds"):
        PrincipalSigner(KEY).sign(SOMEBODY, audience="issues", lifetime_seconds=61)


def test_a_token_from_the_future_is_refused(verifier: PrincipalVerifier) -> None:
    now = int(time.time())
    with pytest.raises(Unauthenticated):
        verifier.verify(signed(iat=now + 600, exp=now + 640))


def test_another_key_another_algorithm_and_none_are_refused(verifier: PrincipalVerifier) -> None:
    public = pem(KEY)
    rsa = generate_private_key(public_exponent=65537, key_size=2048)
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=")
    payload = base64.urlsafe_b64encode(json.dumps(claims()).encode()).rstrip(b"=")
    forged = [
        signed(OTHER),
        signed(rsa, "RS256"),
        signed("a-secret-that-is-long-enough-for-hs256", "HS256"),
        f"{header.decode()}.{payload.decode()}.",
        jwt.encode(claims(), base64.b64encode(public).decode(), algorithm="HS256"),
    ]
    for token in forged:
        with pytest.raises(Unauthenticated):
            verifier.verify(token)


def test_every_changed_byte_of_a_token_is_noticed(verifier: PrincipalVerifier) -> None:
    token = signed()
    verifier.verify(token)
    for index in range(0, len(token) - 2, 7):
        spoilt = token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :]
        with pytest.raises(Unauthenticated):
            verifier.verify(spoilt)


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "Bearer x", "翡翠城", "a" * 10_000, "\x00"])
def test_what_is_no_token_is_refused(verifier: PrincipalVerifier, token: str) -> None:
    with pytest.raises(Unauthenticated):
        verifier.verify(token)


def test_while_keys_change_both_are_taken() -> None:
    verifier = PrincipalVerifier(pem(OTHER) + pem(KEY), "issues")
    for key in (KEY, OTHER):
        verifier.verify(signed(key))
    with pytest.raises(Unauthenticated):
        verifier.verify(signed(Ed25519PrivateKey.generate()))


def test_a_file_that_is_no_ed25519_key_is_refused_at_start() -> None:
    rsa = generate_private_key(public_exponent=65537, key_size=2048)
    rsa_public = rsa.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for content in (b"", b"nonsense", rsa_public):
        with pytest.raises(ValueError, match="Ed25519"):
            PrincipalVerifier(content, "issues")
    with pytest.raises(ValueError, match="Ed25519"):
        PrincipalSigner(rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    own = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert (
        PrincipalVerifier(pem(KEY), "issues").verify(PrincipalSigner(own).sign(SOMEBODY, audience="issues")) == SOMEBODY
    )


def test_a_remembered_token_is_not_checked_again_but_expires_all_the_same(
    verifier: PrincipalVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = signed()
    first = verifier.verify(token)
    monkeypatch.setattr(jwt, "decode", lambda *_, **__: pytest.fail("checked again"))
    assert verifier.verify(token) is first
    monkeypatch.undo()
    later = time.time() + 120
    monkeypatch.setattr(time, "time", lambda: later)
    assert later > 0
    monkeypatch.setattr(jwt, "decode", refuse)
    with pytest.raises(Unauthenticated):
        verifier.verify(token)


def refuse(*_: object, **__: object) -> None:
    raise jwt.ExpiredSignatureError


def test_the_memory_of_tokens_is_bounded(verifier: PrincipalVerifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "REMEMBERED_TOKENS", 3)
    first = signed()
    for token in (first, *(signed() for _ in range(5))):
        verifier.verify(token)
    assert len(verifier._known) == 3
    assert first not in verifier._known


def test_a_refused_token_is_not_remembered(verifier: PrincipalVerifier) -> None:
    with pytest.raises(Unauthenticated):
        verifier.verify(signed(OTHER))
    assert len(verifier._known) == 0
