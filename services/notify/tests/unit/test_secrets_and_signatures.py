"""Secrets are sealed for one subscription; signatures and documents are what the libraries of others read."""

import base64
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from services.notify.credentials import Vault, is_password
from services.notify.domain.addresses import is_public
from services.notify.domain.payload import CONTENT_TYPE, PartnerMessage, allowed_data
from services.notify.domain.signature import new_secret, signed_headers
from services.notify.domain.subscription import Channel
from shared.ids import new_id
from shared.security.sealing import SealBroken, seal_of

SEAL = seal_of(base64.b64encode(bytes(32)).decode())


def a_partner_message(**data: object) -> PartnerMessage:
    at = datetime(2026, 11, 25, 10, tzinfo=UTC)
    return PartnerMessage(new_id(), "issues.issue_registered.v1", new_id(), at, "feicuicheng", new_id(), 42, data)


@given(text=st.text(max_size=300))
def test_every_body_verifies_with_the_library_of_the_specification(text: str) -> None:
    body, secrets = text.encode("utf-8", "replace"), [new_secret(), new_secret()]
    headers = signed_headers("msg_1", datetime.now(UTC), body, secrets)
    for secret in secrets:
        Webhook(secret).verify(body, headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(secrets[0]).verify(body + b"x", headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body, headers, json_parse=False)


def test_a_secret_is_long_and_never_the_same() -> None:
    secrets = {new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert all(24 <= len(base64.b64decode(secret.removeprefix("whsec_"))) <= 64 for secret in secrets)


def test_the_document_is_a_cloudevent_with_the_sequence_extension() -> None:
    message = a_partner_message(number="FCC-2026-000123", due_at=datetime(2026, 12, 2, tzinfo=UTC), round=None)
    event = from_structured_event(HTTPMessage({"content-type": CONTENT_TYPE}, message.body()))
    assert event.get_id() == str(message.id)
    assert event.get_type() == "cn.mulin.issues.issue_registered.v1"
    assert event.get_source() == "/mulin/issues"
    assert event.get_subject() == str(message.subject)
    assert event.get_time() == message.time
    assert event.get_extension("sequence") == "42"
    assert event.get_extension("sequencetype") == "Integer"
    assert event.get_extension("community") == "feicuicheng"
    assert event.get_data() == {"number": "FCC-2026-000123", "due_at": "2026-12-02T00:00:00Z", "round": None}


@pytest.mark.parametrize("value", [{"name": "张三"}, ["x"], 1.5, b"x"])
def test_only_plain_values_leave_the_platform(value: object) -> None:
    with pytest.raises(TypeError):
        a_partner_message(field=value).body()


def test_fields_that_are_not_on_the_list_stay_here() -> None:
    fields = {"issue_id": 1, "reported_by": 2, "invented_later": 3}
    assert allowed_data(fields, ("issue_id", "absent")) == {"issue_id": 1}


def test_a_sealed_secret_opens_only_for_its_subscription() -> None:
    vault, subscription = Vault(SEAL), new_id()
    issued = vault.issue(Channel.WEBHOOK, subscription)
    assert issued.shown.startswith("whsec_")
    assert issued.shown.encode() not in issued.kept
    assert vault.open(issued.kept, subscription) == issued.shown
    with pytest.raises(SealBroken):
        vault.open(issued.kept, new_id())


def test_a_password_is_kept_as_a_hash() -> None:
    issued = Vault(SEAL).issue(Channel.NATS, new_id())
    assert issued.shown.encode() not in issued.kept
    assert is_password(issued.shown, [b"other", issued.kept])
    assert not is_password(issued.shown + "x", [issued.kept])
    assert not is_password("", [])


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "223.5.5.5", "2606:4700:4700::1111", "2400:3200::1"])
def test_public_addresses_may_be_reached(address: str) -> None:
    assert is_public(address)
