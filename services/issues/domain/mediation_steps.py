"""The steps of a mediation as data: from which state, to which, for whom, under which conditions. What is not here does not exist."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from services.issues.domain.platform import is_platform
from services.issues.domain.refusals import Refusal, RefusalKind
from services.issues.domain.words.mediations import (
    MediationOutcome,
    MediationPart,
    MediationState,
    MediationVerb,
)
from services.issues.domain.words.vocabulary import Words, words
from shared.principal import Principal, Role

if TYPE_CHECKING:
    from services.issues.domain.mediation import Mediation

MEDIATION_OFFICE = frozenset({Role.DUTY_OFFICER, Role.SECRETARY})
"""The office's readers of mediations: as few as can do the work. Those who are a party are a party and nothing else."""


class MediationCondition(StrEnum):
    """What must hold beside state and person."""

    DECLARED = "declared"
    SESSION_HELD = "session_held"
    NOBODY_SIGNED = "nobody_signed"
    EVERYBODY_SIGNED = "everybody_signed"
    FOLLOW_UP_AWAITED = "follow_up_awaited"


@dataclass(frozen=True, slots=True)
class MediationStep:
    """One row. A target of None: the state stays as it is."""

    verb: MediationVerb
    sources: tuple[MediationState, ...]
    target: MediationState | None
    who: tuple[MediationPart, ...]
    conditions: tuple[MediationCondition, ...] = ()


V, S, P, C = MediationVerb, MediationState, MediationPart, MediationCondition
BEFORE_AGREEMENT = (S.OPENED, S.IN_SESSION)
OPEN = (*BEFORE_AGREEMENT, S.AGREED)

MEDIATION_STEPS: tuple[MediationStep, ...] = (
    MediationStep(V.NAME_MEDIATOR, BEFORE_AGREEMENT, None, (P.OFFICE,)),
    MediationStep(V.DECLARE, BEFORE_AGREEMENT, None, (P.MEDIATOR,)),
    MediationStep(V.ADD_PARTY, BEFORE_AGREEMENT, None, (P.OFFICE, P.MEDIATOR)),
    MediationStep(V.SCHEDULE, BEFORE_AGREEMENT, S.IN_SESSION, (P.OFFICE, P.MEDIATOR), (C.DECLARED,)),
    MediationStep(V.RECORD, (S.IN_SESSION,), None, (P.MEDIATOR,), (C.DECLARED,)),
    MediationStep(
        V.AGREE, (S.IN_SESSION, S.AGREED), S.AGREED, (P.MEDIATOR,), (C.DECLARED, C.SESSION_HELD, C.NOBODY_SIGNED)
    ),
    MediationStep(V.SIGN, (S.AGREED,), None, (P.PARTY, P.MEDIATOR, P.OFFICE)),
    MediationStep(V.SETTLE, (S.AGREED,), S.CLOSED, (P.MEDIATOR, P.OFFICE), (C.EVERYBODY_SIGNED,)),
    MediationStep(V.FAIL, OPEN, S.CLOSED, (P.MEDIATOR, P.OFFICE)),
    MediationStep(V.REFER, OPEN, S.CLOSED, (P.MEDIATOR, P.OFFICE)),
    MediationStep(V.REMIND, (S.CLOSED,), None, (P.PLATFORM,), (C.FOLLOW_UP_AWAITED,)),
    MediationStep(V.FOLLOW_UP, (S.CLOSED,), None, (P.MEDIATOR, P.OFFICE), (C.FOLLOW_UP_AWAITED,)),
)
STEP_OF: Mapping[MediationVerb, MediationStep] = {step.verb: step for step in MEDIATION_STEPS}

STANDING: Mapping[MediationCondition, Callable[["Mediation"], bool]] = {
    C.DECLARED: lambda mediation: mediation.declared_at is not None,
    C.SESSION_HELD: lambda mediation: any(session.recorded_at is not None for session in mediation.sessions),
    C.NOBODY_SIGNED: lambda mediation: all(party.signed_at is None for party in mediation.parties),
    C.EVERYBODY_SIGNED: lambda mediation: all(party.signed_at is not None for party in mediation.parties),
    C.FOLLOW_UP_AWAITED: lambda mediation: (
        mediation.outcome in (MediationOutcome.SETTLED, MediationOutcome.PARTLY) and mediation.follow_up_at is not None
    ),
}
CONDITION_WORDS: Mapping[MediationCondition, Words] = {
    C.DECLARED: Words(
        "调解员尚未声明与当事人无利害关系", "The mediator has not declared to be unrelated to the parties"
    ),
    C.SESSION_HELD: Words("还没有开过调解会", "No session has been held yet"),
    C.NOBODY_SIGNED: Words(
        "已有当事人签字，协议不能再改", "A party has signed; the agreement can no longer be changed"
    ),
    C.EVERYBODY_SIGNED: Words("还有当事人没有签字", "A party has not signed yet"),
    C.FOLLOW_UP_AWAITED: Words("没有待办的回访", "No follow-up is awaited"),
}


def parts_of(mediation: "Mediation", by: Principal) -> frozenset[MediationPart]:
    """What the person is in this mediation. A party is never at the same time the office or the mediator."""
    if is_platform(by):
        return frozenset({P.PLATFORM})
    if any(party.person_id == by.person for party in mediation.parties):
        return frozenset({P.PARTY})
    found = set()
    if by.roles & MEDIATION_OFFICE:
        found.add(P.OFFICE)
    if mediation.mediator_id == by.person:
        found.add(P.MEDIATOR)
    return frozenset(found)


def mediation_refusal(mediation: "Mediation", verb: MediationVerb, by: Principal) -> Refusal | None:
    """Why this person cannot take this step now; None when they can."""
    step = STEP_OF[verb]
    if parts_of(mediation, by).isdisjoint(step.who):
        zh = "、".join(words(part).zh for part in step.who)
        en = " or ".join(words(part).en for part in step.who)
        return Refusal(RefusalKind.WHO, Words(f"只有{zh}可以{words(verb).zh}", f"Only {en} can {words(verb).en}"))
    if mediation.state not in step.sources:
        here = words(mediation.state)
        return Refusal(
            RefusalKind.STATE,
            Words(f"调解“{here.zh}”时不能{words(verb).zh}", f"While it is “{here.en}”, nobody can {words(verb).en}"),
        )
    for condition in step.conditions:
        if not STANDING[condition](mediation):
            return Refusal(RefusalKind.CONDITION, CONDITION_WORDS[condition])
    return None
