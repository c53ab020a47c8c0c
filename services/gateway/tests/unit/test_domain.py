"""The rules of the gateway: slugs, figures, roles, accounts, templates, phone numbers."""

import base64
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.community_templates import load_templates
from services.gateway.domain.account import (
    SealedPhone,
    Session,
    SessionKind,
    check_password,
    masked_name,
    masked_phone,
    normal_login,
    normal_phone,
)
from services.gateway.domain.community import WHOLE_SUBDISTRICT, Profile, check_slug, profile_at
from services.gateway.domain.errors import (
    FiguresDoNotAddUp,
    PhonesNotKept,
    ReservedSlug,
    RoleNotGrantable,
    WeakPassword,
)
from services.gateway.domain.membership import ROLE_LABELS, check_grantable
from services.gateway.domain.organisation import KIND_LABELS, OrganisationKind
from services.gateway.domain.references import refuse_unknown
from services.gateway.identity.vault import PhoneVault
from services.gateway.page_rendering import one_language
from services.gateway.tests.scenarios import some_figures
from shared.contracts import message
from shared.errors import Invalid
from shared.principal import Role
from shared.security.sealing import seal_of

SEAL = seal_of(base64.b64encode(bytes(range(32))).decode())
OTHER_SEAL = seal_of(base64.b64encode(bytes(32)).decode())


def test_all_is_the_word_for_the_whole_subdistrict_everywhere() -> None:
    assert WHOLE_SUBDISTRICT == message.WHOLE_SUBDISTRICT


@pytest.mark.parametrize("slug", ["feicuicheng", "yuehu", "a1", "shui-an-2", "x" * 40])
def test_good_slugs(slug: str) -> None:
    assert check_slug(slug) == slug


@pytest.mark.parametrize(
    "slug", ["all", "api", "batch", "a", "1a", "A", "翡翠城", "a_b", "a--b", "ab-", "-ab", "x" * 41, "a b", "a\n", ""]
)
def test_slugs_that_are_refused(slug: str) -> None:
    with pytest.raises(ReservedSlug):
        check_slug(slug)


@given(own=st.integers(0, 500), on_duty=st.integers(0, 500), typed=st.integers(0, 1000))
def test_party_members_are_the_sum_of_their_parts_or_refused(own: int, on_duty: int, typed: int) -> None:
    if typed == own + on_duty:
        some_figures(party_members=typed, party_members_own=own, party_members_on_duty=on_duty)
    else:
        with pytest.raises(FiguresDoNotAddUp):
            some_figures(party_members=typed, party_members_own=own, party_members_on_duty=on_duty)


def test_there_are_no_more_own_members_than_residents() -> None:
    with pytest.raises(FiguresDoNotAddUp):
        some_figures(residents=15)


def test_the_profile_of_a_day_is_the_newest_one_not_later() -> None:
    dates = [date(2025, 1, 1), date(2026, 1, 1)]
    profiles = [Profile(uuid4(), some_figures(day), uuid4(), datetime(2026, 1, 2, tzinfo=UTC)) for day in dates]
    assert profile_at(profiles, date(2024, 12, 31)) is None
    assert profile_at(profiles, date(2025, 12, 31)) == profiles[0]
    assert profile_at(reversed(profiles), date(2026, 1, 1)) == profiles[1]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_belongs_to_one_level(role: Role) -> None:
    wide = role in (Role.OPERATOR, Role.SUBDISTRICT_OFFICER)
    here, elsewhere = ("all", "feicuicheng") if wide else ("feicuicheng", "all")
    check_grantable(role, here, frozenset({Role.OPERATOR}))
    with pytest.raises(RoleNotGrantable):
        check_grantable(role, elsewhere, frozenset({Role.OPERATOR}))
    if wide:
        with pytest.raises(RoleNotGrantable):
            check_grantable(role, here, frozenset({Role.COMMUNITY_ADMIN, Role.SUBDISTRICT_OFFICER}))


def test_everything_has_a_name_in_both_languages() -> None:
    assert set(ROLE_LABELS) == set(Role)
    assert set(KIND_LABELS) == set(OrganisationKind)
    assert all(zh and en for zh, en in [*ROLE_LABELS.values(), *KIND_LABELS.values()])


