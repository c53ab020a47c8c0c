"""Things for tests: people of a community, issues in any state, and the facts a community starts from."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.issues.domain.assignment import Assignment
from services.issues.domain.category import Category
from services.issues.domain.default_categories import DEFAULT_CATEGORIES
from services.issues.domain.issue import Issue
from services.issues.domain.place import Place
from services.issues.domain.words.issues import DismissalReason, IssueKind, Level, Outcome, State, Tier
from shared.ids import new_id
from shared.principal import Principal, Role
from shared.testing.principals import a_principal

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
"""A Wednesday, 18:00 in China."""
PROPERTY = UUID("01900000-0000-7000-8000-00000000a001")
UNIT = UUID("01900000-0000-7000-8000-00000000a002")
GRID = UUID("01900000-0000-7000-8000-00000000c001")
OTHER_GRID = UUID("01900000-0000-7000-8000-00000000c002")
COMPOUND = UUID("01900000-0000-7000-8000-00000000d001")
BUILDING = UUID("01900000-0000-7000-8000-00000000b012")

RESIDENT = a_principal(Role.RESIDENT, person=UUID("01900000-0000-7000-8000-000000000001"))
NEIGHBOUR = a_principal(Role.RESIDENT, person=UUID("01900000-0000-7000-8000-000000000002"))
OFFICER = a_principal(Role.DUTY_OFFICER, person=UUID("01900000-0000-7000-8000-000000000003"))
CHAIR = a_principal(Role.MEETING_CHAIR, person=UUID("01900000-0000-7000-8000-000000000004"))
HANDLER = a_principal(Role.HANDLER, person=UUID("01900000-0000-7000-8000-000000000005"), organisation=PROPERTY)
OTHER_HANDLER = a_principal(Role.HANDLER, person=UUID("01900000-0000-7000-8000-000000000006"), organisation=UNIT)
GRID_WORKER = a_principal(Role.GRID_WORKER, person=UUID("01900000-0000-7000-8000-000000000007"))
CENTRE_HOUSEHOLD = a_principal(Role.CENTRE_HOUSEHOLD, person=UUID("01900000-0000-7000-8000-000000000008"))
ADMIN = a_principal(Role.COMMUNITY_ADMIN, person=UUID("01900000-0000-7000-8000-000000000009"))
SECRETARY = a_principal(Role.SECRETARY, person=UUID("01900000-0000-7000-8000-00000000000a"))
OFFICER_2 = a_principal(Role.DUTY_OFFICER, person=UUID("01900000-0000-7000-8000-00000000000b"))
VERIFIER = a_principal(Role.VERIFIER, person=UUID("01900000-0000-7000-8000-00000000000c"))
SUBDISTRICT = a_principal(Role.SUBDISTRICT_OFFICER, person=UUID("01900000-0000-7000-8000-00000000000d"))
PEOPLE = (
    RESIDENT,
    NEIGHBOUR,
    OFFICER,
    CHAIR,
    HANDLER,
    OTHER_HANDLER,
    GRID_WORKER,
    CENTRE_HOUSEHOLD,
    ADMIN,
    SECRETARY,
    OFFICER_2,
    VERIFIER,
    SUBDISTRICT,
)


def a_category(code: str = "street_light") -> Category:
    """One of the shipped categories."""
    return next(category for category in DEFAULT_CATEGORIES if category.code == code)


def an_assignment(organisation: UUID = PROPERTY, deadline: datetime = NOW + timedelta(days=3)) -> Assignment:
    """All four."""
    return Assignment("物业承认线路老化", organisation, deadline, "更换灯头和线路")


def an_issue(
    state: State = State.REGISTERED,
    *,
    by: Principal = RESIDENT,
    kind: IssueKind | None = None,
    category: str = "street_light",
    number: str = "FCC-2026-000001",
    assignment: Assignment | None = None,
    at: datetime = NOW,
) -> Issue:
    """An issue that went the straight way to this state; its history is not pending."""
    issue = Issue.report(
        issue_id=new_id(),
        number=number,
        category=a_category(category),
        place=Place(BUILDING, "北侧"),
        text="12号楼北侧路灯不亮",
        kind=kind,
        by=by,
        at=at,
    )
    go_to(issue, state, assignment=assignment, at=at)
    issue.happened.clear()
    return issue


WAY = (
    State.REGISTERED,
    State.ACCEPTED,
    State.ON_AGENDA,
    State.ASSIGNED,
    State.IN_PROGRESS,
    State.RESOLVED,
    State.CLOSED,
)
"""The straight way of an issue; the other states branch off from it."""
BEFORE = {State.DISMISSED: State.REGISTERED, State.WAITING: State.IN_PROGRESS, State.DEFERRED: State.IN_PROGRESS}


def go_to(issue: Issue, state: State, *, assignment: Assignment | None = None, at: datetime = NOW) -> None:
    """Take a fresh issue to this state."""
    reporter = a_principal(Role.RESIDENT, person=issue.reported_by)
    steps = WAY.index(BEFORE.get(state, state))
    if steps >= 1:
        issue.accept(tier=Tier.GENERAL, by=OFFICER, at=at)
    if steps >= 2:
        issue.place_on_agenda(meeting_id=new_id(), discussed_at=at, by=OFFICER, at=at)
    if steps >= 3:
        issue.assign(assignment or an_assignment(), by=CHAIR, at=at)
    if steps >= 4:
        issue.sign(by=HANDLER, at=at)
    if steps >= 5:
        issue.resolve(outcome=Outcome.SOLVED, public_reply="已修好", level=Level.COMPOUND, by=HANDLER, at=at)
    if state is State.CLOSED:
        issue.rate(solved=True, satisfaction=5, comment=None, by=reporter, at=at)
    if state is State.WAITING:
        issue.ask(question="是哪一盏？", by=HANDLER, at=at)
    if state is State.DEFERRED:
        review_at = at + timedelta(days=90)
        issue.propose_deferral(reason="等待改造立项", review_at=review_at, historical=False, by=HANDLER, at=at)
        issue.approve(note=None, by=SUBDISTRICT, at=at)
    if state is State.DISMISSED:
        code = DismissalReason.OTHER_AUTHORITY
        issue.propose_dismissal(reason_code=code, refer_to="供电公司 95598", reason="属供电公司", by=OFFICER, at=at)
        issue.approve(note=None, by=OFFICER_2, at=at)
