"""A matter is discussed at a meeting."""

from datetime import datetime
from uuid import UUID

from services.issues.domain.issue.record import IssueRecord
from services.issues.domain.platform import is_platform
from services.issues.domain.words.issues import Verb
from shared.principal import Principal


class Discussing(IssueRecord):
    """On the agenda of a dated meeting. T3 keeps running."""

    __slots__ = ()

    def place_on_agenda(self, *, meeting_id: UUID, discussed_at: datetime, by: Principal, at: datetime) -> None:
        """Have the matter discussed at a dated meeting."""
        automatic = True if is_platform(by) else None
        self.take(Verb.PLACE_ON_AGENDA, by, at, meeting_id=meeting_id, discussed_at=discussed_at, automatic=automatic)
        self.meeting_id, self.discussed_at = meeting_id, discussed_at

    def postpone(self, *, meeting_id: UUID, discussed_at: datetime, reason: str, by: Principal, at: datetime) -> None:
        """Move the matter to another dated meeting."""
        self.take(Verb.POSTPONE, by, at, note=reason, meeting_id=meeting_id, discussed_at=discussed_at)
        self.meeting_id, self.discussed_at = meeting_id, discussed_at
