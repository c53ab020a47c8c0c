"""Reading a history for counting: what it says about rounds, answers and endings.

The states that an entry leads from and to say nearly everything; the few verbs that matter beside them stand in `ANSWERS` and `Says`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.issues.domain.words.issues import State, Verb

FINISHED = frozenset({State.RESOLVED.value, State.CLOSED.value})
ENDED = frozenset({State.CLOSED.value, State.DISMISSED.value})
STANDING_STILL = frozenset({State.WAITING.value, State.DEFERRED.value})
"""While a matter is here, T3 does not run."""
ON_THE_SPOT = frozenset({State.REGISTERED.value, State.ACCEPTED.value, State.ON_AGENDA.value})
"""A resolution from here was made by the meeting or the office itself, without anybody being sent."""
ANSWERS = frozenset({Verb.CONTACT.value, Verb.ASK.value, Verb.CALL_BACK.value, Verb.MERGE.value})
"""Verbs by which the reporter hears from somebody, beside every step that brings a reply: resolved, declined, dismissed."""


class Says(StrEnum):
    """The other verbs that mean something for counting."""

    ASSIGN = Verb.ASSIGN.value
    SIGN = Verb.SIGN.value
    RATE = Verb.RATE.value
    CALL_BACK = Verb.CALL_BACK.value
    RETURN = Verb.RETURN.value
    MERGE = Verb.MERGE.value


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the history as counting sees it: plain codes, so that old entries stay readable for ever."""

    verb: str
    source: str | None
    target: str
    by: UUID
    at: datetime
    round: int
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Round:
    """One attempt at a matter, from registration or reopening to its resolution."""

    number: int
    started_at: datetime
    organisation: str = ""
    handler: str = ""
    resolved_at: datetime | None = None
    resolved_from: str | None = None
    outcome: str | None = None
    level: str | None = None
    answered: bool = False
    said_solved: bool = False
    satisfaction: int | None = None
    reopened_at: datetime | None = None
    paused: timedelta = timedelta()
    """How long T3 stood still, pauses that are over."""
    still_since: datetime | None = None
    """Since when T3 stands still now, or stood when the matter ended."""

    @property
    def on_the_spot(self) -> bool:
        """Whether nobody had to be sent."""
        return self.resolved_from in ON_THE_SPOT


@dataclass(slots=True)
class Story:
    """What a history says."""

    rounds: list[Round]
    state: str
    accepted_at: datetime | None = None
    first_answer_at: datetime | None = None
    deferrals: list[datetime] = field(default_factory=list)
    dismissed_at: datetime | None = None
    closed_at: datetime | None = None
    ended_by: str | None = None

    @property
    def last(self) -> Round:
        """The present round."""
        return self.rounds[-1]


def read(steps: Sequence[Step], registered_at: datetime) -> Story:
    """Read a history from its first step to its last."""
    story = Story([Round(1, registered_at)], State.REGISTERED.value)
    for step in steps:
        _enter_states(story, step)
        _take_in(story, step)
        story.state = step.target
    return story


def _enter_states(story: Story, step: Step) -> None:
    """What follows from where the step leads."""
    if step.target == step.source:
        return
    now = story.last
    if step.source in STANDING_STILL and step.target not in ENDED and now.still_since is not None:
        now.paused += step.at - now.still_since
        now.still_since = None
    if step.source in FINISHED and step.target not in FINISHED:
        now.reopened_at = step.at
        story.closed_at = story.ended_by = None
        story.rounds.append(Round(now.number + 1, step.at, now.organisation, now.handler))
    elif step.target in STANDING_STILL:
        now.still_since = step.at
        if step.target == State.DEFERRED:
            story.deferrals.append(step.at)
    elif step.target == State.RESOLVED:
        now.resolved_at, now.resolved_from, now.handler = step.at, step.source, str(step.by)
        now.outcome, now.level = step.details.get("outcome"), step.details.get("level")
    elif step.target in ENDED:
        story.closed_at = step.at if step.target == State.CLOSED else None
        story.dismissed_at = step.at if step.target == State.DISMISSED else None
        story.ended_by = step.verb
    elif step.source == State.DISMISSED:
        story.dismissed_at = story.ended_by = None
    if step.target == State.ACCEPTED and story.accepted_at is None:
        story.accepted_at = step.at
    if story.first_answer_at is None and step.target in (State.RESOLVED, State.DISMISSED):
        story.first_answer_at = step.at


def _take_in(story: Story, step: Step) -> None:
    """What follows from the verb."""
    now = story.last
    if step.verb == Says.ASSIGN:
        now.organisation, now.handler = str(step.details.get("organisation", "")), ""
    elif step.verb == Says.RETURN:
        now.organisation = now.handler = ""
    elif step.verb == Says.SIGN:
        now.handler = str(step.by)
    elif step.verb in (Says.RATE, Says.CALL_BACK) and isinstance(step.details.get("solved"), bool):
        said = story.rounds[min(step.round, len(story.rounds)) - 1]
        said.answered, said.said_solved = True, step.details["solved"]
        if isinstance(step.details.get("satisfaction"), int):
            said.satisfaction = step.details["satisfaction"]
    if story.first_answer_at is None and step.verb in ANSWERS:
        story.first_answer_at = step.at
