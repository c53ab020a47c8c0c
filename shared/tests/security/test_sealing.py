"""What is sealed opens only with its key, in its place, unaltered; keys change without losing what is there."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.security.sealing import KEY_BYTES, SealBroken, seal_of

OLD = base64.b64encode(bytes(range(32))).decode()
NEW = base64.urlsafe_b64encode(bytes(range(223, 255))).decode()


@given(plain=st.binary(max_size=200), place=st.text(st.characters(codec="utf-8"), max_size=40))
def test_what_was_sealed_opens_in_its_place_and_nowhere_else(plain: bytes, place: str) -> None:
    seal = seal_of(OLD)
    sealed = seal.close(plain, place=place)
    assert seal.open(sealed, place=place) == plain
    with pytest.raises(SealBroken):
        seal.open(sealed, place=place + "x")


def test_equal_texts_look_different_and_hide_their_words() -> None:
    one, other = (seal_of(OLD).close("低保".encode(), place="x") for _ in range(2))
    assert one != other
    assert "低保".encode() not in one


def test_every_changed_byte_is_noticed() -> None:
    seal = seal_of(OLD)
    sealed = seal.close(b"note", place="x")
    for position in range(len(sealed)):
        altered = bytes([*sealed[:position], sealed[position] ^ 1, *sealed[position + 1 :]])
        with pytest.raises(SealBroken):
            seal.open(altered, place="x")


def test_whatever_was_cut_off_is_noticed() -> None:
    seal = seal_of(OLD)
    sealed = seal.close(b"note", place="x")
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            seal.open(sealed[:length], place="x")


@given(anything=st.binary(max_size=80))
def test_what_was_never_sealed_does_not_open(anything: bytes) -> None:
    with pytest.raises(SealBroken):
        seal_of(OLD).open(anything, place="x")


def test_a_new_key_seals_while_the_old_one_still_opens() -> None:
    before = seal_of(f"a:{OLD}").close(b"note", place="x")
    both = seal_of(f"b:{NEW}, a:{OLD}")
    assert both.open(before, place="x") == b"note"
    after = both.close(b"note", place="x")
    assert after[:3] == b"\x01\x01b"
    with pytest.raises(SealBroken):
        seal_of(f"a:{OLD}").open(after, place="x")


def test_another_key_of_the_same_name_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        seal_of(NEW).open(seal_of(OLD).close(b"note", place="x"), place="x")


def test_a_key_alone_may_get_its_name_later() -> None:
    assert seal_of(f"b:{NEW},k1:{OLD}").open(seal_of(OLD).close(b"note", place="x"), place="x") == b"note"


def test_derived_keys_follow_the_first_key_and_differ_by_purpose() -> None:
    derived = seal_of(f"a:{OLD},b:{NEW}").derived("finding")
    assert len(derived) == KEY_BYTES
    assert derived == seal_of(OLD).derived("finding")
    assert derived not in (seal_of(OLD).derived("marks"), seal_of(NEW).derived("finding"), base64.b64decode(OLD))


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "short",
        "not base64!",
        "钥匙",
        "a:" + OLD[:20],
        f"a:{OLD},a:{NEW}",
        f"名:{OLD}",
        f"{'n' * 33}:{OLD}",
        f"{OLD},",
    ],
)
def test_a_bad_key_setting_is_refused_without_showing_it(setting: str) -> None:
    with pytest.raises(ValueError, match="data key") as refusal:
        seal_of(setting)
    assert OLD not in str(refusal.value)


def test_a_seal_does_not_show_its_keys() -> None:
    seal = seal_of(f"a:{OLD}")
    assert "current='a'" in repr(seal)
    assert repr(seal.keys["a"]) not in repr(seal)
