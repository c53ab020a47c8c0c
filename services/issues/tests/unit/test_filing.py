"""How a matter arrives: the source, who reports it, for whom it is filed and with what consent; and where it is."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.issues.domain.errors.filing import PlaceMismatch, ProxyIncomplete, SourceRefused
from services.issues.domain.errors.issues import IssueNotFound, PlaceMissing
from services.issues.domain.errors.master_data import UnknownCompound, UnknownGrid, UnknownPerson
from services.issues.domain.filing import DIRECT, PLAINLY, ProxyConsent, Told, arrival
from services.issues.domain.place import Place
from services.issues.domain.words.filing import ConsentWay
from services.issues.domain.words.issues import IssueKind, Source
from services.issues.locating import located
from services.issues.schemas.filing import FilingView
from services.issues.schemas.issue_views import IssueView
from services.issues.tests.builders import (
    BUILDING,
    CENTRE_HOUSEHOLD,
    COMPOUND,
    GRID,
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    NOW,
    OFFICER,
    OTHER_GRID,
    RESIDENT,
    an_issue,
)
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.report_issue import ReportIssue, report_issue
from shared.contracts.issues import IssueRegistered
from shared.ids import new_id
from shared.principal import Role
from shared.testing.principals import a_principal

PARTNER = a_principal(Role.PARTNER, person=new_id())
AGREED = ProxyConsent(ConsentWay.ORAL, NOW)


def a_report(by: object = RESIDENT, told: Told = PLAINLY, **more: object) -> ReportIssue:
    return ReportIssue("street_light", Place(BUILDING), "12号楼北侧路灯不亮", by=by, told=told, **more)  # type: ignore[arg-type]


def test_people_report_for_themselves_unless_they_say_otherwise() -> None:
    assert (arrival(RESIDENT, PLAINLY, NOW).source, arrival(RESIDENT, PLAINLY, NOW).filing) == (Source.RESIDENT, DIRECT)
    assert arrival(GRID_WORKER, PLAINLY, NOW).source is Source.GRID_WORKER
    from_partner = arrival(PARTNER, PLAINLY, NOW)
    assert (from_partner.source, from_partner.reported_by) == (Source.PARTNER, None)
    assert from_partner.filing.filed_by == PARTNER.person


async def test_a_proxy_files_for_somebody_who_then_follows_and_rates() -> None:
    uow = MemoryUnitOfWork()
    told = Told(Source.PROXY, concerned=NEIGHBOUR.person, consent=AGREED)
    issue = await report_issue(a_report(CENTRE_HOUSEHOLD, told), uow)
    assert (issue.source, issue.reported_by, issue.filing.filed_by) == (
        Source.PROXY,
        NEIGHBOUR.person,
        CENTRE_HOUSEHOLD.person,
    )
    assert issue.visible_to(NEIGHBOUR)
    assert issue.visible_to(replace(CENTRE_HOUSEHOLD, grants=()))
    (told_of,) = uow.published
    assert isinstance(told_of, IssueRegistered)
    assert (told_of.source, told_of.filed_by, told_of.grid_id) == ("proxy", CENTRE_HOUSEHOLD.person, GRID)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Told(Source.PROXY, concerned=NEIGHBOUR.person), "proxy.consent"),
        (Told(Source.PROXY, consent=AGREED), "proxy.person_id"),
        (
            Told(
                Source.PROXY,
                concerned=NEIGHBOUR.person,
                consent=ProxyConsent(ConsentWay.PHONE, NOW + timedelta(hours=1)),
            ),
            "proxy.consented_at",
        ),
        (Told(Source.GRID_WORKER, concerned=NEIGHBOUR.person, consent=AGREED), "source"),
    ],
)
def test_filing_for_somebody_needs_the_person_and_their_consent(told: Told, field: str) -> None:
    with pytest.raises(ProxyIncomplete) as refused:
        arrival(GRID_WORKER, told, NOW)
    assert field in refused.value.fields


def test_an_officer_always_files_for_somebody() -> None:
    with pytest.raises(ProxyIncomplete):
        arrival(OFFICER, PLAINLY, NOW)
    filed = arrival(OFFICER, Told(consent=AGREED, has_contact=True), NOW)
    assert (filed.source, filed.reported_by, filed.filing.filed_by) == (Source.PROXY, None, OFFICER.person)


def test_nobody_names_a_source_that_is_not_theirs() -> None:
    for who, source in ((RESIDENT, Source.PROXY), (RESIDENT, Source.VISIT), (OFFICER, Source.GRID_WORKER)):
        with pytest.raises(SourceRefused) as refused:
            arrival(who, Told(source, concerned=NEIGHBOUR.person, consent=AGREED), NOW)
        assert list(refused.value.fields) == ["source"]


async def test_the_person_concerned_must_be_known_and_the_meeting_too() -> None:
    with pytest.raises(UnknownPerson):
        await report_issue(
            a_report(CENTRE_HOUSEHOLD, Told(Source.PROXY, concerned=new_id(), consent=AGREED)), MemoryUnitOfWork()
        )
    with pytest.raises(Exception, match="meeting"):
        await report_issue(a_report(OFFICER, Told(Source.MEETING, origin_id=new_id())), MemoryUnitOfWork())


def test_what_is_found_on_the_way_counts_as_proactive() -> None:
    issue = an_issue()
    assert not FilingView.of(issue, OFFICER).proactive
    for source in (Source.VISIT, Source.MEETING, Source.PATROL, Source.GRID_WORKER):
        issue.source = source
        assert FilingView.of(issue, OFFICER).proactive


def test_an_anonymous_reporter_is_shown_to_nobody_but_themselves() -> None:
    issue = an_issue()
    issue.filing = replace(DIRECT, anonymous=True)
    assert IssueView.of(issue, RESIDENT, NOW).reported_by == RESIDENT.person
    for who in (OFFICER, HANDLER, GRID_WORKER):
        assert IssueView.of(issue, who, NOW).reported_by is None


async def test_hardship_is_read_by_those_who_need_to_know() -> None:
    issue = await report_issue(a_report(confidential=True), MemoryUnitOfWork())
    assert issue.kind is IssueKind.HARDSHIP
    assert [issue.visible_to(who) for who in (RESIDENT, OFFICER, GRID_WORKER, CENTRE_HOUSEHOLD)] == [
        True,
        True,
        False,
        False,
    ]
    with pytest.raises(IssueNotFound):
        issue.check_visible_to(NEIGHBOUR)


async def test_a_building_says_its_compound_and_grid() -> None:
    directory = MemoryUnitOfWork().directory
    assert await located(Place(BUILDING, unit="3单元"), directory) == Place(
        BUILDING, compound_id=COMPOUND, grid_id=GRID, unit="3单元"
    )
    assert (await located(Place(compound_id=COMPOUND), directory)).grid_id is None
    with pytest.raises(PlaceMismatch) as refused:
        await located(Place(BUILDING, compound_id=UUID(int=1), grid_id=OTHER_GRID), directory)
    assert list(refused.value.fields) == ["place.compound_id", "place.grid_id"]
    with pytest.raises(UnknownCompound):
        await located(Place(compound_id=UUID(int=1)), directory)
    with pytest.raises(UnknownGrid):
        await located(Place(grid_id=UUID(int=1)), directory)


def test_a_unit_needs_its_building() -> None:
    with pytest.raises(PlaceMissing):
        Place(text="北门", unit="3单元")
    with pytest.raises(PlaceMissing):
        Place()
