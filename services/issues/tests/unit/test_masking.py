"""What is hidden in a text that neighbours will read, and what is left alone."""

import time

import pytest

from services.issues.domain.masking import masked
from services.issues.domain.words.publicity import PersonalData as Kind


@pytest.mark.parametrize(
    ("text", "kind", "secret"),
    [
        ("请联系13800008000", Kind.PHONE, "13800008000"),
        ("电话：138 0000 8000，随时", Kind.PHONE, "8000"),
        ("138-0000-8000", Kind.PHONE, "0000"),
        ("+86 13800008000", Kind.PHONE, "13800008000"),
        ("008613800008000", Kind.PHONE, "13800008000"),
        ("打１３８００００８０００找我", Kind.PHONE, "１３８００００８０００"),
        ("座机0532-88880000", Kind.PHONE, "88880000"),
        ("（0532）88880000", Kind.PHONE, "88880000"),
        ("家里电话88880000", Kind.PHONE, "88880000"),
        ("身份证370285199003074514", Kind.ID_NUMBER, "370285199003074514"),
        ("370285 19900307 451x", Kind.ID_NUMBER, "451x"),
        ("３７０２８５１９９００３０７４５１Ｘ", Kind.ID_NUMBER, "４５１Ｘ"),
        ("老证370285900307451", Kind.ID_NUMBER, "370285900307451"),
        ("卡号6222 0202 0000 1111 222", Kind.BANK_CARD, "0202"),
        ("6222020200001111222", Kind.BANK_CARD, "6222020200001111222"),
        ("鲁B12345占了车位", Kind.PLATE, "12345"),
        ("鲁B·12345", Kind.PLATE, "12345"),
        ("鲁b d12345", Kind.PLATE, "12345"),
        ("鲁BD12345", Kind.PLATE, "D12345"),
        ("鲁Ｂ１２３４５", Kind.PLATE, "１２３４５"),
        ("粤Z1234港", Kind.PLATE, "1234"),
        ("微信号：zhang_san88", Kind.ACCOUNT, "zhang_san88"),
        ("加vx zhangsan88", Kind.ACCOUNT, "zhangsan88"),
        ("QQ:123456789", Kind.ACCOUNT, "123456789"),
        ("发到zhang.san@example.com", Kind.EMAIL, "zhang.san"),
        ("3单元501室", Kind.ROOM, "501"),
        ("三单元 501", Kind.ROOM, "501"),
        ("我家1201室漏水", Kind.ROOM, "1201"),
        ("12-3-501", Kind.ROOM, "501"),
    ],
)
def test_personal_data_is_hidden(text: str, kind: Kind, secret: str) -> None:
    found = masked(text)
    assert kind in found.hidden
    assert secret not in found.text
    assert "已隐去" in found.text


@pytest.mark.parametrize(
    "text",
    [
        "12号楼北侧路灯不亮，已经3天",
        "全社区5196户、8225人",
        "FCC-2026-000123",
        "2026-11-25 18:00 到 2026年12月02日",
        "停车位增加56个，共1200个",
        "拨打12345热线，或者110",
        "云南路口的新A座",
        "下水道堵了\n　　第二次了",
        "ئەسسالامۇ ئەلەيكۇم 𠮷野家 👨‍👩‍👧",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert masked(text) == masked(masked(text).text)
    assert (masked(text).text, masked(text).hidden) == (text, frozenset())


@pytest.mark.parametrize("text", ["12号楼北侧", "七号楼下", "3栋和5幢", "A座门口", "９＃楼"])
def test_buildings_are_hidden_unless_they_may_be_shown(text: str) -> None:
    assert masked(text).text == text
    found = masked(text, building=True)
    assert Kind.BUILDING in found.hidden
    assert not any(sign in found.text for sign in ("12", "七号", "3栋", "5幢", "A座", "９"))


def test_everything_around_is_kept_and_masking_twice_changes_nothing() -> None:
    found = masked("路灯　不亮，13800008000 找我；车牌鲁B12345。")
    assert found.text == "路灯　不亮，〔电话已隐去〕 找我；车牌〔车牌已隐去〕。"
    assert masked(found.text).text == found.text


def test_the_longest_text_takes_no_time() -> None:
    for stuff in (
        "1" * 4000,
        "1 " * 2000,
        "a" * 4000,
        "鲁B" * 2000,
        "电话" * 2000,
        "a@" * 2000,
        "三" * 4000,
        "1-" * 2000,
    ):
        began = time.perf_counter()
        masked(stuff, building=True)
        assert time.perf_counter() - began < 0.5, stuff[:10]
