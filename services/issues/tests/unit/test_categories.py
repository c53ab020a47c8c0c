"""The tree of categories: where one may lie, what may be retired, and what the imported taxonomy adds."""

import re
from dataclasses import replace

import pytest

from services.issues.domain.card import is_confidential_category
from services.issues.domain.category import (
    DEEPEST,
    Category,
    check_may_restore,
    check_may_retire,
    check_placed,
    depth_of,
    in_tree_order,
    taxonomy_for,
)
from services.issues.domain.default_categories import DEFAULT_CATEGORIES
from services.issues.domain.errors.categories import CategoryMisplaced, CategoryRefused, CategoryThere
from services.issues.tests.builders import ADMIN
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.add_category import AddCategory, add_category
from services.issues.use_cases.import_taxonomy import ImportTaxonomy, import_taxonomy

SHIPPED = {category.code: category for category in DEFAULT_CATEGORIES}
METHOD = ["parking_occupied", "parking_shortage", "neighbour_quarrel", "green_occupied", "street_light"]


def a(code: str, parent: str | None = None, position: int = 1, **more: object) -> Category:
    return Category(code, parent, code, code, position=position, **more)  # type: ignore[arg-type]


def test_people_read_the_five_of_the_method_first() -> None:
    assert [category.code for category in in_tree_order(reversed(DEFAULT_CATEGORIES))][:5] == METHOD


def test_parents_stand_before_children_whatever_their_positions() -> None:
    given = [a("leaf", "branch", 0), a("other", None, 2), a("branch", "root", 0), a("root", None, 1)]
    assert [category.code for category in in_tree_order(given)] == ["root", "branch", "leaf", "other"]


@pytest.mark.parametrize(
    "category",
    [
        a("new", "moon"),
        a("new", "old"),
        replace(SHIPPED["utilities"], parent="water_supply"),
        replace(SHIPPED["utilities"], parent="utilities"),
    ],
)
def test_a_category_lies_below_one_that_is_in_use_and_never_below_itself(category: Category) -> None:
    tree = {**SHIPPED, "old": a("old", retired=True)}
    with pytest.raises(CategoryMisplaced) as refused:
        check_placed(category, tree)
    assert list(refused.value.fields) == ["parent"]


def test_a_tree_is_five_levels_deep_at_most_also_by_moving_a_whole_branch() -> None:
    tree = {f"l{n}": a(f"l{n}", f"l{n - 1}" if n > 1 else None) for n in range(1, DEEPEST + 1)}
    assert depth_of(tree["l5"], tree) == DEEPEST
    with pytest.raises(CategoryMisplaced):
        check_placed(a("l6", "l5"), tree)
    branch = {**tree, "b1": a("b1"), "b2": a("b2", "b1")}
    check_placed(a("b1", "l3"), branch)
    with pytest.raises(CategoryMisplaced):
        check_placed(a("b1", "l4"), branch)


def test_whatever_lies_below_a_confidential_category_says_so_by_its_code() -> None:
    tree = {**SHIPPED, **{category.code: category for category in taxonomy_for(SHIPPED)}}
    for category in tree.values():
        above = category.code.split("_")[0]
        assert is_confidential_category(category.code) == (
            above in {"discipline", "care"} or category.code == "neighbour_quarrel"
        )
    check_placed(a("care_old_people", "care"), tree)
    check_placed(a("discipline_03_99", "discipline_03"), tree)
    for wrong in (a("old_people", "care"), a("careful", "care"), replace(tree["noise"], parent="discipline_03")):
        with pytest.raises(CategoryMisplaced) as refused:
            check_placed(wrong, tree)
        assert list(refused.value.fields) == ["parent"]


def test_nothing_in_use_hangs_below_what_is_not() -> None:
    with pytest.raises(CategoryRefused):
        check_may_retire(SHIPPED["utilities"], SHIPPED)
    check_may_retire(SHIPPED["heating"], SHIPPED)
    retired = {code: replace(it, retired=it.code in {"utilities", "heating"}) for code, it in SHIPPED.items()}
    with pytest.raises(CategoryRefused):
        check_may_restore(retired["heating"], retired)


def test_the_taxonomy_has_its_517_finest_categories_below_the_first_level_ones() -> None:
    added = taxonomy_for(SHIPPED)
    tree = {**SHIPPED, **{category.code: category for category in added}}
    finest = [category for category in added if depth_of(category, tree) == 3]
    assert (len(finest), len(added)) == (517, 635)
    assert {tree[it.parent].parent for it in finest if it.parent} <= set(SHIPPED)
    construction = next(it for it in finest if it.name_zh == "园林绿化环卫")
    assert (construction.tier, construction.kind) == (
        SHIPPED["urban_construction"].tier,
        SHIPPED["urban_construction"].kind,
    )


def test_every_category_that_is_shipped_has_a_name_in_both_languages() -> None:
    for category in (*DEFAULT_CATEGORIES, *taxonomy_for(SHIPPED)):
        assert 1 <= len(category.name_en) <= 80
        assert category.name_en == category.name_en.strip()
        assert category.name_en.isascii(), category
        assert re.search("[\u4e00-\u9fff]", category.name_zh), category


async def test_merging_twice_adds_nothing_and_a_dry_run_never_does() -> None:
    by, uow = ADMIN, MemoryUnitOfWork()
    tried = await import_taxonomy(ImportTaxonomy(by), uow)
    assert (len(tried.added), uow.categories.changes) == (635, [])
    await import_taxonomy(ImportTaxonomy(by, dry_run=False), uow)
    again = await import_taxonomy(ImportTaxonomy(by, dry_run=False), uow)
    assert (again.added, again.total) == ((), 635 + len(SHIPPED))
    with pytest.raises(CategoryThere):
        await add_category(AddCategory(a("urban_construction_01"), by), uow)
