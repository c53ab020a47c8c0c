"""Followers in memory."""

from datetime import date, datetime
from uuid import UUID

from services.issues.tests.memory.issues import MemoryIssues


class MemoryFollowers:
    """Satisfies `ports.FollowerStore`."""

    def __init__(self, issues: MemoryIssues) -> None:
        self.kept: dict[tuple[UUID, UUID], datetime] = {}
        self.urged: set[tuple[UUID, UUID, date]] = set()
        self._issues = issues

    async def join(self, issue_id: UUID, person: UUID, at: datetime) -> int | None:
        """Add a person."""
        if (issue_id, person) in self.kept:
            return None
        self.kept[issue_id, person] = at
        return self._count(issue_id)

    async def leave(self, issue_id: UUID, person: UUID) -> int | None:
        """Take a person out."""
        if self.kept.pop((issue_id, person), None) is None:
            return None
        return self._count(issue_id)

    async def follows(self, issue_id: UUID, person: UUID) -> bool:
        """Whether the person joined."""
        return (issue_id, person) in self.kept

    async def of(self, issue_id: UUID) -> tuple[UUID, ...]:
        """Everybody who follows an issue, by id."""
        return tuple(sorted(person for followed, person in self.kept if followed == issue_id))

    async def urge(self, issue_id: UUID, person: UUID, day: date, at: datetime) -> int | None:
        """Note that a person urged on this day."""
        if (issue_id, person, day) in self.urged:
            return None
        self.urged.add((issue_id, person, day))
        number = sum(1 for urged, _, _ in self.urged if urged == issue_id)
        issue = self._issues.kept[issue_id]
        issue.urged = number
        issue.reporter_urged_at = at if issue.reported_by == person else issue.reporter_urged_at
        return number

    async def move(self, from_issue: UUID, to_issue: UUID, *, without: UUID | None, at: datetime) -> int:
        """Let all followers of one issue follow another one as well."""
        new = [p for i, p in self.kept if i == from_issue and p != without and (to_issue, p) not in self.kept]
        self.kept.update({(to_issue, person): at for person in new})
        self._count(to_issue)
        return len(new)

    def _count(self, issue_id: UUID) -> int:
        number = sum(1 for followed, _ in self.kept if followed == issue_id)
        self._issues.kept[issue_id].joined = number
        return number
