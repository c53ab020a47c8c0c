"""Partner subscriptions. An organisation sees and changes its own; the community's administrator may look and stop."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from services.notify.credentials import Vault
from services.notify.domain.errors import (
    AddressRefused,
    FilterNotPossible,
    OrganisationNotClear,
    SubscriptionNotFound,
    SubscriptionStateRefuses,
    TooManySubscriptions,
)
from services.notify.domain.subscription import Channel
from services.notify.domain.webhook_url import webhook_url
from services.notify.permissions import Action
from services.notify.queries import subscriptions as queries
from services.notify.schemas.subscriptions import (
    AttemptView,
    CreateSubscriptionBody,
    DeliveryLogView,
    DeliveryView,
    NewSubscriptionView,
    SubscriptionProgressView,
    SubscriptionView,
)
from services.notify.storage.unit_of_work import PostgresNotifyUnitOfWork
from services.notify.use_cases.create_subscription import CreateSubscription, create_subscription
from services.notify.use_cases.delete_subscription import DeleteSubscription, delete_subscription
from services.notify.use_cases.pause_subscription import PauseSubscription, pause_subscription
from services.notify.use_cases.ping_subscription import PingSubscription, ping_subscription
from services.notify.use_cases.resume_subscription import ResumeSubscription, resume_subscription
from services.notify.use_cases.rotate_secret import RotateSecret, rotate_secret
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown, unit_of_work
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.ids import new_id
from shared.principal import Principal, Role
from shared.security.authorisation import allow

router = Router(prefix="/api/v1/communities/{community}/subscriptions", tags=["subscriptions"])
Uow = Annotated[PostgresNotifyUnitOfWork, Depends(unit_of_work)]
CHANGE = problems(SubscriptionNotFound, SubscriptionStateRefuses, ConcurrentChange)


@router.post(
    "",
    status_code=201,
    response_model=NewSubscriptionView,
    responses=problems(AddressRefused, FilterNotPossible, OrganisationNotClear, TooManySubscriptions),
)
async def subscribe(
    community: str,
    body: CreateSubscriptionBody,
    who: Annotated[Principal, allow(Action.CREATE_SUBSCRIPTION)],
    uow: Uow,
    request: Request,
) -> Response:
    """订阅本社区的消息；密钥只显示一次。Subscribe to messages of this community; the secret is shown once."""
    subscription_id = new_id()
    channel = Channel(body.channel)
    issued = _vault(request).issue(channel, subscription_id)
    command = CreateSubscription(
        subscription_id=subscription_id,
        organisation=_organisation(who, body.organisation),
        name=body.name,
        channel=channel,
        url=_checked_url(body, request),
        filters=body.filters.filters(),
        credential=issued.kept,
        by=who.person,
    )
    answer = await answered(
        create_subscription(command, uow),
        uow,
        view=NewSubscriptionView.of,
        status=201,
        location=lambda made: f"/api/v1/communities/{community}/subscriptions/{made.id}",
    )
    return _with_secret(answer, issued.shown)


@router.get("", response_model=Page[SubscriptionProgressView])
async def list_subscriptions(
    community: str, who: Annotated[Principal, allow(Action.READ_SUBSCRIPTIONS)], reading: Reading, page: PageQuery
) -> Response:
    """本单位的订阅；社区管理员看到全部。Our subscriptions; the administrator sees all."""
    async with reading as connection:
        rows, following = await queries.subscriptions_of(
            connection, community, _visible_to(who), limit=page.limit, cursor=page.cursor
        )
    items = [SubscriptionProgressView.of_row(row) for row in rows]
    return shown(Page[SubscriptionProgressView](items=items, next_cursor=following))


@router.get("/{subscription_id}", response_model=SubscriptionProgressView, responses=problems(SubscriptionNotFound))
async def get_subscription(
    community: str,
    subscription_id: UUID,
    who: Annotated[Principal, allow(Action.READ_SUBSCRIPTIONS)],
    reading: Reading,
) -> Response:
    """一个订阅及其进度。One subscription and how far it is."""
    async with reading as connection:
        row = await queries.subscription(connection, community, _visible_to(who), subscription_id)
    return shown(SubscriptionProgressView.of_row(row))


@router.post("/{subscription_id}/pause", response_model=SubscriptionView, responses=CHANGE)
async def pause(
    community: str,  # noqa: ARG001 - part of the path
    subscription_id: UUID,
    who: Annotated[Principal, allow(Action.STOP_SUBSCRIPTION)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """暂停；消息照常编号保存，恢复后按序补发。Pause; messages are kept and follow in order later."""
    work = pause_subscription(PauseSubscription(subscription_id, _visible_to(who), if_match), uow)
    return await answered(work, uow, view=SubscriptionView.of)


@router.post("/{subscription_id}/resume", response_model=SubscriptionView, responses=CHANGE)
async def resume(
    community: str,  # noqa: ARG001 - part of the path
    subscription_id: UUID,
    who: Annotated[Principal, allow(Action.CHANGE_SUBSCRIPTION)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """恢复暂停或停用的订阅。Resume a paused or disabled subscription."""
    work = resume_subscription(ResumeSubscription(subscription_id, _own(who), if_match), uow)
    return await answered(work, uow, view=SubscriptionView.of)


@router.post("/{subscription_id}/rotate-secret", response_model=NewSubscriptionView, responses=CHANGE)
async def rotate(
    community: str,
    subscription_id: UUID,
    *,
    who: Annotated[Principal, allow(Action.CHANGE_SUBSCRIPTION)],
    uow: Uow,
    request: Request,
    reading: Reading,
    if_match: IfMatch,
) -> Response:
    """更换密钥；旧密钥再有效一天。Change the secret; the old one works for another day."""
    async with reading as connection:
        row = await queries.subscription(connection, community, _own(who), subscription_id)
    issued = _vault(request).issue(Channel(row.channel), subscription_id)
    command = RotateSecret(subscription_id, issued.kept, _own(who), if_match)
    answer = await answered(rotate_secret(command, uow), uow, view=NewSubscriptionView.of)
    return _with_secret(answer, issued.shown)


@router.post("/{subscription_id}/ping", status_code=202, response_model=DeliveryView, responses=CHANGE)
async def ping(
    community: str,  # noqa: ARG001 - part of the path
    subscription_id: UUID,
    who: Annotated[Principal, allow(Action.CHANGE_SUBSCRIPTION)],
    uow: Uow,
) -> Response:
    """发一条测试消息。Send a test message."""
    work = ping_subscription(PingSubscription(subscription_id, _own(who)), uow)
    return await answered(work, uow, view=DeliveryView.of, status=202)


@router.delete("/{subscription_id}", status_code=204, response_class=Response, responses=CHANGE)
async def unsubscribe(
    community: str,  # noqa: ARG001 - part of the path
    subscription_id: UUID,
    who: Annotated[Principal, allow(Action.STOP_SUBSCRIPTION)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """删除订阅及其未送达的消息。Delete the subscription and what was not delivered."""
    work = delete_subscription(DeleteSubscription(subscription_id, _visible_to(who), if_match), uow)
    return await answered(work, uow, status=204)


@router.get(
    "/{subscription_id}/deliveries", response_model=Page[DeliveryView], responses=problems(SubscriptionNotFound)
)
async def list_deliveries(
    community: str,
    subscription_id: UUID,
    who: Annotated[Principal, allow(Action.READ_SUBSCRIPTIONS)],
    reading: Reading,
    page: PageQuery,
) -> Response:
    """投递记录，新的在前。The log of deliveries, latest first."""
    async with reading as connection:
        await queries.subscription(connection, community, _visible_to(who), subscription_id)
        rows, following = await queries.deliveries_of(
            connection, community, subscription_id, limit=page.limit, cursor=page.cursor
        )
    return shown(Page[DeliveryView](items=[DeliveryView.of(row) for row in rows], next_cursor=following))


@router.get(
    "/{subscription_id}/deliveries/{delivery_id}",
    response_model=DeliveryLogView,
    responses=problems(SubscriptionNotFound),
)
async def get_delivery(
    community: str,
    subscription_id: UUID,
    delivery_id: UUID,
    who: Annotated[Principal, allow(Action.READ_SUBSCRIPTIONS)],
    reading: Reading,
) -> Response:
    """一次投递及其每次尝试。One delivery and every try of it."""
    async with reading as connection:
        await queries.subscription(connection, community, _visible_to(who), subscription_id)
        row, tries = await queries.delivery_with_attempts(connection, community, subscription_id, delivery_id)
    view = DeliveryLogView.of(row)
    return shown(view.model_copy(update={"attempts": [AttemptView.of(entry) for entry in tries]}))


def _own(who: Principal) -> frozenset[UUID]:
    """The organisations for which the caller may act as a partner."""
    return who.organisations(Role.PARTNER)


def _visible_to(who: Principal) -> frozenset[UUID] | None:
    return None if Role.COMMUNITY_ADMIN in who.roles else _own(who)


def _organisation(who: Principal, asked: UUID | None) -> UUID:
    own = _own(who)
    if asked is None and len(own) == 1:
        return next(iter(own))
    if asked is None or asked not in own:
        raise OrganisationNotClear(
            fields={"organisation": ("请填写您代表的共建单位", "name the partner unit that you act for")}
        )
    return asked


def _checked_url(body: CreateSubscriptionBody, request: Request) -> str | None:
    if body.channel == "webhook":
        if body.url is None:
            raise AddressRefused(fields={"url": ("webhook 订阅必须填写", "required for web hooks")})
        allowed_hosts: frozenset[str] = request.app.state.allowed_hosts
        return webhook_url(body.url, allowed_hosts).text
    if body.url is not None:
        raise AddressRefused(fields={"url": ("nats 订阅没有回调地址", "a NATS subscription has no address")})
    return None


def _vault(request: Request) -> Vault:
    vault: Vault = request.app.state.vault
    return vault


def _with_secret(answer: Response, secret: str) -> Response:
    """Show the secret in the first answer only: the stored answer, which a repeated request gets, does not hold it."""
    if "idempotency-replayed" in answer.headers:
        return answer
    shown_once = {**json.loads(bytes(answer.body)), "secret": secret}
    headers = {name: value for name, value in answer.headers.items() if name not in ("content-length", "content-type")}
    body = json.dumps(shown_once, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status_code=answer.status_code, headers=headers, media_type="application/json")
