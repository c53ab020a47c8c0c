"""Set how many must be there for meetings of a kind to decide."""

from dataclasses import dataclass

from services.issues.domain.meetings.quorum import QuorumRule
from services.issues.domain.words.meetings import MeetingKind
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class SetQuorum:
    """Which kind of meeting, and the rule."""

    kind: MeetingKind
    rule: QuorumRule
    by: Principal


@one_transaction
async def set_quorum(command: SetQuorum, uow: IssuesUnitOfWork) -> SetQuorum:
    """Decide on a quorum; meetings closed before keep the one they were closed under."""
    await uow.meeting_rules.keep_quorum(command.kind, command.rule, by=command.by.person, at=uow.now())
    return command
