"""Issue an API key: a program may act in one community, on behalf of an organisation, in one role."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.gateway.domain.account import ApiKey
from services.gateway.domain.errors import RoleNotGrantable
from services.gateway.domain.membership import KEY_ROLES
from services.gateway.domain.references import refuse_unknown
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import ApiKeyIssued
from shared.ids import new_id
from shared.principal import Role
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class IssueApiKey:
    """What the key is for. Its secret was made outside; only the hash comes in."""

    name: str
    role: Role
    organisation_id: UUID | None
    scope: dict[str, str]
    valid_for: timedelta
    token_hash: bytes
    shown_prefix: str
    by: UUID


@one_transaction
async def issue_api_key(command: IssueApiKey, uow: GatewayUnitOfWork) -> ApiKey:
    """Enter the key. Roles that administer people are for people only."""
    if command.role not in KEY_ROLES:
        raise RoleNotGrantable(
            "该职责不能授予程序密钥",
            "This role cannot be given to a key",
            fields={"role": ("不能授予密钥", "not for keys")},
        )
    organisation = command.organisation_id
    if organisation is not None:
        refuse_unknown("organisation_id", [organisation], await uow.organisations.unknown({organisation}))
    key = ApiKey(
        id=new_id(),
        name=command.name,
        role=command.role,
        organisation_id=organisation,
        scope=command.scope,
        shown_prefix=command.shown_prefix,
        created_by=command.by,
        created_at=uow.now(),
        expires_at=uow.now() + command.valid_for,
    )
    await uow.api_keys.add_with_secret(key, command.token_hash)
    await uow.publish(
        ApiKeyIssued(api_key_id=key.id, organisation_id=organisation, role=key.role, scope=dict(key.scope))
    )
    return key
