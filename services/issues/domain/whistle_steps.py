"""The steps of a whistle as data: from where a unit stands, who may take which step. What is not in this table does not exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from services.issues.domain.called_unit import CalledUnit
from services.issues.domain.refusals import Refusal, RefusalKind
from services.issues.domain.words.vocabulary import Words, words
from services.issues.domain.words.whistles import ArrivalProof, UnitState, WhistleState, WhistleVerb
from shared.principal import Principal, Role

if TYPE_CHECKING:
    from services.issues.domain.whistle import Whistle

OFFICE = frozenset({Role.DUTY_OFFICER, Role.SECRETARY})
"""Who blows whistles and leads them: the community office."""
ANSWERING = (Role.HANDLER, Role.PARTNER)
"""Through which roles a person answers for a unit."""


class Caller(StrEnum):
    """Whose step it is."""

    UNIT = "unit"
    OFFICE = "office"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Step:
    """From which states of a unit a verb is possible, and for whom."""

    sources: frozenset[UnitState]
    who: Caller


def _from(*states: UnitState) -> frozenset[UnitState]:
    return frozenset(states)


C, A, R, D, X = UnitState.CALLED, UnitState.ACKNOWLEDGED, UnitState.ARRIVED, UnitState.DONE, UnitState.REFUSED

STEPS: Mapping[WhistleVerb, Step] = {
    WhistleVerb.ACKNOWLEDGE: Step(_from(C, X), Caller.UNIT),
    WhistleVerb.REFUSE: Step(_from(C, A), Caller.UNIT),
    WhistleVerb.REPORT_IN: Step(_from(C, A, X), Caller.UNIT),
    WhistleVerb.CONFIRM: Step(_from(R), Caller.OFFICE),
    WhistleVerb.REJECT: Step(_from(R), Caller.OFFICE),
    WhistleVerb.NOTE: Step(_from(C, A, R, X), Caller.EITHER),
    WhistleVerb.DONE: Step(_from(R), Caller.UNIT),
    WhistleVerb.RELEASE: Step(_from(C, A, R, X), Caller.OFFICE),
    WhistleVerb.RATE: Step(_from(D), Caller.EITHER),
}

NO_INTEREST = frozenset({WhistleVerb.CONFIRM, WhistleVerb.REJECT, WhistleVerb.RELEASE, WhistleVerb.RATE})
"""What the office says about a unit, and therefore nobody who holds any role in that unit."""

WHO: Mapping[Caller, Words] = {
    Caller.UNIT: Words("被呼叫单位的人员", "a person of the called unit"),
    Caller.OFFICE: Words("社区值班人员或书记", "the duty officer or the secretary"),
    Caller.EITHER: Words("被呼叫单位的人员或社区", "a person of the called unit or the office"),
}

OWN_UNIT = Refusal(
    RefusalKind.INTEREST,
    Words(
        "您在该单位任职，不能代表社区办理它的这一步",
        "You hold a role in this unit, so you cannot act for the office on it",
    ),
)


def step_refusal(whistle: "Whistle", unit: CalledUnit, verb: WhistleVerb, by: Principal) -> Refusal | None:
    """Why this person cannot take this step for this unit now; None when they can."""
    step = STEPS[verb]
    # Rating comes after the work, also when the whistle is over; everything else ends with it.
    over = whistle.state is not WhistleState.SOUNDING and verb is not WhistleVerb.RATE
    if over or unit.state not in step.sources:
        return _wrong_state(whistle, unit, verb)
    checks_arrival = verb in (WhistleVerb.CONFIRM, WhistleVerb.REJECT)
    if checks_arrival and unit.arrival_proof is not ArrivalProof.DECLARED:
        return _no_need(unit)
    of_unit, of_office = answers_for(unit.organisation, by), bool(by.roles & OFFICE)
    # Whoever both sits in the office and belongs to the unit (交叉任职) rates as the unit, and checks nothing of it.
    as_office = of_office and not (of_unit and step.who is Caller.EITHER)
    if as_office and verb in NO_INTEREST and unit.organisation in by.organisations():
        return OWN_UNIT
    allowed = {Caller.UNIT: of_unit, Caller.OFFICE: of_office, Caller.EITHER: of_unit or of_office}
    return None if allowed[step.who] else _wrong_person(step.who, verb)


def answers_for(organisation: object, by: Principal) -> bool:
    """Whether the person speaks for this organisation."""
    return any(organisation in by.organisations(role) for role in ANSWERING)


def _wrong_state(whistle: "Whistle", unit: CalledUnit, verb: WhistleVerb) -> Refusal:
    here = words(whistle.state if whistle.state is not WhistleState.SOUNDING else unit.state)
    return Refusal(
        RefusalKind.STATE,
        Words(f"处于“{here.zh}”时不能{words(verb).zh}", f"Where it is “{here.en}”, nobody can {words(verb).en}"),
    )


def _no_need(unit: CalledUnit) -> Refusal:
    proof = words(unit.arrival_proof or ArrivalProof.CONFIRMED)
    return Refusal(
        RefusalKind.STATE,
        Words(
            f"到场凭证为“{proof.zh}”，无需再确认", f"The arrival is known by “{proof.en}”; there is nothing to check"
        ),
    )


def _wrong_person(who: Caller, verb: WhistleVerb) -> Refusal:
    return Refusal(
        RefusalKind.WHO,
        Words(f"只有{WHO[who].zh}可以{words(verb).zh}", f"Only {WHO[who].en} can {words(verb).en}"),
    )
