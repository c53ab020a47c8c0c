"""What is remembered of an issue for partners: only its first message says it all, and what was private once stays private."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """Kind, category and severity as far as known; `private` issues never reach partners."""

    kind: str | None = None
    category: str | None = None
    severity: str | None = None
    private: bool = False
