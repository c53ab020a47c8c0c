"""What searching is made of: folding, words, excerpts, numbers, and blocks of the index."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.issues.domain.errors.search import SearchTooLong, SearchTooShort
from services.issues.domain.number import issue_number, parts_of_number
from services.issues.domain.postings import (
    BITMAP_BYTES,
    BLOCK,
    Document,
    blocks_of,
    members_within,
    newest_first,
    packed,
    postings_of,
    unpacked,
)
from services.issues.domain.search_numbers import Numbering, document_of
from services.issues.domain.search_words import Fragment, excerpt, folded, grams_of, words_of
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.index_issues import IndexIssues, index_issues

CHARACTERS = st.sampled_from("路灯不亮楼号12１２abＡＢée\u0301①ß½ ，。-\u3000😀👨‍👩‍👧ｶﾞ\n")
TEXTS = st.text(CHARACTERS, max_size=30)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("１２号楼，北侧", "12号楼北侧"),
        ("E-Bike 乱停！", "ebike乱停"),
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("😀。——", ""),
        ("①单元", "1单元"),
    ],
)
def test_folding_keeps_letters_and_digits_in_one_shape(written: str, kept: str) -> None:
    assert folded(written) == kept


@given(TEXTS, TEXTS)
def test_folding_goes_character_by_character_and_is_done_once(first: str, second: str) -> None:
    assert folded(first + second) == folded(first) + folded(second)
    assert folded(folded(first)) == folded(first)


@given(st.text(max_size=20))
@example("\u1e9e\u0345\ufb03")
def test_folding_any_text_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_words_are_cut_at_spaces_of_any_width() -> None:
    assert words_of("  路灯\u3000１２号楼 路灯 ") == ("路灯", "12号楼")
    assert words_of("路灯，不亮") == ("路灯不亮",)
    assert words_of("路灯 A") == ("路灯", "a")


@pytest.mark.parametrize("asked", ["", " ", "路", "！！", "路 灯", "😀😀"])
def test_one_character_is_too_little(asked: str) -> None:
    with pytest.raises(SearchTooShort):
        words_of(asked)


def test_a_question_has_an_end() -> None:
    with pytest.raises(SearchTooLong):
        words_of(" ".join(f"词{n}" for n in range(9)))
    with pytest.raises(SearchTooLong):
        words_of("路" * 101)


def test_an_excerpt_marks_what_was_looked_for_in_the_text_as_written() -> None:
    assert excerpt("我们１２号楼，路灯——不亮", ["12号楼", "路灯不亮"]) == [
        Fragment("我们", False),
        Fragment("１２号楼", True),
        Fragment("，", False),
        Fragment("路灯——不亮", True),
    ]
    assert excerpt("没有", ["路灯"]) == []


def test_an_excerpt_of_a_long_text_is_short_and_says_that_it_goes_on() -> None:
    fragments = excerpt("甲" * 500 + "路灯" + "乙" * 500, ["路灯"])
    assert [f.text for f in fragments if f.hit] == ["路灯"]
    assert fragments[0].text == "…"
    assert fragments[-1].text.endswith("乙…")
    assert sum(len(f.text) for f in fragments) < 60


@given(TEXTS, st.lists(TEXTS.map(folded).filter(bool), min_size=1, max_size=3))
def test_fragments_are_a_piece_of_the_text_and_hits_hold_a_word(text: str, words: list[str]) -> None:
    fragments = excerpt(text, words)
    assert bool(fragments) == any(word in folded(text) for word in words)
    assert "".join(f.text for f in fragments).strip("…") in text
    for fragment in fragments:
        if fragment.hit:
            assert any(word in folded(fragment.text) for word in words)


@given(st.sets(st.integers(0, BLOCK - 1)) | st.sets(st.integers(0, BLOCK - 1), min_size=505, max_size=520))
def test_members_of_a_block_are_kept_and_never_take_more_than_a_kilobyte(offsets: set[int]) -> None:
    members = sum(1 << offset for offset in offsets)
    stored = packed(members)
    assert len(stored) <= BITMAP_BYTES
    assert unpacked(stored) == members
    assert list(newest_first(members)) == sorted(offsets, reverse=True)


@given(st.sets(st.integers(0, 3 * BLOCK)), st.integers(0, 3 * BLOCK), st.integers(0, 3 * BLOCK))
def test_spans_cut_blocks_exactly(documents: set[int], first: int, last: int) -> None:
    found = {
        (block << 13) + offset
        for block, members in blocks_of(documents).items()
        for offset in newest_first(members & members_within(block, [(first, last)]))
    }
    assert found == {document for document in documents if first <= document <= last}


def test_a_document_is_found_by_every_pair_of_its_texts_and_not_across_them() -> None:
    blocks = postings_of([Document(5, ("路灯", "不亮")), Document(BLOCK + 6, ("路灯",))])
    assert blocks == {
        0: {next(iter(grams_of("路灯"))): 1 << 5, next(iter(grams_of("不亮"))): 1 << 5},
        1: {next(iter(grams_of("路灯"))): 1 << 6},
    }


NUMBERING = Numbering("FCC", {2025: 1_200_000, 2026: 130})


def meant(word: str) -> list[str]:
    return sorted(
        NUMBERING.number(document)
        for first, last in NUMBERING.meant_by(folded(word))
        for document in range(first, min(last, first + 3) + 1)
    )


@pytest.mark.parametrize(
    ("word", "numbers"),
    [
        ("FCC-2026-000123", ["FCC-2026-000123"]),
        ("fcc2026000123", ["FCC-2026-000123"]),
        ("2026-000123", ["FCC-2026-000123"]),
        ("000123", ["FCC-2025-000123", "FCC-2026-000123"]),
        ("123", ["FCC-2025-000123", "FCC-2026-000123"]),
        ("FCC-2026-00013", ["FCC-2026-000130"]),
        ("FCC-2025-1100000", ["FCC-2025-1100000"]),
        ("1100000", ["FCC-2025-1100000"]),
        ("FCC-2026-000131", []),
        ("FCC-2024", []),
        ("XCC-2026-000123", []),
        ("FCC", []),
        ("000000", []),
        ("99999999999999999999", []),
    ],
)
def test_numbers_are_meant_as_people_say_them(word: str, numbers: list[str]) -> None:
    assert meant(word) == numbers


@given(st.sampled_from([2025, 2026]), st.integers(1, 1_200_000), st.integers(1, 12))
def test_the_beginning_of_a_number_means_the_number(year: int, serial: int, length: int) -> None:
    serial = min(serial, NUMBERING.last[year])
    number = issue_number("FCC", year, serial)
    beginning = folded(number)[: 3 + length]
    document = document_of(year, serial)
    assert any(first <= document <= last for first, last in NUMBERING.meant_by(beginning))
    assert NUMBERING.number(document) == number
    assert document == document_of(*parts_of_number(number))
    for first, last in NUMBERING.meant_by(beginning):
        for edge in (first, last):
            assert folded(NUMBERING.number(edge)).startswith(beginning)


async def test_what_changed_is_indexed_before_what_is_old_and_in_bites() -> None:
    uow = MemoryUnitOfWork()
    uow.search_index.changed = [Document(n, ("新",)) for n in range(3)]
    uow.search_index.older = [Document(n, ("旧",)) for n in range(10, 13)]
    done = [await index_issues(IndexIssues(2), uow) for _ in range(5)]
    assert done == [2, 1, 2, 1, 0]
    assert [document.document for document in uow.search_index.indexed] == [0, 1, 2, 10, 11, 12]
    assert uow.finished == 5
