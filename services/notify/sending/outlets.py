"""What runs beside requests and consumers: the dispatcher of web hooks and the keeper of partner consumers, started and stopped together."""

import asyncio
from types import TracebackType
from typing import Self

from services.notify.sending.dispatcher import Dispatcher
from services.notify.sending.partner_access import PartnerAccess
from services.notify.sending.webhook import WebhookSender
from shared.http.health import Check, Unfit

SILENT_SECONDS = 60.0


class Outlets:
    """An async context manager for the app's lifespan."""

    def __init__(self, dispatcher: Dispatcher, sender: WebhookSender, access: PartnerAccess) -> None:
        self._dispatcher = dispatcher
        self._sender = sender
        self._access = access
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def liveness(self) -> dict[str, Check]:
        """Checks whose failure means: start this process anew."""
        return {"dispatcher": self._dispatches}

    async def __aenter__(self) -> Self:
        """Start both."""
        await self._sender.__aenter__()
        self._tasks = [
            asyncio.create_task(self._dispatcher.run(), name="notify dispatches"),
            asyncio.create_task(self._access.run(), name="notify keeps partner consumers"),
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop both; a call that is cut off is made again, with the same id."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._sender.__aexit__()

    async def _dispatches(self) -> None:
        silent = asyncio.get_running_loop().time() - self._dispatcher.turned
        if self._dispatcher.turned and silent > SILENT_SECONDS:
            raise Unfit(f"the dispatcher has not turned for {silent:.0f} s")
