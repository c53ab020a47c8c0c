"""How a walk through a machine comes everywhere: it repeats itself, does what it never did, and seldom ends itself."""

import random
from collections import Counter
from collections.abc import Sequence

from services.issues.domain.words.issues import State
from services.issues.tests.model import Try

ENDS = frozenset({"withdraw", "merge", "bring-up"})
"""Steps that can be taken once in the life of an issue."""


class Walker:
    """Chooses the next step. With the same seed it is the same walk each time."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a walk, not a secret
        self._tried: Counter[tuple[State, str, bool | None, bool]] = Counter()
        self._last = Try("")

    def choose(self, state: State, possible: Sequence[tuple[Try, str]]) -> tuple[Try, str]:
        """A step of those that are possible in this state."""
        again = [one for one in possible if (one[0].verb, one[0].solved) == (self._last.verb, self._last.solved)]
        new = [one for one in possible if not self._tried[self._key(state, one[0])]]
        onward = [one for one in possible if one[0].verb not in ENDS]
        if again and self.chance.random() < 0.4:
            pool = again
        elif new and self.chance.random() < 0.6:
            pool = new
        else:
            pool = onward if onward and self.chance.random() < 0.97 else list(possible)
        verb = self.chance.choice(sorted({it.verb for it, _ in pool}))
        it, who = self.chance.choice([one for one in pool if one[0].verb == verb])
        self._tried[self._key(state, it)] += 1
        self._last = it
        return it, who

    @staticmethod
    def _key(state: State, it: Try) -> tuple[State, str, bool | None, bool]:
        return state, it.verb, it.solved, it.date
