"""Mediation of a dispute between neighbours (邻里纠纷调解): private by construction, with a mediator who has no part in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.issues.domain.assignment import check_in_future
from services.issues.domain.errors.issues import NotTheirStep
from services.issues.domain.errors.mediations import (
    MediationNotFound,
    MediationStepRefused,
    MediatorRefused,
    NotADispute,
    PartyRefused,
    SessionNotFound,
)
from services.issues.domain.issue import Issue
from services.issues.domain.mediation_parts import MediationEntry, Party, Session
from services.issues.domain.mediation_steps import STEP_OF, mediation_refusal, parts_of
from services.issues.domain.refusals import RefusalKind
from services.issues.domain.words.issues import IssueKind
from services.issues.domain.words.mediations import MediationOutcome, MediationPart, MediationState, MediationVerb
from shared.ids import new_id
from shared.principal import Principal

MOST_PARTIES = 20
MOST_SESSIONS = 50


@dataclass(slots=True, kw_only=True)
class Mediation:
    """One mediation of one dispute. `happened` holds the history not yet stored."""

    id: UUID
    issue_id: UUID
    issue_number: str
    mediator_id: UUID | None
    parties: list[Party]
    opened_by: UUID
    opened_at: datetime
    state: MediationState = MediationState.OPENED
    declared_at: datetime | None = None
    sessions: list[Session] = field(default_factory=list)
    agreement: str | None = None
    outcome: MediationOutcome | None = None
    reason: str | None = None
    refer_to: str | None = None
    follow_up_at: datetime | None = None
    """The follow-up that is awaited; None once it was made and none is wanted any more."""
    followed_up_at: datetime | None = None
    holds: bool | None = None
    follow_up_note: str | None = None
    closed_at: datetime | None = None
    version: int = 1
    happened: list[MediationEntry] = field(default_factory=list)

    @classmethod
    def open(
        cls, *, issue: Issue, parties: Sequence[Party], mediator_id: UUID, by: Principal, at: datetime
    ) -> "Mediation":
        """Begin: at least two parties, and somebody else between them."""
        if issue.kind is not IssueKind.DISPUTE:
            raise NotADispute
        mediation = cls(
            id=new_id(),
            issue_id=issue.id,
            issue_number=issue.number,
            mediator_id=None,
            parties=[],
            opened_by=by.person,
            opened_at=at,
        )
        for index, party in enumerate(parties):
            mediation._join(party, f"parties[{index}]")
        # Nobody opens a mediation of their own quarrel for the office.
        if MediationPart.PARTY in parts_of(mediation, by):
            raise NotTheirStep
        mediation._put_between(mediator_id)
        mediation._note(MediationVerb.OPEN, by, at)
        return mediation

    def visible_to(self, by: Principal) -> bool:
        """The office's readers, the mediator and the parties; nobody else, whatever roles they hold."""
        return bool(parts_of(self, by))

    def check_visible_to(self, by: Principal) -> None:
        """Raise MediationNotFound for everybody else: the same answer as for an id that does not exist."""
        if not self.visible_to(by):
            raise MediationNotFound

    def party_of(self, by: Principal) -> Party | None:
        """The party that this person is."""
        return next((party for party in self.parties if party.person_id == by.person), None)

    def name_mediator(self, mediator_id: UUID, *, by: Principal, at: datetime) -> None:
        """Put somebody else between the parties; they declare anew."""
        self._take(MediationVerb.NAME_MEDIATOR, by, at)
        self._put_between(mediator_id)

    def declare(self, *, unrelated: bool, by: Principal, at: datetime) -> None:
        """The mediator says that no tie of family or interest binds them to a party, or steps back."""
        self._take(MediationVerb.DECLARE, by, at)
        self.declared_at = at if unrelated else None
        if not unrelated:
            self.mediator_id = None

    def add_party(self, party: Party, *, by: Principal, at: datetime) -> None:
        """Somebody else is concerned too. The mediator declares anew, with regard to this party."""
        self._take(MediationVerb.ADD_PARTY, by, at)
        self._join(party, "")
        self.declared_at = None

    def schedule(self, *, starts_at: datetime, place: str, by: Principal, at: datetime) -> Session:
        """Fix a session that lies ahead."""
        self._refuse_unless_possible(MediationVerb.SCHEDULE, by)
        check_in_future(starts_at, at, "starts_at")
        if len(self.sessions) >= MOST_SESSIONS:
            raise MediationStepRefused(f"最多{MOST_SESSIONS}次调解会", f"There can be {MOST_SESSIONS} sessions at most")
        self._take(MediationVerb.SCHEDULE, by, at)
        session = Session(id=new_id(), starts_at=starts_at, place=place)
        self.sessions.append(session)
        return session

    def record(self, session_id: UUID, *, attended: Sequence[UUID], notes: str, by: Principal, at: datetime) -> None:
        """Who came, and the mediator's notes. May be completed while the mediation goes on."""
        self._refuse_unless_possible(MediationVerb.RECORD, by)
        session = next((session for session in self.sessions if session.id == session_id), None)
        if session is None:
            raise SessionNotFound
        known = {party.id for party in self.parties}
        strange = {
            f"attended[{n}]": ("不是当事人", "is no party") for n, one in enumerate(attended) if one not in known
        }
        if strange:
            raise PartyRefused(fields=strange)
        if session.starts_at > at:
            raise MediationStepRefused("调解会还没有开始", "The session has not begun yet")
        self._take(MediationVerb.RECORD, by, at)
        session.attended, session.notes, session.recorded_at = tuple(dict.fromkeys(attended)), notes, at

    def agree(self, text: str, *, by: Principal, at: datetime) -> None:
        """Write what the parties agreed on; it can be changed until the first of them signs."""
        self._take(MediationVerb.AGREE, by, at)
        self.agreement = text

    def sign(self, party_id: UUID | None, *, by: Principal, at: datetime) -> None:
        """A party signs, or the mediator or the office records a signature made on paper."""
        self._refuse_unless_possible(MediationVerb.SIGN, by)
        own = self.party_of(by)
        wanted = own.id if own is not None and party_id is None else party_id
        party = next((party for party in self.parties if party.id == wanted), None)
        if party is None:
            raise PartyRefused(fields={"party_id": ("不是当事人", "is no party")})
        if own is not None and own is not party:
            raise NotTheirStep
        if party.signed_at is not None:
            raise MediationStepRefused("已经签过字", "This party has signed already")
        self._take(MediationVerb.SIGN, by, at)
        party.signed_at, party.signature_recorded_by = at, by.person

    def settle(self, outcome: MediationOutcome, follow_up_at: datetime, *, by: Principal, at: datetime) -> None:
        """End with a signed agreement, and say when somebody will ask whether it holds."""
        self._refuse_unless_possible(MediationVerb.SETTLE, by)
        check_in_future(follow_up_at, at, "follow_up_on")
        self._close(MediationVerb.SETTLE, outcome, by, at)
        self.follow_up_at = follow_up_at

    def fail(self, reason: str, *, by: Principal, at: datetime) -> None:
        """End without an agreement."""
        self._close(MediationVerb.FAIL, MediationOutcome.FAILED, by, at)
        self.reason = reason

    def refer(self, refer_to: str, reason: str, *, by: Principal, at: datetime) -> None:
        """Send the parties to whom it belongs: the judicial office, a court."""
        self._close(MediationVerb.REFER, MediationOutcome.REFERRED, by, at)
        self.refer_to, self.reason = refer_to, reason

    def remind(self, *, by: Principal, at: datetime) -> bool:
        """Whether the follow-up is due and still to be made; noted if so."""
        if mediation_refusal(self, MediationVerb.REMIND, by) is not None or self.follow_up_at is None:
            return False
        if at < self.follow_up_at:
            return False
        self._take(MediationVerb.REMIND, by, at)
        return True

    def follow_up(
        self, *, holds: bool, note: str | None, next_at: datetime | None, by: Principal, at: datetime
    ) -> None:
        """Whether the agreement holds; another date if it is to be asked again."""
        self._refuse_unless_possible(MediationVerb.FOLLOW_UP, by)
        if next_at is not None:
            check_in_future(next_at, at, "next_on")
        self._take(MediationVerb.FOLLOW_UP, by, at)
        self.holds, self.follow_up_note, self.followed_up_at, self.follow_up_at = holds, note, at, next_at

    def look(self, *, by: Principal, at: datetime) -> bool:
        """Note that the office looked into it; the mediator and the parties read what is their own."""
        if parts_of(self, by) != {MediationPart.OFFICE}:
            return False
        self._note(MediationVerb.LOOK, by, at)
        return True

    def _join(self, party: Party, path: str) -> None:
        within = f"{path}." if path else ""
        if party.person_id is None and party.name is None:
            raise PartyRefused(fields={f"{within}name": ("请填写人员或姓名", "name a person, or give a name")})
        if party.person_id is not None:
            if any(other.person_id == party.person_id for other in self.parties):
                raise PartyRefused(fields={f"{within}person_id": ("重复", "named twice")})
            if party.person_id == self.mediator_id:
                raise PartyRefused(fields={f"{within}person_id": ("是调解员", "is the mediator")})
        if len(self.parties) >= MOST_PARTIES:
            raise PartyRefused(fields={f"{within}name": (f"最多{MOST_PARTIES}方", f"{MOST_PARTIES} parties at most")})
        self.parties.append(party)

    def _put_between(self, mediator_id: UUID) -> None:
        if any(party.person_id == mediator_id for party in self.parties):
            raise MediatorRefused
        self.mediator_id, self.declared_at = mediator_id, None

    def _close(self, verb: MediationVerb, outcome: MediationOutcome, by: Principal, at: datetime) -> None:
        self._take(verb, by, at)
        self.outcome, self.closed_at = outcome, at

    def _refuse_unless_possible(self, verb: MediationVerb, by: Principal) -> None:
        refused = mediation_refusal(self, verb, by)
        if refused is not None:
            error = NotTheirStep if refused.kind is RefusalKind.WHO else MediationStepRefused
            raise error(refused.reason.zh, refused.reason.en)

    def _take(self, verb: MediationVerb, by: Principal, at: datetime) -> None:
        """Take a step of the table and write it into the history; refused steps change nothing."""
        self._refuse_unless_possible(verb, by)
        self.state = STEP_OF[verb].target or self.state
        self._note(verb, by, at)

    def _note(self, verb: MediationVerb, by: Principal, at: datetime) -> None:
        self.happened.append(MediationEntry(new_id(), verb, by.person, at))
