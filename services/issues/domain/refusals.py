"""Why a step is refused, in words for the person who asks. What is allowed is answered by the same function that enforces it."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from services.issues.domain.transitions import ACTOR_WORDS, FROM, SOURCES, Actor
from services.issues.domain.words.issues import State, Verb
from services.issues.domain.words.vocabulary import Words, words
from shared.principal import Principal

if TYPE_CHECKING:
    from services.issues.domain.issue import Issue

STEPS = tuple(verb for verb in Verb if SOURCES[verb])
"""What can be done with an issue that exists, in the order of its life."""


class RefusalKind(StrEnum):
    """The rule behind a refusal."""

    STATE = "state"
    WHO = "who"
    INTEREST = "interest"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused step and its reason."""

    kind: RefusalKind
    reason: Words


@dataclass(frozen=True, slots=True)
class AllowedAction:
    """A step, and why the person who asks cannot take it now; no refusal means that they can."""

    verb: Verb
    refused: Refusal | None


def allowed_actions(issue: "Issue", by: Principal) -> tuple[AllowedAction, ...]:
    """Every step there is, allowed or refused with its reason."""
    return tuple(AllowedAction(verb, refusal(issue, verb, by)) for verb in STEPS)


def refusal(issue: "Issue", verb: Verb, by: Principal) -> Refusal | None:
    """Why this person cannot take this step now; None when they can."""
    rows = FROM[issue.state, verb]
    if not rows:
        return _wrong_state(issue.state, verb)
    if not any(_is(actor, issue, by) for row in rows for actor in row.who):
        return _wrong_person(issue.state, verb)
    if verb is Verb.RATE and issue.resolution is not None and issue.resolution.resolved_by == by.person:
        return OWN_WORK
    return None


OWN_WORK = Refusal(
    RefusalKind.INTEREST,
    Words("您是办理人，不能评价自己的办理结果", "You resolved it yourself, so you cannot confirm it"),
)


@cache
def _wrong_person(state: State, verb: Verb) -> Refusal:
    actors = tuple(dict.fromkeys(actor for row in FROM[state, verb] for actor in row.who))
    zh = "、".join(ACTOR_WORDS[actor].zh for actor in actors)
    en = " or ".join(ACTOR_WORDS[actor].en for actor in actors)
    return Refusal(RefusalKind.WHO, Words(f"只有{zh}可以{words(verb).zh}", f"Only {en} can {words(verb).en}"))


@cache
def _wrong_state(state: State, verb: Verb) -> Refusal:
    here, step = words(state), words(verb)
    zh = "、".join(f"“{words(source).zh}”" for source in SOURCES[verb])
    en = " or ".join(f"“{words(source).en}”" for source in SOURCES[verb])
    return Refusal(
        RefusalKind.STATE,
        Words(
            f"诉求处于“{here.zh}”，{step.zh}只适用于{zh}的诉求",
            f"The issue is “{here.en}”; “{step.en}” is possible from {en}",
        ),
    )


def _is(actor: Actor, issue: "Issue", by: Principal) -> bool:
    if actor is Actor.REPORTER:
        return issue.reported_by == by.person
    if actor is Actor.RESPONSIBLE_HANDLER:
        return issue.is_handled_by(by)
    return actor.role in by.roles
