"""Messaging on the command line of a service.

python -m services.<service> dead-letters list
python -m services.<service> dead-letters replay ID… | all | CONSUMER
python -m services.<service> parked list
python -m services.<service> parked release ID… | all
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.database.engine import Database
from shared.messaging.dead_letters import DeadLetterNotFound, DeadLetters, Outcome, Replay
from shared.messaging.messaging import Messaging
from shared.messaging.parking import parked, unpark

PAGE = 100


async def run_command(settings: Any, build: Any, command: str, what: str, ids: Sequence[str]) -> int:
    """Run one of the commands above on the service that `build(settings)` makes. Returns the exit status."""
    state = build(settings).state
    messaging: Messaging = state.messaging
    try:
        if command == "parked":
            return await (_parked(messaging.database) if what == "list" else _release(messaging.database, ids))
        return await (_list(messaging.dead_letters) if what == "list" else _replay(messaging.dead_letters, ids))
    finally:
        await messaging.database.close()
        await state.database.close()


async def _list(letters: DeadLetters) -> int:
    cursor: str | None = None
    count = 0
    while True:
        rows, cursor = await letters.page(limit=PAGE, cursor=cursor)
        for row in rows:
            print(
                f"{row['id']}  {row['dead_at']:%Y-%m-%d %H:%M:%S}  {row['consumer']}  {row['type'] or '?'}"
                f"  {row['reason']} x{row['attempts']}  {row['error'].splitlines()[0] if row['error'] else ''}"
            )
        count += len(rows)
        if cursor is None:
            break
    print(f"{count} 条待处理 / waiting")
    return 0


async def _parked(database: Database) -> int:
    found = await parked(database)
    for row in found:
        print(
            f"{row['id']}  {row['parked_at']:%Y-%m-%d %H:%M:%S}  {row['type']}  x{row['attempts']}  {row['last_error']}"
        )
    print(f"{len(found)} 条停放 / parked")
    return 0


async def _release(database: Database, ids: Sequence[str]) -> int:
    wanted = [identity for given in ids if (identity := _uuid(given)) is not None]
    released = await unpark(database, None if "all" in ids else wanted)
    print(f"{released} 条重新发送 / try again")
    return 0 if released or "all" in ids else 1


async def _replay(letters: DeadLetters, ids: Sequence[str]) -> int:
    results: list[Replay] = []
    for given in ids:
        identity = _uuid(given)
        if identity is None:
            results += await letters.replay_all(None if given == "all" else given)
            continue
        try:
            results.append(await letters.replay(identity))
        except DeadLetterNotFound:
            results.append(Replay(identity, Outcome.FAILED, DeadLetterNotFound.slug))
    for result in results:
        print(f"{result.id}  {result.outcome.value}  {result.reason}  {result.error}".rstrip())
    failed = sum(result.outcome is Outcome.FAILED for result in results)
    print(f"{len(results) - failed} 条已生效 / applied, {failed} 条失败 / failed")
    return 1 if failed else 0


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
