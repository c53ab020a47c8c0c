"""Background tasks end, also when the library under them overhears the first cancellation."""

import asyncio

from shared.messaging.ending import end


async def test_a_task_that_overhears_a_cancellation_is_cancelled_again() -> None:
    heard: list[str] = []
    begun = asyncio.Event()

    async def deaf_once() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            heard.append("once")  # as wait_for does when its work is done in the same moment
        await asyncio.Event().wait()

    task = asyncio.create_task(deaf_once())
    await begun.wait()
    await end([task])

    assert task.cancelled()
    assert heard == ["once"]


async def test_tasks_that_are_over_are_left_alone() -> None:
    async def quick() -> int:
        return 5

    task = asyncio.create_task(quick())
    await task
    await end([task])
    await end([])
    assert task.result() == 5
