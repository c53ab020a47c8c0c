"""The tree of categories: read by everybody, changed by the community's administrator."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, RulesReader, Uow
from services.issues.domain.errors.categories import (
    CategoryMisplaced,
    CategoryNotFound,
    CategoryRefused,
    CategoryThere,
    TooManyCategories,
)
from services.issues.permissions import Action
from services.issues.queries.categories import categories_of, versions_of
from services.issues.schemas.categories import (
    AddCategoryBody,
    CategoryList,
    CategoryTextBody,
    CategoryVersionView,
    CategoryView,
    ImportTaxonomyBody,
    RetireCategoryBody,
    TaxonomyView,
)
from services.issues.use_cases.add_category import AddCategory, add_category
from services.issues.use_cases.import_taxonomy import ImportTaxonomy, import_taxonomy
from services.issues.use_cases.retire_category import RetireCategory, retire_category
from services.issues.use_cases.revise_category import ReviseCategory, revise_category
from shared.errors import PreconditionFailed
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["issues"])
Manager = Annotated[Principal, allow(Action.MANAGE_CATEGORIES)]
NOTHING = RetireCategoryBody()


@router.get("/categories", response_model=CategoryList, responses=problems(CategoryNotFound))
async def categories(
    *,
    community: Community,
    _who: RulesReader,
    reading: Reading,
    below: Annotated[
        str | None, Query(pattern=r"^[a-z][a-z0-9_]{1,39}$", description="只看其下级。Below this one")
    ] = None,
    depth: Annotated[
        int | None, Query(ge=1, le=5, description="几级，缺省全部。How many levels; all when left out")
    ] = None,
    retired: Annotated[bool, Query(description="包括已停用的。With those that are retired")] = False,
) -> Response:
    """诉求分类树，上级在前。The categories of this community, parents before children; never more than 2000."""
    async with reading as connection:
        known = await categories_of(connection, community, below=below, depth=depth, retired=retired)
    return shown(CategoryList.model_construct(items=[CategoryView.of(category) for category in known]))


@router.post(
    "/categories",
    status_code=201,
    response_model=CategoryView,
    responses=problems(CategoryThere, CategoryMisplaced, TooManyCategories),
)
async def add(body: AddCategoryBody, who: Manager, uow: Uow) -> Response:
    """新增分类。Add a category."""
    return await answered(add_category(AddCategory(body.category(), who), uow), uow, view=CategoryView.of, status=201)


@router.post("/categories/import-taxonomy", response_model=TaxonomyView, responses=problems(TooManyCategories))
async def merge_taxonomy(body: ImportTaxonomyBody, who: Manager, uow: Uow) -> Response:
    """并入城市留言板的二、三级分类；缺省只试算。Merge the taxonomy of a city's message board; a dry run unless said otherwise."""
    return await answered(import_taxonomy(ImportTaxonomy(who, body.dry_run), uow), uow, view=TaxonomyView.of)


@router.post(
    "/categories/{code}/revise",
    response_model=CategoryView,
    responses=problems(CategoryNotFound, CategoryMisplaced, PreconditionFailed),
)
async def revise(code: str, body: CategoryTextBody, who: Manager, uow: Uow, if_match: IfMatch) -> Response:
    """改名、移动、改缺省值；已登记的诉求不变。Rename, move, change defaults; issues on record stay as they are."""
    command = ReviseCategory(code, body.text(), who, if_match)
    return await answered(revise_category(command, uow), uow, view=CategoryView.of)


@router.post(
    "/categories/{code}/retire",
    response_model=CategoryView,
    responses=problems(CategoryNotFound, CategoryRefused, PreconditionFailed),
)
async def retire(code: str, who: Manager, uow: Uow, if_match: IfMatch, _body: RetireCategoryBody = NOTHING) -> Response:
    """停用；旧诉求仍保留该分类。Retire it; old issues keep it."""
    command = RetireCategory(code, who, expected_version=if_match)
    return await answered(retire_category(command, uow), uow, view=CategoryView.of)


@router.post(
    "/categories/{code}/restore",
    response_model=CategoryView,
    responses=problems(CategoryNotFound, CategoryRefused, PreconditionFailed),
)
async def restore(
    code: str, who: Manager, uow: Uow, if_match: IfMatch, _body: RetireCategoryBody = NOTHING
) -> Response:
    """恢复使用。Take it into use again."""
    command = RetireCategory(code, who, retired=False, expected_version=if_match)
    return await answered(retire_category(command, uow), uow, view=CategoryView.of)


@router.get(
    "/categories/{code}/versions", response_model=Page[CategoryVersionView], responses=problems(CategoryNotFound)
)
async def versions(community: Community, code: str, _who: Manager, reading: Reading, page: PageQuery) -> Response:
    """修改记录，新的在前。Who changed it and when, newest first."""
    async with reading as connection:
        return shown(await versions_of(connection, community, code, page))
