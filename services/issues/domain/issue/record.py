"""What is kept of an issue, who sees it, and the one way in which it takes a step."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.issues.domain.assignment import Assignment
from services.issues.domain.card import Card, is_confidential
from services.issues.domain.errors.issues import ConflictOfInterest, IssueNotFound, NotTheirStep, TransitionRefused
from services.issues.domain.filing import DIRECT, Filing
from services.issues.domain.history import HistoryEntry
from services.issues.domain.issue.private import DISPUTE_READERS, READERS
from services.issues.domain.place import Place
from services.issues.domain.platform import is_platform
from services.issues.domain.proposal import Deferral, Dismissal, Proposal
from services.issues.domain.refusals import Refusal, RefusalKind, possible_rows, refusal, wrong_person
from services.issues.domain.resolution import Rating, Resolution
from services.issues.domain.transitions import AT_WORK, Transition
from services.issues.domain.words.issues import (
    PRIVATE_KINDS,
    BroughtUp,
    IssueKind,
    Outcome,
    ProposalKind,
    Source,
    State,
    Tier,
    Verb,
)
from services.issues.domain.words.publicity import Consent
from shared.principal import Principal, Role

ERRORS = {
    RefusalKind.STATE: TransitionRefused,
    RefusalKind.CONDITION: TransitionRefused,
    RefusalKind.WHO: NotTheirStep,
    RefusalKind.INTEREST: ConflictOfInterest,
}
PENDING_IN = {
    ProposalKind.DISMISSAL: (State.REGISTERED,),
    ProposalKind.DEFERRAL: AT_WORK,
    ProposalKind.EXTENSION: AT_WORK,
}
"""Where a proposal can still be decided; a step that leads elsewhere lets it lapse."""


@dataclass(slots=True, kw_only=True)
class IssueRecord:
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
    """T3 of this round. An extension stands beside it, it does not replace it."""
    extended_to: datetime | None = None
    extension_asked: bool = False
    sign_by: datetime | None = None
    answer_by: datetime | None = None
    verify_by: datetime | None = None
    promised_by: datetime | None = None
    """The earliest end of T1, T2 and T3 as they run now: after it, whoever waits may urge."""
    overdue_level: int = 0
    """The highest level of escalation in this round (50, 80, 100, 150, 300 % of T3); 0 when T3 does not run."""
    assignment: Assignment | None = None
    co_handlers: frozenset[UUID] = frozenset()
    open_tasks: int = 0
    meeting_id: UUID | None = None
    proposal: Proposal | None = None
    dismissal: Dismissal | None = None
    deferral: Deferral | None = None
    resolution: Resolution | None = None
    outcome: Outcome | None = None
    rating: Rating | None = None
    merged_into: UUID | None = None
    brought_up: BroughtUp | None = None
    awaits_subdistrict: bool = False
    returns: int = 0
    pauses: int = 0
    paused: timedelta = timedelta()
    """How long T3 of this round stood still, pauses that are over."""
    waiting_since: datetime | None = None
    question: str | None = None
    unanswered: int = 0
    """Call-backs of this round that nobody answered."""
    contacted_at: datetime | None = None
    accepted_at: datetime | None = None
    discussed_at: datetime | None = None
    assigned_at: datetime | None = None
    signed_at: datetime | None = None
    objected_at: datetime | None = None
    resolved_at: datetime | None = None
    reopened_at: datetime | None = None
    closed_at: datetime | None = None
    round: int = 1
    filing: Filing = DIRECT
    consent: Consent = Consent.PRIVATE
    card: Card | None = None
    joined: int = 0
    urged: int = 0
    reporter_urged_at: datetime | None = None
    repeat_of: UUID | None = None
    """The newest earlier issue of the same category in the same building, if it is not long ago: it belongs on an agenda."""
    version: int = 1
    happened: list[HistoryEntry] = field(default_factory=list)

    def refusal(self, verb: Verb, by: Principal, at: datetime) -> Refusal | None:
        """Why this person cannot take this step now; None when they can."""
        return refusal(self, verb, by, at)

    def check_visible_to(self, by: Principal) -> None:
        """Raise IssueNotFound for a person who may not see this issue: the same answer as for an id that does not exist."""
        if not self.visible_to(by):
            raise IssueNotFound

    def visible_to(self, by: Principal) -> bool:
        """Whether a person may read this issue in full."""
        if by.person in (self.reported_by, self.filing.filed_by) or self.is_handled_by(by) or is_platform(by):
            return True
        if not self.co_handlers.isdisjoint(by.organisations(Role.HANDLER)):
            return True
        if self.brought_up is not None and Role.SUBDISTRICT_OFFICER in by.roles:
            return True
        readers = DISPUTE_READERS if self.is_private() else READERS
        return bool(by.roles & readers)

    def is_private(self) -> bool:
        """Disputes between neighbours and people in hardship are private by construction."""
        return self.kind in PRIVATE_KINDS

    def is_confidential(self) -> bool:
        """Disputes, help for those in need, complaints about officials: nobody else ever hears of them."""
        return is_confidential(self.kind, self.category)

    def is_handled_by(self, by: Principal) -> bool:
        """Whether the person works as a handler for the responsible organisation."""
        return self.assignment is not None and self.assignment.responsible_organisation in by.organisations(
            Role.HANDLER
        )

    def units(self) -> frozenset[UUID]:
        """Every organisation that works on it: the responsible one and the co-handlers."""
        responsible = {self.assignment.responsible_organisation} if self.assignment is not None else set()
        return self.co_handlers | responsible

    def was_resolved_by(self, by: Principal) -> bool:
        """Whether this person stands for the resolution of this round."""
        return self.resolution is not None and self.resolution.resolved_by == by.person

    def is_before_time_to_solve_ends(self, at: datetime) -> bool:
        """Whether T3 still runs; while the matter waits for its reporter, it stands still."""
        return self.solve_by is not None and (self.waiting_since or at) < self.solve_by

    def refuse_unless_possible(self, verb: Verb, by: Principal, at: datetime) -> None:
        """Raise the refusal of a step, before anything of its input is looked at."""
        self._raise(self.refusal(verb, by, at))

    def take(
        self,
        verb: Verb,
        by: Principal,
        at: datetime,
        *,
        targets: tuple[State, ...] = (),
        note: str | None = None,
        **details: Any,
    ) -> None:
        """Take a step of the table and write it into the history; a refused step changes nothing.

        Where several rows are possible, the input decides: `targets` are the states to which it may lead.
        """
        self.refuse_unless_possible(verb, by, at)
        row = self._row(verb, by, at, targets)
        lapsed = self._let_lapse(verb, row.target)
        self.happened.append(
            HistoryEntry.of(
                verb,
                self.state,
                row.target,
                by.person,
                at,
                note=note,
                round_=self.round,
                details={**details, "lapsed": lapsed},
            )
        )
        self.state = row.target

    def record(self, verb: Verb, by: Principal, at: datetime, *, note: str | None = None, **details: Any) -> None:
        """Write down something that happened to the issue without moving it."""
        self.happened.append(
            HistoryEntry.of(verb, self.state, self.state, by.person, at, note=note, round_=self.round, details=details)
        )

    def be_born(self, verb: Verb, by: Principal, at: datetime) -> None:
        """Write the first entry of the history."""
        entry = HistoryEntry.of(verb, None, self.state, by.person, at, note=None, round_=self.round, details={})
        self.happened.append(entry)

    def _row(self, verb: Verb, by: Principal, at: datetime, targets: tuple[State, ...]) -> Transition:
        rows = [row for row in possible_rows(self, verb, by, at) if not targets or row.target in targets]
        if not rows:
            self._raise(wrong_person(self.state, verb, targets[0] if len(targets) == 1 else None))
        return rows[0]

    def _let_lapse(self, verb: Verb, target: State) -> ProposalKind | None:
        """Which proposal this step leaves without an object. One that is being decided does not lapse."""
        decided = verb in (Verb.APPROVE, Verb.REFUSE)
        if self.proposal is None or not (decided or target not in PENDING_IN[self.proposal.kind]):
            return None
        ended, self.proposal = self.proposal.kind, None
        return None if decided else ended

    @staticmethod
    def _raise(refused: Refusal | None) -> None:
        if refused is not None:
            raise ERRORS[refused.kind](refused.reason.zh, refused.reason.en)
