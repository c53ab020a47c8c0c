"""The issue (诉求): a resident's matter from the call to the confirmed result. Every step goes through the transition table."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.issues.domain.assignment import Assignment, check_in_future
from services.issues.domain.card import Card
from services.issues.domain.category import Category
from services.issues.domain.errors.issues import ConflictOfInterest, IssueNotFound, NotTheirStep, TransitionRefused
from services.issues.domain.history import HistoryEntry
from services.issues.domain.place import Place
from services.issues.domain.refusals import Refusal, RefusalKind, refusal
from services.issues.domain.resolution import Quantity, Rating, Resolution
from services.issues.domain.transitions import FROM
from services.issues.domain.words.issues import IssueKind, Level, Outcome, Source, State, Tier, Verb
from services.issues.domain.words.publicity import Consent
from shared.principal import Principal, Role

TIME_TO_SOLVE = {
    Tier.DANGER: timedelta(hours=2),
    Tier.UTILITIES: timedelta(hours=24),
    Tier.GENERAL: timedelta(days=7),
    Tier.COMPLEX: timedelta(days=15),
}
"""Plain wall-clock time from registration. Provisional: the working calendar, which skips holidays, is a later issue."""

READERS = frozenset(
    {Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN, Role.MEETING_CHAIR, Role.GRID_WORKER}
    | {Role.VERIFIER, Role.CENTRE_HOUSEHOLD}
)
"""Who reads every issue of the community."""
DISPUTE_READERS = frozenset({Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN, Role.MEETING_CHAIR})
"""Disputes between neighbours are private: fewer people read them."""


@dataclass(slots=True, kw_only=True)
class Issue:
    """One matter of one community. `version` counts its changes; `happened` holds the history not yet stored."""

    id: UUID
    number: str
    kind: IssueKind
    category: str
    severity: Tier
    place: Place
    title: str
    text: str
    source: Source
    reported_by: UUID | None
    registered_at: datetime
    reported_at: datetime
    state: State = State.REGISTERED
    tier: Tier | None = None
    solve_by: datetime | None = None
    assignment: Assignment | None = None
    meeting_id: UUID | None = None
    resolution: Resolution | None = None
    outcome: Outcome | None = None
    rating: Rating | None = None
    accepted_at: datetime | None = None
    discussed_at: datetime | None = None
    assigned_at: datetime | None = None
    signed_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    round: int = 1
    consent: Consent = Consent.PRIVATE
    card: Card | None = None
    joined: int = 0
    version: int = 1
    happened: list[HistoryEntry] = field(default_factory=list)

    @classmethod
    def report(
        cls,
        *,
        issue_id: UUID,
        number: str,
        category: Category,
        place: Place,
        text: str,
        by: Principal,
        at: datetime,
        kind: IssueKind | None = None,
        title: str | None = None,
        consent: Consent = Consent.PRIVATE,
    ) -> "Issue":
        """Put a matter of a resident (or of a grid worker on the round) on record."""
        issue = cls(
            id=issue_id,
            number=number,
            kind=kind or category.kind,
            category=category.code,
            severity=category.tier,
            place=place,
            title=title or short_title(text),
            text=text,
            source=Source.GRID_WORKER if Role.GRID_WORKER in by.roles else Source.RESIDENT,
            reported_by=by.person,
            registered_at=at,
            reported_at=at,
            consent=consent,
        )
        issue._take(Verb.REPORT, by, at, born=True)
        return issue

    @classmethod
    def import_from(
        cls,
        *,
        issue_id: UUID,
        number: str,
        category: Category,
        place: Place,
        title: str,
        text: str,
        reported_at: datetime,
        by: Principal,
        at: datetime,
    ) -> "Issue":
        """Put a matter from another system on record. It keeps the time at which it was reported there."""
        issue = cls(
            id=issue_id,
            number=number,
            kind=category.kind,
            category=category.code,
            severity=category.tier,
            place=place,
            title=title,
            text=text,
            source=Source.IMPORT,
            reported_by=None,
            registered_at=at,
            reported_at=reported_at,
        )
        issue._take(Verb.IMPORT, by, at, born=True)
        return issue

    def accept(self, *, tier: Tier, by: Principal, at: datetime, note: str | None = None) -> None:
        """Take the matter in and say how fast it must be solved, counted from its registration."""
        self._take(Verb.ACCEPT, by, at, note=note, tier=tier)
        self.tier = tier
        self.solve_by = self.registered_at + TIME_TO_SOLVE[tier]
        self.accepted_at = at

    def place_on_agenda(self, *, meeting_id: UUID, discussed_at: datetime, by: Principal, at: datetime) -> None:
        """Have the matter discussed at a dated meeting."""
        self._take(Verb.PLACE_ON_AGENDA, by, at, meeting_id=meeting_id)
        self.meeting_id, self.discussed_at = meeting_id, discussed_at

    def postpone(self, *, meeting_id: UUID, discussed_at: datetime, reason: str, by: Principal, at: datetime) -> None:
        """Move the matter to another dated meeting."""
        self._take(Verb.POSTPONE, by, at, note=reason, meeting_id=meeting_id)
        self.meeting_id, self.discussed_at = meeting_id, discussed_at

    def assign(self, assignment: Assignment, *, by: Principal, at: datetime) -> None:
        """Make one organisation responsible, with record, deadline and plan (all four)."""
        self._refuse_unless_possible(Verb.ASSIGN, by)
        check_in_future(assignment.deadline, at, "deadline")
        organisation = assignment.responsible_organisation
        self._take(Verb.ASSIGN, by, at, note=assignment.record, organisation=organisation, deadline=assignment.deadline)
        self.assignment, self.assigned_at, self.signed_at = assignment, at, None

    def sign(self, *, by: Principal, at: datetime) -> None:
        """The responsible organisation takes the matter over."""
        self._take(Verb.SIGN, by, at)
        self.signed_at = at

    def resolve(
        self,
        *,
        outcome: Outcome,
        public_reply: str,
        level: Level,
        by: Principal,
        at: datetime,
        quantity: Quantity | None = None,
        verb: Verb = Verb.RESOLVE,
        reason: str | None = None,
    ) -> None:
        """Say what came of it, in a reply that the reporter reads. From here the reporter confirms or sends it back."""
        self._take(verb, by, at, note=public_reply, outcome=outcome, level=level, reason=reason)
        self.resolution = Resolution(public_reply, level, by.person, quantity)
        self.outcome, self.resolved_at = outcome, at

    def decline(self, *, outcome: Outcome, reason: str, public_reply: str, by: Principal, at: datetime) -> None:
        """A meeting does not take the matter up; the reporter gets a reply and may still answer "not solved"."""
        self.resolve(
            outcome=outcome,
            public_reply=public_reply,
            level=Level.COMMUNITY,
            by=by,
            at=at,
            verb=Verb.DECLINE,
            reason=reason,
        )

    def rate(self, *, solved: bool, satisfaction: int, comment: str | None, by: Principal, at: datetime) -> None:
        """The reporter's answer: "solved" closes the matter, "not solved" opens it for another round."""
        verb = Verb.RATE
        self._refuse_unless_possible(verb, by)
        target = State.CLOSED if solved else self._state_after_reopening()
        self._take(verb, by, at, target=target, note=comment, solved=solved, satisfaction=satisfaction)
        self.rating = Rating(self.round, solved, satisfaction, comment, by.person, at)
        if solved:
            self.closed_at = at
        else:
            self.round += 1
            self.outcome = self.resolution = self.resolved_at = self.meeting_id = None

    def withdraw(self, *, reason: str | None, by: Principal, at: datetime) -> None:
        """The reporter takes the matter back."""
        self._take(Verb.WITHDRAW, by, at, note=reason)
        self.outcome, self.closed_at = Outcome.WITHDRAWN, at

    def record(self, verb: Verb, by: Principal, at: datetime, *, note: str | None = None, **details: Any) -> None:
        """Write down something that happened to the issue without moving it."""
        self.happened.append(
            HistoryEntry.of(verb, self.state, self.state, by.person, at, note=note, round_=self.round, details=details)
        )

    def refusal(self, verb: Verb, by: Principal) -> Refusal | None:
        """Why this person cannot take this step now; None when they can."""
        return refusal(self, verb, by)

    def check_visible_to(self, by: Principal) -> None:
        """Raise IssueNotFound for a person who may not see this issue: the same answer as for an id that does not exist."""
        if not self.visible_to(by):
            raise IssueNotFound

    def visible_to(self, by: Principal) -> bool:
        """Whether a person may read this issue in full."""
        if by.person == self.reported_by or self.is_handled_by(by):
            return True
        readers = DISPUTE_READERS if self.kind is IssueKind.DISPUTE else READERS
        return bool(by.roles & readers)

    def is_handled_by(self, by: Principal) -> bool:
        """Whether the person works as a handler for the responsible organisation."""
        return self.assignment is not None and self.assignment.responsible_organisation in by.organisations(
            Role.HANDLER
        )

    def _state_after_reopening(self) -> State:
        if self.assignment is not None:
            return State.IN_PROGRESS
        return State.ACCEPTED if self.tier is not None else State.REGISTERED

    def _refuse_unless_possible(self, verb: Verb, by: Principal) -> None:
        refused = self.refusal(verb, by)
        if refused is None:
            return
        error = {
            RefusalKind.STATE: TransitionRefused,
            RefusalKind.WHO: NotTheirStep,
            RefusalKind.INTEREST: ConflictOfInterest,
        }[refused.kind]
        raise error(refused.reason.zh, refused.reason.en)

    def _take(
        self,
        verb: Verb,
        by: Principal,
        at: datetime,
        *,
        target: State | None = None,
        note: str | None = None,
        born: bool = False,
        **details: Any,
    ) -> None:
        """Take a step of the table and write it into the history; refused steps change nothing."""
        source = None if born else self.state
        if not born:
            self._refuse_unless_possible(verb, by)
        row = next(row for row in FROM[source, verb] if target in (None, row.target))
        self.state = row.target
        self.happened.append(
            HistoryEntry.of(verb, source, row.target, by.person, at, note=note, round_=self.round, details=details)
        )


def short_title(text: str) -> str:
    """The first line of a text, at most 40 characters: what a list shows when the reporter gave no title."""
    first = text.strip().splitlines()[0].strip()
    return first if len(first) <= 40 else first[:39] + "…"
