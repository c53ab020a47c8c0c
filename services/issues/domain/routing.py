"""Routing rules: place × category → the unit that answers for it, in published versions, with the reason for each suggestion.

The category decides first, then the place: what is known about gas in the whole community goes before what is known about all
utilities in one grid (docs/decisions/0014-routing-by-category-first.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.issues.domain.errors.routing import ReasonNeeded, RulesRefused
from services.issues.domain.words.routing import Ground, Scope
from services.issues.domain.words.vocabulary import Words

MOST_RULES = 1_000
"""In one version."""
ANY_CATEGORY = Words("任何分类", "any category")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: matters of this category (None: any) in this grid or compound (None: anywhere) go to this organisation."""

    position: int
    organisation: UUID
    category: str | None = None
    grid_id: UUID | None = None
    compound_id: UUID | None = None

    @property
    def scope(self) -> Scope:
        """How near the rule is."""
        if self.grid_id is not None:
            return Scope.GRID
        return Scope.COMPOUND if self.compound_id is not None else Scope.COMMUNITY

    @property
    def key(self) -> tuple[str | None, Scope, UUID | None]:
        """What the rule is about; no two rules of a version may be about the same."""
        return self.category, self.scope, self.grid_id or self.compound_id


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of the rules. It is in force from its date until the date of a later version has come."""

    id: UUID
    version: int
    effective_from: datetime
    basis: str
    published_by: UUID
    published_at: datetime
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an issue is, as far as rules ask. Only a building says it."""

    grid_id: UUID | None = None
    compound_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What an issue is about: its category and the parents of it, nearest first, and the kind of organisation that usually answers.
    `names` are how people call these categories."""

    categories: tuple[str, ...]
    responsible_kind: str
    names: Mapping[str, Words] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Tried:
    """A place in the rules that was looked at. `category` None stands for any category."""

    category: str | None
    scope: Scope
    found: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Which organisation, why, and what was tried before it. `candidates` are those of the usual kind, `what` is the name of the
    category that the rule is about."""

    organisation: UUID | None
    ground: Ground
    version: int | None
    rule: Rule | None
    tried: tuple[Tried, ...]
    candidates: tuple[UUID, ...] = ()
    what: Words | None = None


def checked_rules(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules, or RulesRefused that names each one that is ambiguous."""
    wrong: dict[str, tuple[str, str]] = {}
    seen: dict[tuple[str | None, Scope, UUID | None], int] = {}
    for index, rule in enumerate(rules):
        if rule.grid_id is not None and rule.compound_id is not None:
            wrong[f"rules[{index}].compound_id"] = (
                "网格和小区只能填一个",
                "a rule names a grid or a compound, not both",
            )
        elif rule.key in seen:
            first = seen[rule.key] + 1
            wrong[f"rules[{index}]"] = (f"与第 {first} 条针对的范围相同", f"is about the same as rule {first}")
        seen.setdefault(rule.key, index)
    if wrong:
        raise RulesRefused(fields=wrong)
    return tuple(rules)


def suggest(rule_set: RuleSet | None, matter: Matter, spot: Spot, usual: Sequence[UUID]) -> Suggestion:
    """The most specific rule wins; without one, the only organisation of the usual kind; else nobody, and the reason says so."""
    tried: list[Tried] = []
    if rule_set is not None:
        known: Mapping[tuple[str | None, Scope, UUID | None], Rule] = {rule.key: rule for rule in rule_set.rules}
        for category, scope, where in _places(matter, spot):
            rule = known.get((category, scope, where))
            tried.append(Tried(category, scope, rule is not None))
            if rule is not None:
                what = matter.names.get(category) if category else ANY_CATEGORY
                return Suggestion(rule.organisation, Ground.RULE, rule_set.version, rule, tuple(tried), what=what)
    version = rule_set.version if rule_set else None
    only = usual[0] if len(usual) == 1 else None
    ground = Ground.DEFAULT if only else Ground.NONE
    return Suggestion(only, ground, version, None, tuple(tried), tuple(usual))


def choice(suggestion: Suggestion, organisation: UUID, because: str | None) -> dict[str, UUID | int | str]:
    """What the history keeps of a choice beside the organisation. Raises ReasonNeeded where a rule suggested another one."""
    found: dict[str, UUID | int | str] = {}
    if suggestion.organisation is not None:
        found["suggested"] = suggestion.organisation
    if suggestion.rule is not None and suggestion.version is not None:
        found["rules_version"] = suggestion.version
    if suggestion.organisation in (None, organisation):
        return found
    if because is not None:
        found["differs_because"] = because
    elif suggestion.rule is not None:
        why = reason_of(suggestion)
        raise ReasonNeeded(
            f"{why.zh}，请说明为什么派给其他单位",
            f"{why.en}: say why it goes to another organisation",
            fields={"other_unit_reason": ("须填写理由", "a reason is needed")},
        )
    return found


def reason_of(suggestion: Suggestion) -> Words:
    """Why this unit, in a sentence."""
    rule = suggestion.rule
    if rule is not None:
        code = rule.category or ""
        place, what = rule.scope.words, suggestion.what or Words(code, code)
        return Words(
            f"第 {suggestion.version} 版派单规则第 {rule.position} 条：{place.zh} × {what.zh}",
            f"Routing rules version {suggestion.version}, rule {rule.position}: {place.en} × {what.en}",
        )
    if suggestion.organisation is not None:
        return Words(
            "没有适用的规则；本社区只有一个该分类通常负责的单位",
            "No rule applies; the community has exactly one organisation of the kind that usually answers",
        )
    if suggestion.candidates:
        number = len(suggestion.candidates)
        return Words(
            f"没有适用的规则；本社区有 {number} 个该类单位，请选择或补充规则",
            f"No rule applies; the community has {number} organisations of that kind: choose one, or add a rule",
        )
    return Words(
        "没有适用的规则，本社区也没有该分类通常负责的单位",
        "No rule applies, and the community has no organisation of the kind that usually answers",
    )


def _places(matter: Matter, spot: Spot) -> Iterator[tuple[str | None, Scope, UUID | None]]:
    """Where to look, most specific first."""
    for category in (*matter.categories, None):
        if spot.grid_id is not None:
            yield category, Scope.GRID, spot.grid_id
        if spot.compound_id is not None:
            yield category, Scope.COMPOUND, spot.compound_id
        yield category, Scope.COMMUNITY, None
