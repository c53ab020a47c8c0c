"""What callers send and read about contacts."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.issues.domain.contact import Contact, Reveal, normal_phone
from services.issues.domain.words.contacts import RevealField, RevealPurpose
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.labels import Label, View
from services.issues.use_cases.reveal_contact import Revealed
from shared.http.bodies import ONE_LINE, StrictBody

PersonName = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=ONE_LINE, strip_whitespace=True)]
PhoneText = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=ONE_LINE, strip_whitespace=True)]


class ContactBody(StrictBody):
    """当事人的联系方式，加密保存，显示时打码。How to reach the person concerned: sealed, shown masked."""

    name: PersonName | None = Field(None, examples=["张三"])
    phone: PhoneText | None = Field(None, examples=["13800008000"])

    def contact(self) -> Contact:
        """The contact, with its number in normal form."""
        return Contact(self.name, normal_phone(self.phone) if self.phone else None)


class MaskedContactView(View):
    """打码的联系方式。The contact, masked."""

    name: str | None = Field(examples=["张*"])
    phone: str | None = Field(examples=["138****8000"])

    @classmethod
    def of(cls, contact: Contact) -> "MaskedContactView":
        """The contact without what could be used."""
        return cls.model_construct(name=contact.masked_name, phone=contact.masked_phone)


NamedPurpose = Literal[
    RevealPurpose.CALL_BACK,
    RevealPurpose.HANDLE,
    RevealPurpose.VERIFY,
    RevealPurpose.EMERGENCY,
    RevealPurpose.AUDIT,
]
"""What a caller may name. That a contact was found by its number is written down by itself."""


class RevealBody(StrictBody):
    """查看什么、为什么，会被记录。What, and why: it is written down."""

    field: RevealField
    purpose: NamedPurpose


class RevealedView(View):
    """查看到的内容。What was asked for, in clear."""

    reveal_id: UUID
    name: str | None
    phone: str | None
    reporter: UUID | None

    @classmethod
    def of(cls, revealed: Revealed) -> "RevealedView":
        """The content of a look."""
        contact = revealed.contact
        return cls.model_construct(
            reveal_id=revealed.reveal.id,
            name=contact.name if contact else None,
            phone=contact.phone if contact else None,
            reporter=revealed.reporter,
        )


class RevealView(View):
    """一次查看记录。One look: who, what, why, when."""

    id: UUID
    field: RevealField
    field_label: Label
    purpose: RevealPurpose
    purpose_label: Label
    person: UUID
    at: datetime

    @classmethod
    def of(cls, reveal: Reveal) -> "RevealView":
        """One entry of the record."""
        return cls.model_construct(
            id=reveal.id,
            field=reveal.field,
            field_label=Label.of(words(reveal.field)),
            purpose=reveal.purpose,
            purpose_label=Label.of(words(reveal.purpose)),
            person=reveal.by,
            at=reveal.at,
        )
