"""Communities full of issues for the search: texts put together from sentences, and the index that the service would have made."""

import random
from collections.abc import Iterator, Sequence
from itertools import product

import asyncpg

from services.issues.domain.postings import BLOCK, BLOCK_BITS, Document, packed, postings_of
from services.issues.domain.search_numbers import document_of
from services.issues.domain.search_words import folded

YEAR = 2026
PERSONS, ORGANISATIONS = 20_000, 50
RARE, SMALL_ORGANISATION = "独角兽雕像", 7_777
PLACES = ("北侧", "南门", "东单元", "地下车库", "楼顶", "电梯口", "花坛边", "配电房", "儿童乐园", "快递柜旁")
THINGS = ("路灯", "垃圾", "消防通道", "电动车", "下水道", "门禁", "健身器材", "树枝", "墙皮", "监控", "雨棚", "水管")
TROUBLES = (
    "不亮了晚上走路不安全", "堆了好几天没有人清理", "被占用了报修两次没有结果", "坏了老人小孩出入很不方便",
    "漏水影响楼下住户", "声音太大影响休息", "希望物业尽快处理", "请社区协调解决", "多次反映都没有答复", "有脱落的危险",
)  # fmt: skip
NAMES = "张王李赵陈刘杨黄周吴徐孙胡朱高林何郭马罗"


def sentences() -> list[str]:
    """What residents say, and some names that only few sentences hold."""
    chance = random.Random(5)  # noqa: S311 - the same town every time
    said = ["".join(parts) for parts in product(PLACES, THINGS, TROUBLES)]
    letters = [chr(code) for code in range(0x4E00, 0x5A00)]
    named = [f"{chance.choice(NAMES)}{''.join(chance.choices(letters, k=4))}反映" for _ in range(2_000)]
    return said + named


def chosen(number: int, count: int) -> tuple[int, int, int]:
    """Which sentences stand in an issue. `ISSUES` says the same in SQL."""
    return number * 7_919 % count, number // 7 * 104_729 % count, number // 11 * 15_485_863 % count


ISSUES = f"""
INSERT INTO issues (community, id, number, kind, category, severity, place_text, title, text, source, reported_by,
                    registered_at, reported_at, state, record, responsible_organisation, deadline, plan, round, version)
SELECT $1, CAST('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0') AS uuid),
       'FCC-{YEAR}-' || lpad(n::text, greatest(6, length(n::text)), '0'),
       CASE WHEN n % 20 = 0 THEN 'dispute' ELSE 'request' END, 'c' || n % 40, 'general', (n % 60 + 1) || '号楼',
       s[n * 7919::bigint % $4 + 1],
       s[n * 7919::bigint % $4 + 1] || '。' || s[n / 7 * 104729::bigint % $4 + 1] || '。' || s[n / 11 * 15485863::bigint % $4 + 1]
           || CASE WHEN n IN (3, 77, 1234) THEN '{RARE}' ELSE '' END,
       'resident', CAST('01900000-0000-7000-9000-' || lpad(to_hex(n % {PERSONS}), 12, '0') AS uuid), now(), now(),
       CASE WHEN n % 3 = 0 THEN 'registered' ELSE 'assigned' END, 'x',
       CAST('01900000-0000-7000-a000-' || lpad(to_hex(CASE WHEN n % 40000 = 7 THEN {SMALL_ORGANISATION}
            ELSE n % {ORGANISATIONS} END), 12, '0') AS uuid), now(), 'x', 1, 1
FROM generate_series($2::bigint, $3::bigint) AS n, (SELECT $5::text[] AS s) AS given
"""


async def build(connection: asyncpg.Connection, community: str, count: int, said: Sequence[str]) -> None:
    """A community with so many issues, all of them indexed. Past every wall and trigger, as the superuser of a throw-away database."""
    await connection.execute("SET session_replication_role = replica; SET statement_timeout = 0")
    await connection.execute(
        "INSERT INTO community_profiles (community, id, code, name) VALUES ($1, gen_random_uuid(), 'FCC', $1)",
        community,
    )
    await connection.execute("INSERT INTO issue_numbers VALUES ($1, $2, $3)", community, YEAR, count)
    for first in range(1, count + 1, 50_000):
        last = min(count, first + 49_999)
        await connection.execute(ISSUES, community, first, last, len(said), list(said), timeout=300)
    shortened = [folded(one) for one in said]
    for block in blocks(count):
        postings = _postings(block, count, shortened)
        records = [(community, block, gram, packed(members)) for gram, members in sorted(postings.items())]
        await connection.copy_records_to_table("search_postings", records=records)
    await connection.execute("ANALYZE issues; ANALYZE search_postings; ANALYZE issue_numbers")


def blocks(count: int) -> range:
    """The blocks of a community of that size."""
    return range(document_of(YEAR, 1) >> BLOCK_BITS, (document_of(YEAR, count) >> BLOCK_BITS) + 1)


def _postings(block: int, count: int, said: Sequence[str]) -> dict[int, int]:
    """One block of the index, sentence by sentence: the same that indexing issue by issue gives, in a fraction of the time."""
    members: dict[str, int] = {}
    for offset, number in _numbers(block, count):
        first, second, third = (said[n] for n in chosen(number, len(said)))
        bit = 1 << offset
        rare = RARE if number in {3, 77, 1234} else ""
        joints = (first[-1] + second[0], second[-1] + third[0], *((third[-1] + rare,) if rare else ()))
        for piece in (first, second, third, *joints, f"{number % 60 + 1}号楼"):
            members[piece] = members.get(piece, 0) | bit
    postings: dict[int, int] = {}
    for piece, holders in members.items():
        for gram in postings_of([Document(0, (piece,))])[0]:
            postings[gram] = postings.get(gram, 0) | holders
    return postings


def _numbers(block: int, count: int) -> Iterator[tuple[int, int]]:
    base = document_of(YEAR, 0)
    for offset in range(BLOCK):
        number = (block << BLOCK_BITS) + offset - base
        if 1 <= number <= count:
            yield offset, number
