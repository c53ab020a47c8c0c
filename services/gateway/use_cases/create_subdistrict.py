"""Create a subdistrict: an operator takes a street office onto the platform."""

from dataclasses import dataclass

from services.gateway.domain.community import Subdistrict, check_slug
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import SubdistrictCreated
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CreateSubdistrict:
    """A street office with its slug and names."""

    slug: str
    name: str
    name_en: str


@one_transaction
async def create_subdistrict(command: CreateSubdistrict, uow: GatewayUnitOfWork) -> Subdistrict:
    """Put a subdistrict into the directory."""
    subdistrict = Subdistrict(new_id(), check_slug(command.slug), command.name, command.name_en, uow.now())
    await uow.directory.add_subdistrict(subdistrict)
    await uow.publish(
        SubdistrictCreated(
            subdistrict_id=subdistrict.id,
            subdistrict=subdistrict.slug,
            name=subdistrict.name,
            name_en=subdistrict.name_en,
        )
    )
    return subdistrict
