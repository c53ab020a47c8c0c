"""Revoke an API key: the program that holds it is turned away from now on."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.domain.account import ApiKey
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import ApiKeyRevoked
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    """Which key, by whom."""

    key_id: UUID
    by: UUID
    expected_version: int | None = None


@one_transaction
async def revoke_api_key(command: RevokeApiKey, uow: GatewayUnitOfWork) -> ApiKey:
    """Make the key useless."""
    key = await uow.api_keys.get(command.key_id, command.expected_version)
    key.revoke(command.by, uow.now())
    await uow.api_keys.save(key)
    await uow.publish(ApiKeyRevoked(api_key_id=key.id, organisation_id=key.organisation_id))
    return key
