"""Counting a batch of issues: what they add now, and what that changes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.rates.contribution import (
    NOTHING,
    Cell,
    Contribution,
    Facts,
    Watched,
    contribution,
    difference,
)
from services.issues.domain.rates.reading import Step


@dataclass(frozen=True, slots=True)
class Counted:
    """What each issue of a batch adds now, and the sum of the differences to what they added before."""

    contributions: dict[UUID, Contribution]
    difference: Counter[Cell]
    listed: tuple[tuple[UUID, Watched], ...]
    """Matters that come onto a list, or stand on it with another date."""
    unlisted: tuple[tuple[UUID, Watched], ...]


def count_issues(batch: Iterable[tuple[Facts, Sequence[Step]]], former: Mapping[UUID, Contribution]) -> Counted:
    """Count these issues."""
    found: dict[UUID, Contribution] = {}
    changes: Counter[Cell] = Counter()
    listed: list[tuple[UUID, Watched]] = []
    unlisted: list[tuple[UUID, Watched]] = []
    for facts, steps in batch:
        now = found[facts.issue_id] = contribution(facts, steps)
        before = former.get(facts.issue_id, NOTHING)
        changes.update(difference(now, before))
        listed += [(facts.issue_id, one) for one in now.watched if one not in before.watched]
        unlisted += [(facts.issue_id, one) for one in before.watched if one not in now.watched]
    return Counted(found, changes, tuple(listed), tuple(unlisted))
