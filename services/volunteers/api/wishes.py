"""Micro-wishes over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from services.volunteers.api.access import COMMUNITY, Now, Uow, may
from services.volunteers.domain.beneficiary import Beneficiary, RevealPurpose
from services.volunteers.domain.errors import (
    BeneficiaryNotFound,
    ConsentMissing,
    NotTheClaimant,
    NotTheWisher,
    OwnWish,
    PersonNotFound,
    ProxyNotAllowed,
    SealUnreadable,
    TooManyOpenClaims,
    WishAlreadyClaimed,
    WishNotFound,
    WishTransitionRefused,
)
from services.volunteers.domain.wish import Wish, WishState
from services.volunteers.permissions import PROXIES, Action
from services.volunteers.queries.wishes import cards_on_the_wall, claims_of, wish_for, wishes_of, wishes_to_review
from services.volunteers.schemas.wishes import (
    BeneficiaryView,
    ClaimView,
    ConfirmWishBody,
    DeclineWishBody,
    DeliverWishBody,
    PublishWishBody,
    SubmitWishBody,
    WishCard,
    WishView,
)
from services.volunteers.use_cases.claim_wish import ClaimWish, claim_wish
from services.volunteers.use_cases.confirm_wish import ConfirmWish, confirm_wish
from services.volunteers.use_cases.decline_wish import DeclineWish, decline_wish
from services.volunteers.use_cases.deliver_wish import DeliverWish, deliver_wish
from services.volunteers.use_cases.publish_wish import PublishWish, publish_wish
from services.volunteers.use_cases.release_wish import ReleaseWish, release_wish
from services.volunteers.use_cases.reveal_beneficiary import RevealBeneficiary, reveal_beneficiary
from services.volunteers.use_cases.submit_wish import SubmitWish, submit_wish
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.context import request_id_of
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow, signed_in

router = Router(prefix=COMMUNITY + "/wishes", tags=["wishes"])
CHANGES = problems(WishNotFound, WishTransitionRefused, ConcurrentChange)


def _view(wish: Wish, who: Principal, at: datetime) -> WishView:
    return WishView.of(
        wish,
        who.person,
        may_review=may(who, Action.REVIEW_WISH),
        may_claim=may(who, Action.CLAIM_WISH),
        at=at,
    )


@router.post(
    "", response_model=WishView, status_code=201, responses=problems(ProxyNotAllowed, ConsentMissing, PersonNotFound)
)
async def submit(
    community: str, body: SubmitWishBody, who: Annotated[Principal, allow(Action.SUBMIT_WISH)], uow: Uow
) -> Response:
    """提交微心愿（本人或代提）。Submit a micro-wish, for oneself or as a proxy; it waits for review."""
    told = body.beneficiary
    command = SubmitWish(
        by=who.person,
        title=body.title,
        need=body.need,
        wished_by=body.wished_by or who.person,
        may_represent_others=not who.roles.isdisjoint(PROXIES),
        consent=body.consent,
        beneficiary=Beneficiary(told.group, told.note) if told else None,
    )
    return await answered(
        submit_wish(command, uow),
        uow,
        view=lambda wish: _view(wish, who, uow.now()),
        status=201,
        location=lambda wish: f"/api/v1/communities/{community}/wishes/{wish.id}",
    )


@router.get("", response_model=Page[WishCard])
async def list_cards(
    community: str,
    reading: Reading,
    page: PageQuery,
    _who: Annotated[Principal, allow(Action.READ_WALL)],
    state: Annotated[Literal["published", "claimed", "delivered", "lit"], Query()] = "published",
) -> Response:
    """微心愿墙：公开卡片，不含身份。The wall: public cards, the newest first; nobody's identity."""
    async with reading as connection:
        cards, following = await cards_on_the_wall(
            connection, community, state=WishState(state), limit=page.limit, cursor=page.cursor
        )
    return shown(Page[WishCard](items=cards, next_cursor=following))


@router.get("/to-review", response_model=Page[WishView])
async def list_to_review(
    community: str, reading: Reading, page: PageQuery, who: Annotated[Principal, allow(Action.REVIEW_WISH)], at: Now
) -> Response:
    """待审核的微心愿，最早的在前。Wishes that wait for review, the oldest first."""
    async with reading as connection:
        found, following = await wishes_to_review(connection, community, limit=page.limit, cursor=page.cursor)
    return shown(Page[WishView](items=[_view(wish, who, at) for wish in found], next_cursor=following))


@router.get("/mine", response_model=Page[WishView])
async def list_my_wishes(
    community: str, reading: Reading, page: PageQuery, who: Annotated[Principal, signed_in()], at: Now
) -> Response:
    """我提交的微心愿。Wishes that I made, or made for somebody else."""
    async with reading as connection:
        found, following = await wishes_of(connection, community, who.person, limit=page.limit, cursor=page.cursor)
    return shown(Page[WishView](items=[_view(wish, who, at) for wish in found], next_cursor=following))


@router.get("/my-claims", response_model=Page[ClaimView])
async def list_my_claims(
    community: str, reading: Reading, page: PageQuery, who: Annotated[Principal, signed_in()]
) -> Response:
    """我认领的微心愿。Wishes that I promised, with what became of them."""
    async with reading as connection:
        found, following = await claims_of(connection, community, who.person, limit=page.limit, cursor=page.cursor)
    return shown(Page[ClaimView](items=found, next_cursor=following))


