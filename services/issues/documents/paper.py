"""What stands on a meeting's papers (会议记录, 问题和对策清单), apart from how it is laid out. No names: seats and organisations only."""

from dataclasses import dataclass
from datetime import datetime

from services.issues.documents import wording
from services.issues.documents.wording import COUNTED, PRINTED, spoken
from services.issues.domain.words.meetings import Decision, MeetingKind
from shared.clock import CHINA
from shared.http.context import Language

LONG_TEXT = 700
"""Characters of an item that may break across pages; a shorter one stands together."""


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
    def answer(self) -> str:
        """What is done about it: the measure, else what was replied, else why not."""
        return self.measure or self.public_reply or self.reason or ""

    @property
    def is_long(self) -> bool:
        """Whether it had better break across pages than leave the rest of one empty."""
        texts = (self.title, self.record, self.measure, self.public_reply, self.reason)
        return sum(len(text) for text in texts if text) > LONG_TEXT

    @property
    def has_long_answer(self) -> bool:
        """The same for its line in the list of problems and measures, where columns are narrow."""
        return len(self.answer) + len(self.title) > LONG_TEXT // 3


@dataclass(frozen=True, slots=True)
class Paper:
    """A meeting as its papers show it, in one language; people's own words stay as they are."""

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
    language: Language = "zh"

    def say(self, name: str, /, **values: object) -> str:
        """Printed words in the language of the paper."""
        return spoken(PRINTED[name], self.language).format(**values)

    def day(self, at: datetime | None) -> str:
        """A day with its year; nothing for none."""
        return "" if at is None else wording.day(at, self.language)

    def short_day(self, at: datetime | None) -> str:
        """A day for narrow columns; nothing for none."""
        return "" if at is None else wording.short_day(at, self.starts_at, self.language)

    def moment(self, at: datetime) -> str:
        """A day of the week and the time of day."""
        return wording.moment(at, self.language)

    @property
    def kind_name(self) -> str:
        """圆桌会议, round table."""
        name = spoken(self.kind.words, self.language)
        return name[:1].upper() + name[1:]

    @property
    def title(self) -> str:
        """The heading of the minutes."""
        if self.language == "en":
            return f"{self.kind_name}: minutes"
        return f"{self.kind_name}会议记录" if "会议" not in self.kind_name else f"{self.kind_name}记录"

    @property
    def name(self) -> str:
        """For file names: kind and day."""
        return f"{self.kind.value}-{self.starts_at.astimezone(CHINA):%Y-%m-%d}"

    @property
    def times(self) -> str:
        """When it began, and when it was closed."""
        until = "" if self.closed_at is None else self.say("until", until=self.moment(self.closed_at))
        return f"{self.moment(self.starts_at)}{until}"

    @property
    def turnout(self) -> str:
        """How many were invited, needed and there."""
        parts = [self.say("there", invited=self.invited, attended=self.attended, needed=self.needed)]
        counts = (("late", self.late), ("excused", self.excused), ("guests", self.guests))
        return "".join([*parts, *(self.say(name, count=count) for name, count in counts if count)])

    @property
    def no_quorum(self) -> str | None:
        """Why it was closed without quorum, if it was."""
        return None if self.without_quorum is None else self.say("no_quorum", why=self.without_quorum)

    def seat(self, seat: SeatLine) -> str:
        """A seat with how many were there; a standing seat that nobody holds is missing."""
        if not seat.invited:
            return f"{seat.name}{self.say('nobody')}"
        return self.say("seat", name=seat.name, attended=seat.attended, invited=seat.invited)

    def decided(self, item: ItemLine) -> str:
        """The decision in words, with the date it was put off to."""
        if item.decision is None:
            return self.say("undecided")
        if item.decision is Decision.POSTPONED and item.postponed_to is not None:
            return self.say("put_off", day=self.day(item.postponed_to))
        return spoken(item.decision.words, self.language)

    def progress(self, item: ItemLine) -> str:
        """Where the matter stands by now."""
        return f"{item.state}{self.say('is_overdue')}" if item.overdue else item.state

    def chapter(self, number: int, name: str) -> str:
        """一、会议情况."""
        return f"{number}. {self.say(name)}" if self.language == "en" else f"{'〇一二三'[number]}、{self.say(name)}"

    def count(self, decision: Decision) -> int:
        """How many items left the meeting this way."""
        return sum(1 for item in self.items if item.decision is decision)

    @property
    def summary(self) -> str:
        """What came of it in one line."""
        total = self.say("discussed", count=len(self.items))
        counted = [
            spoken(words, self.language).format(count=count)
            for decision, words in COUNTED.items()
            if (count := self.count(decision))
        ]
        if not counted:
            return total
        return f"{total}: {', '.join(counted)}" if self.language == "en" else f"{total}：{'，'.join(counted)}"

    @property
    def standing(self) -> str:
        """Whether it is published, signed or neither."""
        if self.published_at is not None:
            return self.say("published", day=self.day(self.published_at))
        return self.say("unsigned") if self.signed_at is None else self.say("signed", day=self.day(self.signed_at))
