"""What stands on a meeting's papers (会议记录, 问题和对策清单), apart from how it is laid out. No names: seats and organisations only."""

from dataclasses import dataclass
from datetime import datetime

from services.issues.domain.words.meetings import Decision, MeetingKind
from shared.clock import CHINA

WEEKDAYS = "一二三四五六日"
NOT_SHOWN = "（涉及隐私，另行记录）"


@dataclass(frozen=True, slots=True)
class SeatLine:
    """How many of a seat were invited and there."""

    name: str
    invited: int
    attended: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item: matter, discussion, decision, measure, owner, due."""

    position: int
    number: str
    category: str
    title: str
    record: str | None
    decision: Decision | None
    measure: str | None
    responsible: str | None
    due_at: datetime | None
    public_reply: str | None
    reason: str | None
    postponed_to: datetime | None
    state: str
    overdue: bool

    @property
    def decided(self) -> str:
        """The decision in words, with the date it was put off to."""
        if self.decision is None:
            return "未议定"
        if self.decision is Decision.POSTPONED and self.postponed_to is not None:
            return f"延至{day(self.postponed_to)}会议"
        return self.decision.words.zh


@dataclass(frozen=True, slots=True)
class Paper:
    """A meeting as its papers show it."""

    community: str
    kind: MeetingKind
    starts_at: datetime
    closed_at: datetime | None
    place: str
    final: bool
    seats: tuple[SeatLine, ...]
    invited: int
    attended: int
    needed: int
    late: int
    excused: int
    guests: int
    without_quorum: str | None
    general: str | None
    items: tuple[ItemLine, ...]
    signed_at: datetime | None
    published_at: datetime | None
    printed_at: datetime

    @property
    def title(self) -> str:
        """The heading of the minutes."""
        return f"{self.kind.words.zh}会议记录" if "会议" not in self.kind.words.zh else f"{self.kind.words.zh}记录"

    @property
    def name(self) -> str:
        """For file names: kind and day."""
        return f"{self.kind.value}-{self.starts_at.astimezone(CHINA):%Y-%m-%d}"

    def count(self, decision: Decision) -> int:
        """How many items left the meeting this way."""
        return sum(1 for item in self.items if item.decision is decision)

    @property
    def summary(self) -> str:
        """What came of it in one line."""
        parts = [
            (Decision.RESOLVED, "当场解决"),
            (Decision.ASSIGNED, "派单办理"),
            (Decision.ADOPTED, "采纳建议"),
            (Decision.DECLINED, "答复不予采纳"),
            (Decision.POSTPONED, "延至下次"),
            (Decision.WITHDRAWN, "居民撤回"),
        ]
        counted = [f"{words}{count}件" for decision, words in parts if (count := self.count(decision))]
        return f"共议{len(self.items)}件：" + "，".join(counted) if counted else f"共议{len(self.items)}件"


def day(at: datetime) -> str:
    """2026年12月2日."""
    local = at.astimezone(CHINA)
    return f"{local.year}年{local.month}月{local.day}日"


def moment(at: datetime) -> str:
    """2026年12月2日（星期三）19:00."""
    local = at.astimezone(CHINA)
    return f"{day(at)}（星期{WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def short_day(at: datetime | None) -> str:
    """12月2日, for narrow columns."""
    if at is None:
        return ""
    local = at.astimezone(CHINA)
    return f"{local.month}月{local.day}日"
