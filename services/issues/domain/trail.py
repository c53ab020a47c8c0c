"""The four-step public trail 呼 → 议 → 应 → 为: 居民有所呼，社区有所议，组织有所应，党员有所为."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from services.issues.domain.words.vocabulary import Words

if TYPE_CHECKING:
    from services.issues.domain.issue import Issue


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One of the four steps; `at` is None while it lies ahead."""

    step: str
    words: Words
    at: datetime | None


def trail(issue: "Issue") -> tuple[TrailStep, ...]:
    """When the resident called, the community took it up, an organisation answered, and the work was done."""
    return (
        TrailStep("call", Words("呼", "called"), issue.registered_at),
        TrailStep("discuss", Words("议", "taken up"), issue.accepted_at or issue.assigned_at or issue.resolved_at),
        TrailStep("respond", Words("应", "answered"), issue.signed_at or issue.resolved_at),
        TrailStep("act", Words("为", "done"), issue.resolved_at),
    )
