"""Add residential compounds (小区) to a community."""

from dataclasses import dataclass

from services.gateway.domain.territory import Compound
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import CompoundAdded
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class NewCompound:
    """One compound with its street address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class AddCompounds:
    """All or none of them."""

    compounds: tuple[NewCompound, ...]


@one_transaction
async def add_compounds(command: AddCompounds, uow: GatewayUnitOfWork) -> list[Compound]:
    """Enter compounds."""
    compounds = [Compound(new_id(), new.name, new.address) for new in command.compounds]
    await uow.compounds.add(*compounds)
    for compound in compounds:
        await uow.publish(CompoundAdded(compound_id=compound.id, name=compound.name))
    return compounds
