"""A person's own inbox. Nobody can read another person's: the person comes from the signed principal, never from the request."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from starlette.responses import Response

from services.notify.domain.errors import NotificationNotFound
from services.notify.queries.notifications import my_notifications, unread_count
from services.notify.schemas.notifications import NotificationView, ReadAllView, UnreadCountView
from services.notify.storage.unit_of_work import PostgresNotifyUnitOfWork
from services.notify.use_cases.read_all_notifications import ReadAllNotifications, read_all_notifications
from services.notify.use_cases.read_notification import ReadNotification, read_notification
from shared.http.commands import Reading, answered, shown, unit_of_work
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import signed_in

router = Router(prefix="/api/v1/communities/{community}/notifications", tags=["notifications"])
Uow = Annotated[PostgresNotifyUnitOfWork, Depends(unit_of_work)]
Me = Annotated[Principal, signed_in()]


@router.get("", response_model=Page[NotificationView])
async def list_notifications(
    community: str,
    who: Me,
    reading: Reading,
    page: PageQuery,
    unread: Annotated[bool, Query(description="只看未读。Only unread ones")] = False,
) -> Response:
    """我的通知，新的在前。My notifications, newest first."""
    async with reading as connection:
        rows, following = await my_notifications(
            connection, community, who.person, unread=unread, limit=page.limit, cursor=page.cursor
        )
    return shown(Page[NotificationView](items=[NotificationView.of(row) for row in rows], next_cursor=following))


@router.get("/unread-count", response_model=UnreadCountView)
async def count_unread_notifications(community: str, who: Me, reading: Reading) -> Response:
    """我有多少条未读通知。How many of my notifications are unread."""
    async with reading as connection:
        return shown(UnreadCountView(unread=await unread_count(connection, community, who.person)))


@router.post("/read-all", response_model=ReadAllView)
async def mark_all_notifications_read(community: str, who: Me, uow: Uow) -> Response:  # noqa: ARG001 - part of the path
    """全部标记为已读。Mark everything in my inbox as read."""
    work = read_all_notifications(ReadAllNotifications(who.person), uow)
    return await answered(work, uow, view=lambda marked: ReadAllView(marked=marked))


@router.post("/{notification_id}/read", response_model=NotificationView, responses=problems(NotificationNotFound))
async def mark_notification_read(
    community: str,  # noqa: ARG001 - part of the path
    notification_id: UUID,
    who: Me,
    uow: Uow,
) -> Response:
    """标记为已读；重复无妨。Mark one notification as read; doing it again changes nothing."""
    work = read_notification(ReadNotification(notification_id, who.person), uow)
    return await answered(work, uow, view=NotificationView.of)
