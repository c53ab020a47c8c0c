"""Register organisations that take part in a community: property companies, partner units, branches …"""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.domain.organisation import Organisation, OrganisationKind
from services.gateway.domain.references import refuse_unknown
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import OrganisationRegistered
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """One organisation to register."""

    kind: OrganisationKind
    name: str
    name_en: str
    parent_id: UUID | None


@dataclass(frozen=True, slots=True)
class RegisterOrganisations:
    """All or none of them."""

    organisations: tuple[NewOrganisation, ...]


@one_transaction
async def register_organisations(command: RegisterOrganisations, uow: GatewayUnitOfWork) -> list[Organisation]:
    """Enter organisations; a parent must be registered before."""
    parents = [new.parent_id for new in command.organisations]
    refuse_unknown("parent_id", parents, await uow.organisations.unknown({p for p in parents if p}))
    organisations = [
        Organisation(new_id(), new.kind, new.name, new.name_en, new.parent_id, uow.now())
        for new in command.organisations
    ]
    await uow.organisations.add(*organisations)
    for organisation in organisations:
        await uow.publish(
            OrganisationRegistered(
                organisation_id=organisation.id,
                kind=organisation.kind,
                name=organisation.name,
                name_en=organisation.name_en,
                parent_id=organisation.parent_id,
            )
        )
    return organisations
