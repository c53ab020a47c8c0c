"""Searching issues: the index says which may fit, the issues themselves say which do and who may see them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, RowMapping, Text, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.number import parts_of_number
from services.issues.domain.search_numbers import Numbering, document_of
from services.issues.domain.search_words import excerpt, folded, words_of
from services.issues.queries.issues import SHOWN, IssueFilter, narrowed_to, seen_by, summary_of
from services.issues.queries.phone_search import WHOLE_NUMBER, documents_by_phone
from services.issues.queries.search_candidates import Wanted, candidates, state_of_index
from services.issues.schemas.search import ExcerptView, FoundIssue, FragmentView, SearchPage
from services.issues.storage.tables.issues import issues
from shared.database.keyset import CursorRefused
from shared.http.paging import PageAsked
from shared.principal import Principal
from shared.security.sealing import Seal

FEW = 1_000
"""So many issues or fewer that a person may see, or that a filter leaves, are taken first and then looked up in the index."""
EXAMINED = 1_000
"""Issues that one request looks at; then the page ends early, and its cursor goes on from there."""
AT_ONCE = 100
PHONE = "phone"
FIELDS = ("number", "title", "text", "place_text", "public_reply")
_COLUMNS = (*SHOWN, *(issues.c[name] for name in FIELDS if issues.c[name] not in SHOWN))


async def search_issues(
    connection: AsyncConnection,
    community: str,
    by: Principal,
    *,
    asked: str,
    wanted: IssueFilter,
    page: PageAsked,
    seal: Seal,
) -> SearchPage:
    """Issues that hold all the words and that this person may see, newest first."""
    words = words_of(asked)
    below = _unpacked(page.cursor)
    state = await state_of_index(connection, community)
    visible = seen_by(by)
    conditions = [
        issues.c.community == community,
        *narrowed_to(wanted, by),
        *([visible] if visible is not None else []),
    ]
    only = await _few(connection, conditions) if len(conditions) > 1 else None
    phones = await documents_by_phone(connection, community, by, words, seal)
    found = candidates(connection, community, state, Wanted(words, below, phones, only))
    reading = _Reading(connection, conditions, state.numbering, words, phones)
    items: list[FoundIssue] = []
    last: int | None = None
    examined = 0
    async for documents in _in_pieces(found):
        for document, row in await reading.fitting(documents):
            if len(items) == page.limit:
                return SearchPage.model_construct(items=items, next_cursor=_packed(last), complete=state.complete)
            items.append(_found(row, words, reading.called(document), numbered=reading.is_named(document)))
            last = document
        examined += len(documents)
        if examined >= EXAMINED:
            return SearchPage.model_construct(items=items, next_cursor=_packed(documents[-1]), complete=state.complete)
    return SearchPage.model_construct(items=items, next_cursor=None, complete=state.complete)


def found_by_number(page: SearchPage) -> list[UUID]:
    """Those of the page that hold a whole telephone number that was asked for."""
    return [
        found.issue.id
        for found in page.items
        if any(
            excerpt.field == PHONE and any(len(fragment.text) >= WHOLE_NUMBER for fragment in excerpt.fragments)
            for excerpt in found.excerpts
        )
    ]


async def _few(connection: AsyncConnection, conditions: Sequence[ColumnElement[bool]]) -> frozenset[int] | None:
    """The documents that fit the conditions, if they are few."""
    rows = (await connection.execute(select(issues.c.number).where(*conditions).limit(FEW + 1))).scalars().all()
    return None if len(rows) > FEW else frozenset(document_of(*parts_of_number(number)) for number in rows)


class _Reading:
    """Looks at the issues themselves."""

    def __init__(
        self,
        connection: AsyncConnection,
        conditions: Sequence[ColumnElement[bool]],
        numbering: Numbering,
        words: Sequence[str],
        phones: Mapping[str, frozenset[int]],
    ) -> None:
        self._connection = connection
        self._statement = select(*_COLUMNS).where(
            *conditions, issues.c.number == any_(bindparam("these", type_=ARRAY(Text)))
        )
        self._numbering = numbering
        self._words = words
        self._phones = phones
        self._named = {word: numbering.meant_by(word) for word in words}

    async def fitting(self, documents: Sequence[int]) -> list[tuple[int, RowMapping]]:
        """Those of the documents that hold every word and may be seen, in the same order."""
        numbers = [self._numbering.number(document) for document in documents]
        rows = (await self._connection.execute(self._statement, {"these": numbers})).mappings()
        known = {row["number"]: row for row in rows}
        return [
            (document, known[number])
            for document, number in zip(documents, numbers, strict=True)
            if number in known and self._holds(document, known[number])
        ]

    def is_named(self, document: int) -> bool:
        """Whether a word names the number of this document."""
        return any(first <= document <= last for spans in self._named.values() for first, last in spans)

    def called(self, document: int) -> list[str]:
        """The words that are the telephone of this document's contact."""
        return [word for word, documents in self._phones.items() if document in documents]

    def _holds(self, document: int, row: RowMapping) -> bool:
        texts = [folded(row[name] or "") for name in FIELDS if name != "number"]
        return all(
            any(word in text for text in texts)
            or any(first <= document <= last for first, last in self._named[word])
            or document in self._phones.get(word, ())
            for word in self._words
        )


async def _in_pieces(found: AsyncIterator[Sequence[int]]) -> AsyncIterator[Sequence[int]]:
    """The candidates in pieces of at most AT_ONCE; a block with few does not cost a round trip of its own."""
    waiting: list[int] = []
    async for documents in found:
        waiting += documents
        while len(waiting) >= AT_ONCE:
            yield waiting[:AT_ONCE]
            waiting = waiting[AT_ONCE:]
    if waiting:
        yield waiting


def _found(row: RowMapping, words: Sequence[str], called: Sequence[str], *, numbered: bool) -> FoundIssue:
    excerpts = [
        ExcerptView.model_construct(field=name, fragments=[FragmentView.of(fragment) for fragment in fragments])
        for name in FIELDS[not numbered :]
        if (fragments := excerpt(row[name] or "", words))
    ]
    excerpts += [
        ExcerptView.model_construct(field=PHONE, fragments=[FragmentView.model_construct(text=word, hit=True)])
        for word in called
    ]
    return FoundIssue.model_construct(issue=summary_of(row), excerpts=excerpts)


def _packed(document: int | None) -> str | None:
    return None if document is None else f"{document:x}"


def _unpacked(cursor: str | None) -> int | None:
    """Only newer documents than the cursor's are left out, so a made-up cursor shows nothing that could not be seen."""
    if cursor is None:
        return None
    try:
        document = int(cursor, 16)
    except ValueError:
        raise CursorRefused from None
    if not 0 < document < 1 << 40:
        raise CursorRefused
    return document
