"""Why a step is refused, in words for the person who asks. What is allowed is answered by the same function that enforces it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from services.issues.domain.actors import ACTOR_WORDS, Actor, actors_of
from services.issues.domain.condition_words import WHY_NOT
from services.issues.domain.conditions import INTEREST, STANDING, Condition
from services.issues.domain.transitions import FROM, SOURCES, Transition
from services.issues.domain.words.issues import State, Verb
from services.issues.domain.words.vocabulary import Words, words
from shared.principal import Principal

if TYPE_CHECKING:
    from services.issues.domain.issue import IssueRecord

STEPS = tuple(verb for verb in Verb if SOURCES[verb])
"""What can be done with an issue that exists, in the order of its life."""


class RefusalKind(StrEnum):
    """The rule behind a refusal."""

    STATE = "state"
    WHO = "who"
    CONDITION = "condition"
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


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, and when. What the person is with regard to the issue is found out once for all verbs."""

    issue: "IssueRecord"
    by: Principal
    at: datetime
    actors: frozenset[Actor]

    @classmethod
    def of(cls, issue: "IssueRecord", by: Principal, at: datetime) -> "Question":
        """The question of this person at this moment."""
        return cls(issue, by, at, actors_of(issue, by))

    def fails(self, row: Transition) -> Condition | None:
        """The first standing condition of a row that does not hold."""
        for condition in row.conditions:
            check = STANDING.get(condition)
            if check is not None and not check(self.issue, self.by, self.at):
                return condition
        return None


def allowed_actions(issue: "IssueRecord", by: Principal, at: datetime) -> tuple[AllowedAction, ...]:
    """Every step there is, allowed or refused with its reason."""
    question = Question.of(issue, by, at)
    return tuple(AllowedAction(verb, _answer(question, verb)) for verb in STEPS)


def refusal(issue: "IssueRecord", verb: Verb, by: Principal, at: datetime) -> Refusal | None:
    """Why this person cannot take this step now; None when they can."""
    return _answer(Question.of(issue, by, at), verb)


def possible_rows(issue: "IssueRecord", verb: Verb, by: Principal, at: datetime) -> tuple[Transition, ...]:
    """The rows of the table by which this person can take this step now; which of them counts depends on the input."""
    question = Question.of(issue, by, at)
    rows = FROM[issue.state, verb]
    return tuple(row for row in rows if not question.actors.isdisjoint(row.who) and question.fails(row) is None)


def _answer(question: Question, verb: Verb) -> Refusal | None:
    state = question.issue.state
    rows = FROM[state, verb]
    if not rows:
        return _wrong_state(state, verb)
    own = [row for row in rows if not question.actors.isdisjoint(row.who)]
    if not own:
        return wrong_person(state, verb)
    failed = [question.fails(row) for row in own]
    if None in failed:
        return None
    # A conflict of interest says more than a row that was meant for another case.
    return _unmet(next((it for it in failed if it in INTEREST), failed[0]))


@cache
def _unmet(condition: Condition) -> Refusal:
    kind = RefusalKind.INTEREST if condition in INTEREST else RefusalKind.CONDITION
    return Refusal(kind, WHY_NOT[condition])


@cache
def wrong_person(state: State, verb: Verb, target: State | None = None) -> Refusal:
    """The step exists, but belongs to others."""
    rows = [row for row in FROM[state, verb] if target in (None, row.target)]
    actors = tuple(dict.fromkeys(actor for row in rows for actor in row.who))
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
