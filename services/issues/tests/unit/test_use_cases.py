"""Each use case publishes exactly its facts and commits once."""

from datetime import timedelta

import pytest

from services.issues.domain.errors.moments import ReportedInFuture
from services.issues.domain.place import Place
from services.issues.domain.words.issues import Outcome, State, Tier
from services.issues.tests.builders import BUILDING, COMPOUND, GRID, NOW, OFFICER, PROPERTY, RESIDENT, an_issue
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.accept_issue import AcceptIssue, accept_issue
from services.issues.use_cases.import_issues import ImportedRow, ImportIssues, import_issues
from services.issues.use_cases.rate_issue import RateIssue, rate_issue
from services.issues.use_cases.report_issue import ReportIssue, report_issue
from shared.contracts.issues import IssueAccepted, IssueClosed, IssueRated, IssueRegistered, IssueReopened
from shared.errors import Invalid, PreconditionFailed
from shared.principal import Role
from shared.testing.principals import a_principal


@pytest.fixture
def uow() -> MemoryUnitOfWork:
    return MemoryUnitOfWork()


async def test_reporting_publishes_the_registration(uow: MemoryUnitOfWork) -> None:
    issue = await report_issue(ReportIssue("gas_supply", Place(BUILDING), "楼道有煤气味", RESIDENT), uow)
    assert uow.published == [
        IssueRegistered(
            issue_id=issue.id,
            number="FCC-2026-000001",
            kind="hazard",
            category="gas_supply",
            source="resident",
            reported_by=RESIDENT.person,
            building_id=BUILDING,
            severity="danger",
            compound_id=COMPOUND,
            grid_id=GRID,
        )
    ]
    assert uow.finished == 1


async def test_accepting_publishes_the_tier_and_the_provisional_due_time(uow: MemoryUnitOfWork) -> None:
    issue = an_issue()
    await uow.issues.add(issue)
    accepted = await accept_issue(AcceptIssue(issue.id, Tier.UTILITIES, OFFICER), uow)
    assert uow.published == [
        IssueAccepted(
            issue_id=issue.id,
            number=issue.number,
            category="street_light",
            tier="utilities",
            accepted_by=OFFICER.person,
            reported_by=RESIDENT.person,
            due_at=accepted.solve_by,
        )
    ]


async def test_an_outdated_version_is_refused_and_changes_nothing(uow: MemoryUnitOfWork) -> None:
    issue = an_issue()
    await uow.issues.add(issue)
    with pytest.raises(PreconditionFailed):
        await accept_issue(AcceptIssue(issue.id, Tier.GENERAL, OFFICER, expected_version=2), uow)
    assert uow.published == []
    assert uow.issues.kept[issue.id].state is State.REGISTERED


@pytest.mark.parametrize("solved", [True, False])
async def test_a_rating_tells_the_answer_and_what_follows(uow: MemoryUnitOfWork, *, solved: bool) -> None:
    issue = an_issue(State.RESOLVED)
    await uow.issues.add(issue)
    await rate_issue(RateIssue(issue.id, solved, 3, RESIDENT), uow)
    rated, follows = uow.published
    assert rated == IssueRated(
        issue_id=issue.id,
        number=issue.number,
        category="street_light",
        solved=solved,
        satisfaction=3,
        responsible_organisation=PROPERTY,
        rated_by=RESIDENT.person,
    )
    assert isinstance(follows, IssueClosed if solved else IssueReopened)
    if isinstance(follows, IssueClosed):
        assert follows.outcome == Outcome.SOLVED
    else:
        assert follows.round == 2


async def test_an_import_brings_each_row_in_once(uow: MemoryUnitOfWork) -> None:
    admin = a_principal(Role.COMMUNITY_ADMIN)
    row = ImportedRow("24", "urban_construction", "A市", "占道施工", "　　占道。\n第二行", NOW, "A00074011")
    first = await import_issues(ImportIssues("board", (row, row), admin), uow)
    assert [(item.created, item.number) for item in first.items()] == [(True, "FCC-2026-000001")]
    again = await import_issues(ImportIssues("board", (row,), admin), uow)
    assert [(item.created, item.number) for item in again.items()] == [(False, "FCC-2026-000001")]
    (issue,) = uow.issues.kept.values()
    assert (issue.text, issue.reported_by, issue.source) == ("　　占道。\n第二行", None, "import")


async def test_a_dry_run_of_an_import_keeps_nothing(uow: MemoryUnitOfWork) -> None:
    row = ImportedRow("24", "urban_construction", "A市", None, "占道", NOW)
    result = await import_issues(ImportIssues("board", (row,), OFFICER, dry_run=True), uow)
    assert [(item.created, item.number) for item in result.items()] == [(True, None)]
    assert uow.issues.kept == {}
    assert uow.published == []


async def test_an_import_names_every_row_with_an_unknown_category(uow: MemoryUnitOfWork) -> None:
    rows = tuple(
        ImportedRow(str(n), code, "A市", None, "占道", NOW) for n, code in enumerate(("moon", "labour", "sun"))
    )
    with pytest.raises(Invalid) as refused:
        await import_issues(ImportIssues("board", rows, OFFICER), uow)
    assert list(refused.value.fields) == ["rows[0].category", "rows[2].category"]
    assert uow.issues.kept == {}


async def test_an_import_from_the_future_is_refused_row_by_row(uow: MemoryUnitOfWork) -> None:
    times = (NOW, NOW + timedelta(minutes=1), NOW - timedelta(days=900), NOW + timedelta(days=1))
    rows = tuple(ImportedRow(str(n), "labour", "A市", None, "占道", at) for n, at in enumerate(times))
    with pytest.raises(ReportedInFuture) as refused:
        await import_issues(ImportIssues("board", rows, OFFICER), uow)
    assert list(refused.value.fields) == ["rows[1].reported_at", "rows[3].reported_at"]
    assert uow.issues.kept == {}
