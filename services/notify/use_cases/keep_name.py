"""Keep our copy of public names: of the community and of the organisations that take part in it."""

from dataclasses import dataclass
from uuid import UUID

from services.notify.ports import NotifyUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class KeepName:
    """A public name; without an organisation it is the community's own."""

    name: str
    organisation: UUID | None = None
    kind: str = ""


@one_transaction
async def keep_name(command: KeepName, uow: NotifyUnitOfWork) -> None:
    """Note the name, for texts such as “由××物业办理”."""
    if command.organisation is None:
        await uow.directory.remember_community(command.name)
    else:
        await uow.directory.remember_organisation(command.organisation, command.kind, command.name)
