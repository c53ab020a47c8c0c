"""Raise a finding: it becomes an issue of source `patrol`, found before anybody complained (未诉先办)."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.issues.domain.errors.master_data import UnknownParticipant
from services.issues.domain.errors.patrols import FindingRaisedAlready, PatrolStepRefused
from services.issues.domain.filing import Told
from services.issues.domain.patrol import Finding
from services.issues.domain.words.issues import IssueKind, Source
from services.issues.domain.words.patrols import FindingKind
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.put_issue_on_record import ReportIssue, put_issue_on_record
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RaiseFinding:
    """Which finding of which patrol."""

    patrol_id: UUID
    finding_id: UUID
    by: Principal


@one_transaction
async def raise_finding(command: RaiseFinding, uow: IssuesUnitOfWork) -> Finding:
    """Make a finding an issue, once."""
    patrol = await uow.patrols.get(command.patrol_id, seen_by=command.by)
    finding = await uow.patrols.finding(patrol.id, command.finding_id)
    if finding.issue_id is not None:
        raise FindingRaisedAlready
    raised = await put_finding_on_record(finding, command.by, uow)
    if raised.issue_id is not None:
        await uow.patrols.raise_finding(raised.id, raised.issue_id)
    return raised


async def put_finding_on_record(finding: Finding, by: Principal, uow: IssuesUnitOfWork) -> Finding:
    """Put the issue of a finding on record; answers the finding with its issue."""
    if finding.place is None or finding.text is None:
        raise PatrolStepRefused("没有地点和说明的小事不能转为诉求", "A trifle without place and words cannot be raised")
    finder = finding.found_by if await _is_here(finding.found_by, uow) else None
    issue = await put_issue_on_record(
        ReportIssue(
            category=finding.category,
            place=finding.place,
            text=finding.text,
            by=by,
            kind=IssueKind.HAZARD if finding.kind is FindingKind.HAZARD else None,
            severity=finding.severity,
            told=Told(source=Source.PATROL, origin_id=finding.id, concerned=finder),
        ),
        uow,
    )
    return replace(finding, issue_id=issue.id)


async def _is_here(person: UUID, uow: IssuesUnitOfWork) -> bool:
    """What somebody found who has left the community meanwhile is raised by whoever raises it."""
    try:
        await uow.directory.check_members([person])
    except UnknownParticipant:
        return False
    return True
