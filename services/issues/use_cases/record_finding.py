"""Record what was found on the way: a hazard or problem becomes an issue in the same step, a trifle is one tap and counts."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.patrol import Finding
from services.issues.domain.place import Place
from services.issues.domain.words.issues import Tier
from services.issues.domain.words.patrols import FindingKind
from services.issues.locating import located
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.raise_finding import put_finding_on_record
from shared.contracts.issues import PatrolFindingRecorded
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """What was found. Only a trifle may come without place and words. `raised`: make it an issue at once."""

    patrol_id: UUID
    kind: FindingKind
    category: str
    by: Principal
    place: Place | None = None
    text: str | None = None
    severity: Tier | None = None
    raised: bool = False


@one_transaction
async def record_finding(command: RecordFinding, uow: IssuesUnitOfWork) -> Finding:
    """Keep a finding of somebody who is under way."""
    by = command.by
    patrol = await uow.patrols.get(command.patrol_id, seen_by=by)
    patrol.check_walking(by)
    category = await uow.directory.category(command.category)
    place = await located(command.place, uow.directory) if command.place is not None else None
    finding = Finding(
        id=new_id(),
        patrol_id=patrol.id,
        kind=command.kind,
        category=category.code,
        severity=command.severity or category.tier,
        place=place,
        text=command.text,
        found_by=by.person,
        at=uow.now(),
    )
    if command.raised:
        finding = await put_finding_on_record(finding, by, uow)
    await uow.patrols.add_finding(finding)
    await uow.publish(
        PatrolFindingRecorded(
            patrol_id=patrol.id,
            finding_id=finding.id,
            kind=finding.kind,
            category=finding.category,
            severity=finding.severity,
            found_by=finding.found_by,
            issue_id=finding.issue_id,
        )
    )
    return finding
