"""Messaging on the command line: `python -m services.<service> dead-letters list | replay ID… | replay all`."""

from collections.abc import Sequence
from uuid import UUID

from shared.messaging.dead_letters import DeadLetterNotFound, DeadLetters, Outcome, Replay
from shared.messaging.messaging import Messaging

PAGE = 100


async def dead_letters_command(messaging: Messaging, what: str, ids: Sequence[str]) -> int:
    """List what waits, or replay: ids, `all`, or the name of a consumer. Status 1 if something was not applied."""
    try:
        if what == "list":
            return await _list(messaging.dead_letters)
        return await _replay(messaging.dead_letters, ids)
    finally:
        await messaging.database.close()


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