@router.get("/{wish_id}", response_model=WishView, responses=problems(WishNotFound))
async def show_wish(
    community: str, wish_id: UUID, reading: Reading, who: Annotated[Principal, allow(Action.READ_WALL)], at: Now
) -> Response:
    """查看一个微心愿；与本人无关的内容为空。One wish; what is none of the caller's business is null."""
    async with reading as connection:
        wish = await wish_for(connection, community, wish_id, who.person, may_review=may(who, Action.REVIEW_WISH))
    return shown(_view(wish, who, at))


@router.get(
    "/{wish_id}/beneficiary",
    response_model=BeneficiaryView,
    responses=problems(WishNotFound, BeneficiaryNotFound, SealUnreadable),
)
async def show_beneficiary(
    community: str,
    wish_id: UUID,
    request: Request,
    who: Annotated[Principal, allow(Action.READ_BENEFICIARY)],
    purpose: Annotated[RevealPurpose, Query(description="查看目的，会被记录。Why; it is written down")],
) -> Response:
    """查看受益人信息：仅审核人和当前认领人，每次查看都留痕。Who the wish is for: reviewers and the current claimant only."""
    uow = request.app.state.unit_of_work(community, correlation_id=request_id_of(request.scope))
    command = RevealBeneficiary(wish_id, who.person, purpose, may_review=may(who, Action.REVIEW_WISH))
    return shown(BeneficiaryView.of(wish_id, await reveal_beneficiary(command, uow)))


@router.post("/{wish_id}/publish", response_model=WishView, responses=CHANGES)
async def publish(
    wish_id: UUID,
    body: PublishWishBody,
    who: Annotated[Principal, allow(Action.REVIEW_WISH)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """审核通过并公开发布。Publish a wish as a public card without identity."""
    command = PublishWish(wish_id, who.person, body.card_title, body.card_text, if_match)
    return await answered(publish_wish(command, uow), uow, view=lambda wish: _view(wish, who, uow.now()))


@router.post("/{wish_id}/decline", response_model=WishView, responses=CHANGES)
async def decline(
    wish_id: UUID,
    body: DeclineWishBody,
    who: Annotated[Principal, allow(Action.REVIEW_WISH)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """不予采纳并说明理由。Decline a wish, with a reason for the wisher."""
    command = DeclineWish(wish_id, who.person, body.reason, if_match)
    return await answered(decline_wish(command, uow), uow, view=lambda wish: _view(wish, who, uow.now()))


@router.post(
    "/{wish_id}/claim",
    response_model=WishView,
    responses=problems(
        WishNotFound, WishTransitionRefused, WishAlreadyClaimed, OwnWish, TooManyOpenClaims, ConcurrentChange
    ),
)
async def claim(
    wish_id: UUID, who: Annotated[Principal, allow(Action.CLAIM_WISH)], uow: Uow, if_match: IfMatch
) -> Response:
    """认领微心愿：同时多人认领，只有一人成功。Promise a wish; of many at once exactly one gets it."""
    command = ClaimWish(wish_id, who.person, if_match)
    return await answered(claim_wish(command, uow), uow, view=lambda wish: _view(wish, who, uow.now()))


@router.post(
    "/{wish_id}/release",
    response_model=WishView,
    responses=problems(WishNotFound, WishTransitionRefused, NotTheClaimant, ConcurrentChange),
)
async def release(
    wish_id: UUID, who: Annotated[Principal, allow(Action.CLAIM_WISH)], uow: Uow, if_match: IfMatch
) -> Response:
    """退回认领，微心愿重新公开。Give a promise back; the wish is open again."""
    command = ReleaseWish(wish_id, who.person, if_match)
    return await answered(release_wish(command, uow), uow, view=lambda wish: _view(wish, who, uow.now()))


@router.post(
    "/{wish_id}/deliver",
    response_model=WishView,
    responses=problems(WishNotFound, WishTransitionRefused, NotTheClaimant, ConcurrentChange),
)
async def deliver(
    wish_id: UUID,
    body: DeliverWishBody,
    who: Annotated[Principal, allow(Action.CLAIM_WISH)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """登记送达并附证明。Put the delivery on record with its proof; the wisher is asked to confirm."""
    command = DeliverWish(wish_id, who.person, body.proof, if_match)
    return await answered(deliver_wish(command, uow), uow, view=lambda wish: _view(wish, who, uow.now()))


@router.post(
    "/{wish_id}/confirm",
    response_model=WishView,
    responses=problems(WishNotFound, WishTransitionRefused, NotTheWisher, ConcurrentChange),
)
async def confirm(
    wish_id: UUID,
    body: ConfirmWishBody,
    who: Annotated[Principal, allow(Action.CONFIRM_WISH)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """许愿人确认实现：点亮微心愿，认领人获得积分。The wisher confirms: the wish is lit, its claimant earns points."""
    command = ConfirmWish(wish_id, who.person, body.thanks, if_match)
    return await answered(confirm_wish(command, uow), uow, view=lambda wish: _view(wish, who, uow.now()))
