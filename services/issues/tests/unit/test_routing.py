"""Which unit answers for what: the most specific rule wins, and the answer says what was tried."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues.domain.errors.routing import RulesRefused
from services.issues.domain.routing import Matter, Rule, RuleSet, Spot, checked_rules, reason_of, suggest
from services.issues.domain.words.issues import State
from services.issues.domain.words.routing import Ground, Scope
from services.issues.domain.words.vocabulary import Words
from services.issues.tests.builders import BUILDING, NOW, OFFICER, PROPERTY, UNIT, an_assignment, an_issue
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.publish_routing_rules import PublishRoutingRules, publish_routing_rules
from shared.contracts.issues import RoutingRulesPublished
from shared.errors import Invalid, PreconditionFailed
from shared.ids import new_id

GRID, OTHER_GRID, COMPOUND = new_id(), new_id(), new_id()
A, B, C = (UUID(int=n) for n in (1, 2, 3))
GAS = Matter(("gas_supply", "utilities"), "property", {"utilities": Words("水电气暖", "Utilities")})
HERE = Spot(GRID, COMPOUND)


def rules(*given: Rule) -> RuleSet:
    return RuleSet(new_id(), 3, NOW, "纪要", OFFICER.person, NOW, checked_rules(given))


def rule(position: int, organisation: UUID, **about: object) -> Rule:
    return Rule(position, organisation, **about)  # type: ignore[arg-type]


def test_the_grid_goes_before_the_compound_and_the_compound_before_the_community() -> None:
    known = [
        rule(1, A, category="gas_supply"),
        rule(2, B, category="gas_supply", compound_id=COMPOUND),
        rule(3, C, category="gas_supply", grid_id=GRID),
        rule(4, A, category="gas_supply", grid_id=OTHER_GRID),
    ]
    assert suggest(rules(*known), GAS, HERE, ()).organisation == C
    assert suggest(rules(*known[:2], known[3]), GAS, HERE, ()).organisation == B
    assert suggest(rules(known[0], known[3]), GAS, HERE, ()).organisation == A
    assert suggest(rules(*known), GAS, Spot(), ()).organisation == A, "words say no grid"


def test_the_category_goes_before_its_parent_wherever_the_rules_hold_and_any_category_comes_last() -> None:
    known = [
        rule(1, A, category="gas_supply"),
        rule(2, B, category="utilities", grid_id=GRID),
        rule(3, C, grid_id=GRID),
    ]
    assert suggest(rules(*known), GAS, HERE, ()).organisation == A
    found = suggest(rules(*known[1:]), GAS, HERE, ())
    assert (found.organisation, found.version) == (B, 3)
    assert [(tried.category, tried.scope, tried.found) for tried in found.tried] == [
        ("gas_supply", Scope.GRID, False),
        ("gas_supply", Scope.COMPOUND, False),
        ("gas_supply", Scope.COMMUNITY, False),
        ("utilities", Scope.GRID, True),
    ]
    assert reason_of(found).zh == "第 3 版派单规则第 2 条：网格 × 水电气暖"
    assert reason_of(found).en == "Routing rules version 3, rule 2: grid × Utilities"
    anything = suggest(rules(known[2]), GAS, HERE, ())
    assert (anything.organisation, reason_of(anything).zh) == (C, "第 3 版派单规则第 3 条：网格 × 任何分类")


@pytest.mark.parametrize(
    ("usual", "organisation", "ground", "says"),
    [((A,), A, Ground.DEFAULT, "只有一个"), ((A, B), None, Ground.NONE, "2 个"), ((), None, Ground.NONE, "也没有")],
)
def test_without_a_rule_the_only_organisation_of_the_usual_kind_is_suggested(
    usual: tuple[UUID, ...], organisation: UUID | None, ground: Ground, says: str
) -> None:
    for known in (None, rules(rule(1, C, category="lift"))):
        found = suggest(known, GAS, HERE, usual)
        assert (found.organisation, found.ground, found.candidates) == (organisation, ground, usual)
        assert says in reason_of(found).zh


def test_rules_that_contradict_each_other_are_named() -> None:
    both = rule(1, A, grid_id=GRID, compound_id=COMPOUND)
    with pytest.raises(RulesRefused) as refused:
        checked_rules([both, rule(2, A, category="lift"), rule(3, B, category="lift"), rule(4, A), rule(5, A)])
    assert sorted(refused.value.fields) == ["rules[0].compound_id", "rules[2]", "rules[4]"]


PLACES = st.sampled_from(
    [{}, {"grid_id": GRID}, {"grid_id": OTHER_GRID}, {"compound_id": COMPOUND}, {"compound_id": A}]
)
ABOUT = st.tuples(st.sampled_from([None, "gas_supply", "utilities", "lift"]), PLACES)


@given(st.lists(ABOUT, unique_by=str), st.randoms())
def test_the_order_of_the_rules_never_matters(about: list[tuple[str | None, dict[str, UUID]]], chance: object) -> None:
    """Each rule names its own organisation; an independent ranking says which one must win."""
    known = [rule(n, UUID(int=n), category=category, **place) for n, (category, place) in enumerate(about, start=1)]
    fitting = [
        one
        for one in known
        if one.category in (None, "gas_supply", "utilities")
        and (one.grid_id or GRID, one.compound_id or COMPOUND) == (GRID, COMPOUND)
    ]
    best = min(
        fitting,
        key=lambda one: (
            ["gas_supply", "utilities", None].index(one.category),
            0 if one.grid_id else 1 if one.compound_id else 2,
        ),
        default=None,
    )
    chance.shuffle(known)  # type: ignore[attr-defined]
    assert suggest(rules(*known), GAS, HERE, ()).organisation == (best.organisation if best else None)


@pytest.fixture
def uow() -> MemoryUnitOfWork:
    uow = MemoryUnitOfWork()
    uow.routing.known_spots[BUILDING] = HERE
    return uow


async def test_publishing_keeps_the_version_and_says_so(uow: MemoryUnitOfWork) -> None:
    first = await publish_routing_rules(PublishRoutingRules((rule(1, PROPERTY),), "纪要", OFFICER), uow)
    assert uow.published == [
        RoutingRulesPublished(
            rules_id=first.rule_set.id, version=1, rules=1, effective_from=NOW, published_by=OFFICER.person
        )
    ]
    later = NOW + timedelta(days=1)
    await publish_routing_rules(PublishRoutingRules((rule(1, UNIT),), "纪要", OFFICER, later), uow)
    assert (await uow.routing.suggestion("lift", an_issue().place, NOW)).organisation == PROPERTY
    assert (await uow.routing.suggestion("lift", an_issue().place, later)).organisation == UNIT
    with pytest.raises(PreconditionFailed):
        await publish_routing_rules(PublishRoutingRules((), "纪要", OFFICER, expected_version=1), uow)
    with pytest.raises(Invalid) as refused:
        await publish_routing_rules(PublishRoutingRules((), "纪要", OFFICER, NOW - timedelta(seconds=1)), uow)
    assert list(refused.value.fields) == ["effective_from"]


async def test_a_dry_run_tells_what_would_change_and_publishes_nothing(uow: MemoryUnitOfWork) -> None:
    for state in (State.REGISTERED, State.ACCEPTED, State.ON_AGENDA, State.ASSIGNED, State.RESOLVED, State.CLOSED):
        await uow.issues.add(an_issue(state, assignment=an_assignment()))
    await uow.issues.add(an_issue(category="noise"))
    uow.routing.kinds = {"property": (PROPERTY,), "community_committee": (UNIT,)}
    command = PublishRoutingRules(
        (rule(1, UNIT, category="street_light", grid_id=GRID),), "纪要", OFFICER, dry_run=True
    )
    told = await publish_routing_rules(command, uow)
    (change,) = told.changes
    assert (change.waiting.category, change.waiting.number, told.unchanged) == ("street_light", 3, 1)
    assert (change.before.organisation, change.after.organisation) == (PROPERTY, UNIT)
    assert (uow.published, await uow.routing.newest_version()) == ([], 0)
