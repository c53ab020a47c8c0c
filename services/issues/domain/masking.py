"""Hides personal data in texts that neighbours will read. The officer still checks: names and hints are beyond any pattern."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from services.issues.domain.words.publicity import PersonalData

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0x2014: 0x2D,
    0x2013: 0x2D,
    0x2212: 0x2D,
}
"""Full-width characters and long dashes as their plain forms, one for one, so that places in the text stay the same."""
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_FIGURES = "[一二三四五六七八九十]{1,3}"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_PATTERNS: tuple[tuple[PersonalData, re.Pattern[str]], ...] = (
    (PersonalData.EMAIL, _pattern(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")),
    (
        PersonalData.ID_NUMBER,
        _pattern(
            r"(?<!\d)[1-9]\d{5}[ -]?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dx](?![\dx])"
        ),
    ),
    (PersonalData.ID_NUMBER, _pattern(r"(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")),
    (PersonalData.BANK_CARD, _pattern(r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)")),
    (PersonalData.PHONE, _pattern(r"(?<!\d)(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?:[ -]?\d){8}(?!\d)")),
    (PersonalData.PHONE, _pattern(r"(?<!\d)(?:\(0\d{2,3}\)|0\d{2,3})[ -]?[2-9]\d{6,7}(?!\d)")),
    (PersonalData.PHONE, _pattern(r"(?<=电话|座机|手机)(?:号码?)?[:是为 ]{0,3}\d[\d -]{5,14}\d")),
    (
        PersonalData.PLATE,
        _pattern(
            rf"[{_PROVINCES}][a-hj-np-z][ ·•・.-]{{0,2}}(?=[a-hj-np-z0-9]{{0,5}}\d)[a-hj-np-z0-9]{{4}}[a-hj-np-z0-9挂学警港澳]{{1,2}}(?![a-z0-9])"
        ),
    ),
    (PersonalData.ACCOUNT, _pattern(r"(?<=微信|q{2})(?:号码?)?[:是为 ]{0,3}[a-z0-9][a-z0-9_-]{4,19}(?![a-z0-9_-])")),
    (PersonalData.ACCOUNT, _pattern(r"(?<![a-z0-9])(?:vx|wx|wechat)[: ]{0,3}[a-z0-9][a-z0-9_-]{4,19}(?![a-z0-9_-])")),
    (PersonalData.ROOM, _pattern(r"(?<![\d-])\d{1,3}-\d{1,2}-\d{3,4}(?![\d-])")),
    (PersonalData.ROOM, _pattern(rf"(?:\d{{1,2}}|{_FIGURES}) ?单元(?: ?\d{{1,4}}(?!\d)(?: ?[室房户])?)?")),
    (PersonalData.ROOM, _pattern(r"(?<!\d)\d{3,4} ?(?:室|房间|号房)")),
)
_BUILDING = (
    PersonalData.BUILDING,
    _pattern(rf"(?:(?<!\d)\d{{1,3}}|(?<![a-z])[a-z]|{_FIGURES}) ?(?:号楼|号院|栋楼?|幢楼?|座楼?|#楼?)"),
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without the personal data that patterns can find, and what was hidden."""

    text: str
    hidden: frozenset[PersonalData]


def masked(text: str, *, building: bool = False) -> Masked:
    """Hide phone, ID and card numbers, plates, accounts and rooms; with `building` also the buildings named in the text."""
    hidden: set[PersonalData] = set()
    for kind, pattern in (*_PATTERNS, *([_BUILDING] if building else [])):
        text = _without(text, pattern, kind, hidden.add)
    return Masked(text, frozenset(hidden))


def _without(text: str, pattern: re.Pattern[str], kind: PersonalData, note: Callable[[PersonalData], None]) -> str:
    """The text with every match replaced. Matches are looked for in plain forms; everything else stays as it was written."""
    plain = text.translate(_WIDE)
    parts: list[str] = []
    end = 0
    for match in pattern.finditer(plain):
        note(kind)
        parts += [text[end : match.start()], f"〔{kind.words.zh}已隐去〕"]
        end = match.end()
    return "".join([*parts, text[end:]])
