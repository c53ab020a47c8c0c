"""The ways that matters take in the town of the dashboard: some hundred histories, each told as the service tells it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from uuid import UUID

from services.issues.domain.rates.contribution import Contribution, Facts, contribution
from services.issues.domain.rates.periods import midnight
from services.issues.domain.rates.reading import Step
from services.issues.domain.words.issues import Level, Outcome, QuantityKind, Tier
from shared.clock import CHINA

FIRST_DAY = datetime(2025, 1, 1, tzinfo=CHINA).date()
WAYS = 101
"""A prime, so that a way meets every place, category and unit."""
OFFICER, HANDLER, REPORTER, UNIT, PLACE = (UUID(int=number) for number in range(1, 6))
"""Stand for the persons, the unit and the building of each matter."""
KINDS = ("request", "complaint", "dispute", "hazard")
SOURCES = ("resident", "resident", "resident", "grid_worker", "patrol", "import")
ENDINGS = ("left",) * 3 + ("withdrawn",) * 5 + ("dismissed",) * 3 + ("merged",) * 2 + ("deferred",) * 4 + ("spot",) * 12


@dataclass
class Way:
    """One history, beginning on the first day, with what the issue itself says at its end."""

    facts: Facts
    steps: list[Step] = field(default_factory=list)
    state: str = ""
    round: int = 1
    at: timedelta = timedelta()

    def step(self, verb: str, state: str, by: UUID, *, hours: float = 0, round_: int = 1, **details: object) -> None:
        """Go on."""
        self.at += timedelta(hours=hours)
        at = self.facts.registered_at + self.at
        self.steps.append(Step(verb, self.state or None, state, by, at, round_, details))
        self.state, self.round = state, max(self.round, round_)

    def adds(self, *, repeats: bool) -> Contribution:
        """What it adds, counted by the service's own function."""
        return contribution(replace(self.facts, repeats=repeats), self.steps)


def ways() -> list[Way]:
    """The same hundred every time."""
    chance = Random(7)  # noqa: S311 - the same town every time
    endings = islice(cycle((*ENDINGS, *("work",) * (WAYS - len(ENDINGS)))), WAYS)
    return [_way(number, ending, chance) for number, ending in enumerate(endings)]


def _way(number: int, ending: str, chance: Random) -> Way:
    way = Way(
        Facts(
            issue_id=UUID(int=number),
            kind=KINDS[number % len(KINDS)],
            category="",
            source=SOURCES[number % len(SOURCES)],
            building_id=PLACE if number % 10 else None,
            reported_by=REPORTER if number % 8 else None,
            registered_at=midnight(FIRST_DAY) + timedelta(hours=7, minutes=7 * number),
            tier=None,
        )
    )
    way.step("report", "registered", REPORTER)
    if ending == "left":
        return way
    if ending == "spot":
        _resolve(way, OFFICER, chance, hours=1)
        _answer(way, chance)
        return way
    if ending == "dismissed":
        way.step("approve", "dismissed", OFFICER, hours=5)
        return way
    _accept(way, chance)
    if ending == "withdrawn":
        way.step("withdraw", "closed", REPORTER, hours=2)
        way.facts = replace(way.facts, outcome=Outcome.WITHDRAWN.value)
    elif ending == "merged":
        way.step("merge", "closed", OFFICER, hours=2)
        way.facts = replace(way.facts, outcome=Outcome.DUPLICATE.value)
    else:
        _work(way, chance, deferred=ending == "deferred")
    return way


def _accept(way: Way, chance: Random) -> None:
    way.step("accept", "accepted", OFFICER, hours=chance.choice((0.2, 1, 3)))
    way.facts = replace(way.facts, tier=chance.choice((Tier.GENERAL, Tier.GENERAL, Tier.COMPLEX, Tier.UTILITIES)))
    if chance.random() < 0.8:
        way.step("contact", way.state, OFFICER, hours=chance.choice((0.1, 0.4, 30)))


def _work(way: Way, chance: Random, *, deferred: bool) -> None:
    way.step("assign", "assigned", OFFICER, hours=1, organisation=str(UNIT))
    way.step("sign", "in_progress", HANDLER, hours=2)
    if deferred:
        way.step("approve", "deferred", OFFICER, hours=50)
        way.facts = replace(way.facts, review_at=way.facts.registered_at + timedelta(days=150))
        return
    if chance.random() < 0.2:
        way.step("ask", "waiting", HANDLER, hours=5)
        way.step("answer", "in_progress", REPORTER, hours=30)
    _resolve(way, HANDLER, chance, hours=chance.choice((10, 60, 200, 500)))
    _answer(way, chance)


def _resolve(way: Way, by: UUID, chance: Random, *, hours: float) -> None:
    outcome = chance.choice((Outcome.SOLVED,) * 4 + (Outcome.PARTLY_SOLVED, Outcome.EXPLAINED))
    level = chance.choice((Level.COMPOUND, Level.COMPOUND, Level.COMMUNITY, Level.SUBDISTRICT))
    way.step("resolve", "resolved", by, hours=hours, round_=way.round, outcome=outcome.value, level=level.value)
    quantity = chance.choice(list(QuantityKind)) if chance.random() < 0.4 else None
    way.facts = replace(
        way.facts,
        outcome=outcome.value,
        quantity_kind=quantity.value if quantity else None,
        quantity=chance.randint(1, 9) if quantity else None,
    )


def _answer(way: Way, chance: Random) -> None:
    said, number = chance.random(), way.round
    if said < 0.7:
        satisfaction = chance.randint(3, 5)
        way.step("rate", "closed", REPORTER, hours=20, round_=number, solved=True, satisfaction=satisfaction)
    elif said < 0.85 and number == 1 and way.facts.tier is not None:
        way.step("rate", "in_progress", REPORTER, hours=20, round_=number, solved=False, satisfaction=1)
        way.round = number + 1
        way.facts = replace(way.facts, outcome=None, quantity_kind=None, quantity=None)
        _resolve(way, HANDLER, chance, hours=40)
        _answer(way, chance)
    elif said < 0.95:
        way.step("close", "closed", OFFICER, hours=72, round_=number)
        way.facts = replace(way.facts, outcome=Outcome.UNCONFIRMED.value)
