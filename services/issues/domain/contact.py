"""How to reach the person concerned: kept sealed, shown masked, revealed for a purpose that is written down."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.issues.domain.errors.contacts import ContactIncomplete, ContactNotFound, RevealNotTheirs
from services.issues.domain.words.contacts import RevealField, RevealPurpose
from shared.principal import Principal, Role

if TYPE_CHECKING:
    from services.issues.domain.issue import Issue

_BESIDE_DIGITS = re.compile(r"[\s()（）\-－—.]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)} | {0xFF0B: 0x2B}
_COUNTRY = re.compile(r"^(?:\+|00)86(?=1[0-9]{10}$|0[0-9]{9,11}$)")
_PHONE = re.compile(r"^\+?[0-9]{5,15}$")
TAIL = 4
"""People say the last four digits of their number."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A name, a telephone number, or both."""

    name: str | None = None
    phone: str | None = None

    def __post_init__(self) -> None:
        if self.name is None and self.phone is None:
            raise ContactIncomplete(fields={"contact": ("请填写姓名或电话", "a name or a telephone number is needed")})

    @property
    def masked_name(self) -> str | None:
        """The family name and a star: 张*."""
        return f"{self.name[0]}*" if self.name else None

    @property
    def masked_phone(self) -> str | None:
        """138****8000; of a short number only its last digits."""
        if self.phone is None:
            return None
        head = self.phone[:3] if len(self.phone) >= 10 else ""
        return f"{head}****{self.phone[-TAIL:] if len(self.phone) > TAIL + 2 else self.phone[-2:]}"


def normal_phone(written: str) -> str:
    """A number as it is kept and compared: digits without spaces, brackets, dashes and the country's own prefix."""
    digits = _COUNTRY.sub("", _BESIDE_DIGITS.sub("", written.translate(_WIDE)))
    if not _PHONE.fullmatch(digits):
        raise ContactIncomplete(fields={"contact.phone": ("不是电话号码", "not a telephone number")})
    return digits


@dataclass(frozen=True, slots=True)
class Reveal:
    """Who looked at what, why and when. Such entries are only ever added."""

    id: UUID
    issue_id: UUID
    field: RevealField
    purpose: RevealPurpose
    by: UUID
    at: datetime


_MUST_KNOW = frozenset({Role.DUTY_OFFICER})
_MAY_CALL = frozenset({Role.DUTY_OFFICER, Role.SECRETARY, Role.GRID_WORKER})
READ_REVEALS = frozenset({Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN})


def check_may_reveal(issue: "Issue", field: RevealField, by: Principal) -> None:
    """The duty officer may look at everything; those who call or work on the matter at the contact, unless the reporter is anonymous."""
    if by.roles & _MUST_KNOW:
        return
    calls = bool(by.roles & _MAY_CALL) or issue.is_handled_by(by)
    if field is RevealField.CONTACT and calls and not issue.filing.anonymous:
        return
    raise RevealNotTheirs


def check_may_see_masked(issue: "Issue", by: Principal) -> None:
    """A family name and four digits tell a neighbour enough: of an unnamed reporter only the duty officer sees them, and who gave them.

    Everybody else hears that there is no contact.
    """
    theirs = by.person in (issue.reported_by, issue.filing.filed_by)
    if issue.filing.anonymous and not theirs and by.roles.isdisjoint(_MUST_KNOW):
        raise ContactNotFound


def check_may_read_reveals(issue: "Issue", by: Principal) -> None:
    """The office reads who looked, and so does the person who was looked at."""
    if by.person not in (issue.reported_by, issue.filing.filed_by) and by.roles.isdisjoint(READ_REVEALS):
        raise RevealNotTheirs
