"""The published rules: the transition table."""

from services.issues.domain.actors import ACTOR_WORDS, Actor
from services.issues.domain.condition_words import CONDITION_WORDS
from services.issues.domain.conditions import Condition
from services.issues.domain.transitions import TRANSITIONS
from services.issues.domain.words.issues import State, Verb
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.labels import Label, View


class StateView(View):
    """A state and its names."""

    code: State
    label: Label


class ActorView(View):
    """Who may take a step."""

    code: Actor
    label: Label


class ConditionView(View):
    """What must hold."""

    code: Condition
    label: Label


class TransitionView(View):
    """One row of the table. `from_state` is null for the step that creates an issue."""

    from_state: State | None
    verb: Verb
    label: Label
    to_state: State
    who: list[ActorView]
    conditions: list[ConditionView]


class TransitionTable(View):
    """流转规则。The rules by which issues move; a step that is not here does not exist."""

    states: list[StateView]
    transitions: list[TransitionView]


def transition_table() -> TransitionTable:
    """The table of the domain, with words."""
    return TransitionTable(
        states=[StateView(code=state, label=Label.of(words(state))) for state in State],
        transitions=[
            TransitionView(
                from_state=row.source,
                verb=row.verb,
                label=Label.of(words(row.verb)),
                to_state=row.target,
                who=[ActorView(code=actor, label=Label.of(ACTOR_WORDS[actor])) for actor in row.who],
                conditions=[
                    ConditionView(code=condition, label=Label.of(CONDITION_WORDS[condition]))
                    for condition in row.conditions
                ],
            )
            for row in TRANSITIONS
        ],
    )
