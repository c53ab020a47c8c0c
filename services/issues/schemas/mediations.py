"""What callers read about mediations. Each reads what their part in it lets them read."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from services.issues.domain.mediation import Mediation
from services.issues.domain.mediation_parts import Party, Session
from services.issues.domain.mediation_steps import MEDIATION_STEPS, mediation_refusal, parts_of
from services.issues.domain.words.issues import QuantityKind
from services.issues.domain.words.mediations import MediationOutcome, MediationPart, MediationState, MediationVerb
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.issue_views import Label, QuantityView, View
from shared.principal import Principal


class MediationStepView(View):
    """A step, and whether the caller can take it now; if not, why."""

    verb: MediationVerb
    label: Label
    allowed: bool
    reason: Label | None


class PartyView(View):
    """A party. Its name and telephone are for the office and the mediator; a party reads its own."""

    id: UUID
    is_you: bool
    person_id: UUID | None
    name: str | None
    phone: str | None
    signed_at: datetime | None

    @classmethod
    def of(cls, party: Party, by: Principal, *, full: bool) -> "PartyView":
        """The party as this person may see it."""
        mine = party.person_id == by.person
        show = full or mine
        return cls.model_construct(
            id=party.id,
            is_you=mine,
            person_id=party.person_id if show else None,
            name=party.name if show else None,
            phone=party.phone if show else None,
            signed_at=party.signed_at,
        )


class SessionView(View):
    """A session. The notes are the mediator's; no party reads them."""

    id: UUID
    starts_at: datetime
    place: str
    attended: list[UUID]
    recorded_at: datetime | None
    notes: str | None

    @classmethod
    def of(cls, session: Session, *, full: bool) -> "SessionView":
        """The session, with notes for those who work on it."""
        return cls.model_construct(
            id=session.id,
            starts_at=session.starts_at,
            place=session.place,
            attended=list(session.attended),
            recorded_at=session.recorded_at,
            notes=session.notes if full else None,
        )


class SignedPartyView(View):
    """Whether a party has signed."""

    id: UUID
    is_you: bool
    signed_at: datetime | None


class SessionDateView(View):
    """When a session is, or was."""

    id: UUID
    starts_at: datetime
    recorded_at: datetime | None


class MediationReceipt(View):
    """What a step answers: where the mediation stands, without a name or a word. Answers are kept for repetitions, and kept open;
    what is sealed is read with GET alone."""

    id: UUID
    issue_id: UUID
    issue_number: str
    state: MediationState
    state_label: Label
    mediator_id: UUID | None
    declared_at: datetime | None
    parties: list[SignedPartyView]
    sessions: list[SessionDateView]
    outcome: MediationOutcome | None
    follow_up_at: datetime | None
    offered_quantity: QuantityView | None
    allowed_actions: list[MediationStepView]
    version: int

    @classmethod
    def of(cls, mediation: Mediation, by: Principal) -> "MediationReceipt":
        """Where it stands now."""
        return cls.model_construct(
            id=mediation.id,
            issue_id=mediation.issue_id,
            issue_number=mediation.issue_number,
            state=mediation.state,
            state_label=Label.of(words(mediation.state)),
            mediator_id=mediation.mediator_id,
            declared_at=mediation.declared_at,
            parties=[
                SignedPartyView.model_construct(
                    id=party.id, is_you=party.person_id == by.person, signed_at=party.signed_at
                )
                for party in mediation.parties
            ],
            sessions=[
                SessionDateView.model_construct(
                    id=session.id, starts_at=session.starts_at, recorded_at=session.recorded_at
                )
                for session in mediation.sessions
            ],
            outcome=mediation.outcome,
            follow_up_at=mediation.follow_up_at,
            offered_quantity=offered(mediation),
            allowed_actions=_steps(mediation, by),
            version=mediation.version,
        )


class MediationView(View):
    """调解。A mediation as the caller may see it."""

    id: UUID
    issue_id: UUID
    issue_number: str
    your_parts: list[MediationPart]
    state: MediationState
    state_label: Label
    mediator_id: UUID | None
    declared_at: datetime | None
    parties: list[PartyView]
    sessions: list[SessionView]
    agreement: str | None
    outcome: MediationOutcome | None
    outcome_label: Label | None
    reason: str | None
    refer_to: str | None
    follow_up_at: datetime | None
    followed_up_at: datetime | None
    holds: bool | None
    follow_up_note: str | None
    offered_quantity: QuantityView | None = Field(
        description="诉求办结时默认计入的成果。What resolving the issue counts unless something else is said"
    )
    opened_at: datetime
    closed_at: datetime | None
    allowed_actions: list[MediationStepView]
    version: int

    @classmethod
    def of(cls, mediation: Mediation, by: Principal) -> "MediationView":
        """Parties see agreement, dates and where to turn to; not the notes, nor the names of others."""
        parts = parts_of(mediation, by)
        full = MediationPart.PARTY not in parts
        return cls.model_construct(
            id=mediation.id,
            issue_id=mediation.issue_id,
            issue_number=mediation.issue_number,
            your_parts=sorted(parts),
            state=mediation.state,
            state_label=Label.of(words(mediation.state)),
            mediator_id=mediation.mediator_id,
            declared_at=mediation.declared_at,
            parties=[PartyView.of(party, by, full=full) for party in mediation.parties],
            sessions=[SessionView.of(session, full=full) for session in mediation.sessions],
            agreement=mediation.agreement,
            outcome=mediation.outcome,
            outcome_label=Label.of(words(mediation.outcome)) if mediation.outcome else None,
            reason=mediation.reason if full else None,
            refer_to=mediation.refer_to,
            follow_up_at=mediation.follow_up_at,
            followed_up_at=mediation.followed_up_at,
            holds=mediation.holds if full else None,
            follow_up_note=mediation.follow_up_note if full else None,
            offered_quantity=offered(mediation),
            opened_at=mediation.opened_at,
            closed_at=mediation.closed_at,
            allowed_actions=_steps(mediation, by),
            version=mediation.version,
        )


class MediationSummary(View):
    """A mediation in a list: no word of what it is about."""

    id: UUID
    issue_id: UUID
    issue_number: str
    state: MediationState
    outcome: MediationOutcome | None
    opened_at: datetime
    follow_up_at: datetime | None
    closed_at: datetime | None
    version: int


class MediationFigures(View):
    """调解数量：只有数字离开。Counts only."""

    since: date
    until: date
    opened: int
    closed: int
    settled: int
    partly: int
    failed: int
    referred: int


def offered(mediation: Mediation) -> QuantityView | None:
    """What resolving the issue counts unless something else is said."""
    if mediation.outcome is not MediationOutcome.SETTLED:
        return None
    return QuantityView.model_construct(kind=QuantityKind.DISPUTE_SETTLED, amount=1)


def _steps(mediation: Mediation, by: Principal) -> list[MediationStepView]:
    steps = []
    for step in MEDIATION_STEPS:
        if step.verb is MediationVerb.REMIND:
            continue
        refused = mediation_refusal(mediation, step.verb, by)
        steps.append(
            MediationStepView.model_construct(
                verb=step.verb,
                label=Label.of(words(step.verb)),
                allowed=refused is None,
                reason=Label.of(refused.reason) if refused else None,
            )
        )
    return steps