def test_templates_give_every_community_its_organisations(tmp_path: Path) -> None:
    templates = load_templates()
    assert {"urban_community", "small_community"} <= templates.keys()
    for template in templates.values():
        kinds = {organisation.kind for organisation in template.organisations}
        assert {OrganisationKind.COMMUNITY_COMMITTEE, OrganisationKind.PARTY_BRANCH} <= kinds
        assert all("{community}" in organisation.name for organisation in template.organisations)
    (tmp_path / "wrong.toml").write_text(
        'name="x"\nname_en="x"\ndescription="x"\n[[organisations]]\nkind="unit"\nname="a"\nname_en="a"\nchild_of="b"\n'
    )
    with pytest.raises(ValueError, match="before its parent"):
        load_templates(tmp_path)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13800008000", "13800008000"),
        (" +86 138-0000-8000", "13800008000"),
        ("0086 (138) 0000 8000", "13800008000"),
        ("12800008000", None),
        ("1380000800", None),
        ("138000080000", None),
        ("zhang", None),
        ("１３８００００８０００", None),
        ("", None),
    ],
)
def test_mobile_numbers_are_recognised_however_they_are_typed(text: str, phone: str | None) -> None:
    assert normal_phone(text) == phone


def test_masks_hide_what_they_should() -> None:
    assert masked_phone("13800008000") == "138****8000"
    assert (masked_name("张三"), masked_name("欧阳小雨"), masked_name("张")) == ("张*", "欧***", "张*")
    assert normal_login(" Zhang ") == "zhang"


@pytest.mark.parametrize("weak", ["", "short", "123456789", "aaaaaaaaaaaa", "zhang-is-my-name", "ZHANG-is-my-name"])
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(weak, "Zhang")


@pytest.mark.parametrize("good", ["lake-water-7", "路灯亮了邻里笑开颜哈哈", "  blanks count  "])
def test_long_passwords_are_good_in_any_script(good: str) -> None:
    check_password(good, "Zhang")


def test_a_browser_session_ends_earlier_when_left_alone() -> None:
    start = datetime(2026, 11, 23, tzinfo=UTC)
    times = (start, start, start + timedelta(hours=8))
    bearer = Session(uuid4(), uuid4(), b"", SessionKind.BEARER, *times)
    cookie = Session(uuid4(), uuid4(), b"", SessionKind.COOKIE, *times)
    assert bearer.valid_until() - start == timedelta(hours=8)
    assert cookie.valid_until() - start == timedelta(minutes=30)


def test_a_number_is_sealed_found_and_shown_masked() -> None:
    vault = PhoneVault(SEAL)
    first, second = vault.seal("138 0000 8000"), vault.seal("+8613800008000")
    assert first.cipher != second.cipher, "the same number never looks the same"
    assert first.index == second.index == vault.index_of("13800008000")
    assert b"13800008000" not in first.cipher
    assert vault.masked(first) == "138****8000"
    assert vault.masked(SealedPhone(first.cipher, b"another")) is None, "a number stays with its index"
    assert PhoneVault(OTHER_SEAL).masked(first) is None
    assert PhoneVault(OTHER_SEAL).index_of("13800008000") != first.index
    with pytest.raises(Invalid):
        vault.seal("zhang")


def test_without_a_key_no_number_is_kept() -> None:
    vault = PhoneVault(None)
    with pytest.raises(PhonesNotKept):
        vault.seal("13800008000")
    assert vault.index_of("13800008000") is None
    assert vault.masked(PhoneVault(SEAL).seal("13800008000")) is None
    assert vault.masked(None) is None


def test_an_unknown_reference_names_the_item_of_the_batch() -> None:
    known, unknown = uuid4(), uuid4()
    refuse_unknown("grid_id", [known], set())
    with pytest.raises(Invalid) as single:
        refuse_unknown("grid_id", [unknown], {unknown})
    assert list(single.value.fields) == ["grid_id"]
    with pytest.raises(Invalid) as several:
        refuse_unknown("grid_id", [known, None, unknown], {unknown})
    assert list(several.value.fields) == ["items.2.grid_id"]


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("登录。Log in with a password.", "登录。", "Log in with a password."),
        ("批量新建人员（最多 50 人）。Create several.", "批量新建人员（最多 50 人）。", "Create several."),
        ("Only English.", "Only English.", "Only English."),
        ("只有中文。", "只有中文。", "只有中文。"),
        ("", "", ""),
    ],
)
def test_texts_in_both_languages_are_told_in_one(text: str, zh: str, en: str) -> None:
    assert one_language(text, "zh") == zh
    assert one_language(text, "en") == en
