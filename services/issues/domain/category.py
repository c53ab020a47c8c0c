"""What a matter is about. Each community has its own copy of the shipped tree and changes it: added, renamed, moved, retired, never removed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from services.issues.domain.card import is_confidential_category
from services.issues.domain.errors.categories import CategoryMisplaced, CategoryRefused
from services.issues.domain.words.issues import IssueKind, Tier

DEEPEST = 5
MOST = 2_000
"""Categories of one community."""
TAXONOMY = Path(__file__).with_name("taxonomy.tsv")


@dataclass(frozen=True, slots=True)
class Category:
    """A category with its defaults: kind of matter, tier, and the kind of organisation that usually answers for it."""

    code: str
    parent: str | None
    name_zh: str
    name_en: str
    kind: IssueKind = IssueKind.COMPLAINT
    tier: Tier = Tier.GENERAL
    responsible_kind: str = "community_committee"
    position: int = 0
    retired: bool = False
    version: int = 1


Tree = Mapping[str, Category]
"""The categories of a community by code."""


def in_tree_order(categories: Iterable[Category]) -> list[Category]:
    """Parents before their children, siblings by position: the order in which people read them."""
    below: dict[str | None, list[Category]] = {}
    for category in sorted(categories, key=lambda it: (it.position, it.code)):
        below.setdefault(category.parent, []).append(category)

    def walk(parent: str | None) -> Iterator[Category]:
        for category in below.get(parent, ()):
            yield category
            yield from walk(category.code)

    return list(walk(None))


def depth_of(category: Category, tree: Tree) -> int:
    """1 for the first level."""
    depth, here = 1, category
    while here.parent is not None and depth <= DEEPEST:
        here, depth = tree[here.parent], depth + 1
    return depth


def check_placed(category: Category, tree: Tree) -> None:
    """Refuse a parent that is not there, is retired, lies below, is too deep, or is confidential while the code would not tell so.
    `tree` is the tree without the change."""
    if category.parent is None:
        return
    parent = tree.get(category.parent)
    if parent is None or parent.retired:
        raise CategoryMisplaced(fields={"parent": ("没有这个上级分类或已停用", "no such parent, or it is retired")})
    if is_confidential_category(parent.code) and not is_confidential_category(category.code):
        above = parent.code
        raise CategoryMisplaced(
            fields={
                "parent": (
                    f"“{parent.name_zh}”下的诉求保密，其下分类的代码须以 {above}_ 开头",
                    f"matters below “{parent.name_en}” are confidential: codes below it begin with {above}_",
                )
            }
        )
    here: Category | None = parent
    while here is not None:
        if here.code == category.code:
            raise CategoryMisplaced(fields={"parent": ("不能移到自己下面", "must not lie below itself")})
        here = tree[here.parent] if here.parent else None
    if depth_of(parent, tree) + _height(category.code, tree) > DEEPEST:
        raise CategoryMisplaced(fields={"parent": (f"最多 {DEEPEST} 级", f"at most {DEEPEST} levels")})


def check_may_retire(category: Category, tree: Tree) -> None:
    """Refuse while something below is in use, so that nothing in use hangs below what is not."""
    if any(it.parent == category.code and not it.retired for it in tree.values()):
        raise CategoryRefused("请先停用下级分类", "Retire the categories below it first")


def check_may_restore(category: Category, tree: Tree) -> None:
    """Refuse below a retired parent."""
    if category.parent is not None and tree[category.parent].retired:
        raise CategoryRefused("请先恢复上级分类", "Restore the category above it first")


def taxonomy_for(tree: Tree) -> list[Category]:
    """What the imported taxonomy would add: kind, tier and unit come from the first level of this community."""
    added: dict[str, Category] = {}
    for position, (code, parent, name_zh, name_en) in enumerate(_taxonomy(), start=10_000):
        above = added.get(parent) or tree.get(parent)
        if code in tree or above is None or above.retired:
            continue
        added[code] = replace(
            above,
            code=code,
            parent=parent,
            name_zh=name_zh,
            name_en=name_en,
            position=position,
            retired=False,
            version=1,
        )
    return list(added.values())


@cache
def _taxonomy() -> tuple[tuple[str, str, str, str], ...]:
    lines = TAXONOMY.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return tuple((code, parent, name_zh, name_en) for code, parent, name_zh, name_en in rows)


def _height(code: str, tree: Tree) -> int:
    below = [_height(it.code, tree) for it in tree.values() if it.parent == code]
    return 1 + max(below, default=0)
