"""Open a community: its ledger and the points rules of its template."""

from dataclasses import dataclass
from datetime import datetime

from services.volunteers.domain.points_rule import rules_of_template
from services.volunteers.ports import VolunteersUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class OpenCommunity:
    """`since` is when the community was created: its rules count from then on."""

    since: datetime


@one_transaction
async def open_community(command: OpenCommunity, uow: VolunteersUnitOfWork) -> None:
    """Prepare everything the community needs here."""
    await uow.people.open_community(command.since)
    await uow.ledger.open(command.since)
    for rule in rules_of_template(command.since):
        await uow.rules.add(rule)
