"""Accounts and transfers over HTTP."""

from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.volunteers.api.access import COMMUNITY, Now, Uow, may
from services.volunteers.domain.errors import (
    AlreadyAwarded,
    AlreadyReversed,
    InsufficientPoints,
    LedgerNotOpen,
    NotReversible,
    PersonNotFound,
    PointsCapReached,
    RuleNotInForce,
    SecondPersonNeeded,
    TransferNotFound,
)
from services.volunteers.domain.points import Deed
from services.volunteers.permissions import Action
from services.volunteers.queries.points import account_of, reconcile, refuse_stranger, statement_of
from services.volunteers.schemas.points import (
    AccountView,
    AwardPointsBody,
    DebitPointsBody,
    ReverseTransferBody,
    StatementLine,
    TransferView,
)
from services.volunteers.schemas.reconciliation import ReconciliationView
from services.volunteers.use_cases.award_points import AwardPoints, award_points
from services.volunteers.use_cases.debit_points import DebitPoints, debit_points
from services.volunteers.use_cases.reverse_transfer import ReverseTransfer, reverse_transfer
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow, signed_in

router = Router(prefix=COMMUNITY + "/points", tags=["points"])


@router.get("/me", response_model=AccountView)
async def show_my_points(community: str, reading: Reading, who: Annotated[Principal, signed_in()]) -> Response:
    """我的积分。My points: balance, what is set aside, what I owe."""
    async with reading as connection:
        return shown(AccountView.of(await account_of(connection, community, who.person)))


@router.get("/reconciliation", response_model=ReconciliationView, responses=problems(LedgerNotOpen))
async def check_the_books(
    community: str, reading: Reading, _who: Annotated[Principal, allow(Action.RECONCILE)], at: Now
) -> Response:
    """对账：合计、余额、冻结、欠分与哈希链。Check every figure of the ledger against its entries, and the chain."""
    async with reading as connection:
        return shown(await reconcile(connection, community, at))


@router.get("/{person}/statement", response_model=Page[StatementLine], responses=problems(PersonNotFound))
async def show_statement(
    community: str,
    person: UUID,
    reading: Reading,
    page: PageQuery,
    who: Annotated[Principal, allow(Action.READ_STATEMENT)],
) -> Response:
    """积分明细：每一笔的原因和经办人；本人或积分管理员可看。Every transfer with its reason and author; one's own, or any for an officer."""
    if person != who.person and not may(who, Action.RECONCILE):
        raise PersonNotFound
    async with reading as connection:
        if person != who.person:
            await refuse_stranger(connection, community, person)
        lines, following = await statement_of(connection, community, person, limit=page.limit, cursor=page.cursor)
    return shown(Page[StatementLine](items=lines, next_cursor=following))


@router.post(
    "/transfers",
    response_model=TransferView,
    status_code=201,
    responses=problems(
        PersonNotFound, RuleNotInForce, PointsCapReached, AlreadyAwarded, SecondPersonNeeded, LedgerNotOpen
    ),
)
async def award(body: AwardPointsBody, who: Annotated[Principal, allow(Action.AWARD_POINTS)], uow: Uow) -> Response:
    """按规则奖励积分。Award points by a rule, within its caps."""
    deed = Deed(body.deed.kind, body.deed.id) if body.deed else None
    command = AwardPoints(body.person, body.rule, body.reason, who.person, deed)
    return await answered(award_points(command, uow), uow, view=TransferView.of, status=201)


@router.post(
    "/debits",
    response_model=TransferView,
    status_code=201,
    responses=problems(PersonNotFound, InsufficientPoints, LedgerNotOpen),
)
async def debit(body: DebitPointsBody, who: Annotated[Principal, allow(Action.DEBIT_POINTS)], uow: Uow) -> Response:
    """现场兑换扣减积分，余额不足则拒绝。Take points for something handed over; never more than there are."""
    command = DebitPoints(body.person, body.points, body.reason, who.person)
    return await answered(debit_points(command, uow), uow, view=TransferView.of, status=201)


@router.post(
    "/transfers/{transfer_id}/reverse",
    response_model=TransferView,
    status_code=201,
    responses=problems(TransferNotFound, AlreadyReversed, NotReversible, SecondPersonNeeded),
)
async def reverse(
    transfer_id: UUID, body: ReverseTransferBody, who: Annotated[Principal, allow(Action.REVERSE_TRANSFER)], uow: Uow
) -> Response:
    """撤销一笔积分：新增一笔反向记录，不改历史。Take a transfer back by a new one, once; history stays."""
    command = ReverseTransfer(transfer_id, body.reason, who.person)
    return await answered(reverse_transfer(command, uow), uow, view=TransferView.of, status=201)
