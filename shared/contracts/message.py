"""Base of every message between services, and the registry by type.

A class names its type once: `class IssueResolved(Message, type="issues.issue_resolved.v1", aggregate="issue_id")`.
From it follow the NATS subject `issues.<community>.issue_resolved.v1` and the CloudEvents type
`cn.mulin.issues.issue_resolved.v1`.
Contracts are additive only: a new field needs a default; anything else is a new class with a new version.
"""

import re
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

TYPE_PATTERN = re.compile(r"^(?P<publisher>[a-z]+)\.(?P<fact>[a-z]+(?:_[a-z]+)*)\.v(?P<version>[1-9][0-9]*)$")
CLOUDEVENTS_PREFIX = "cn.mulin."
WHOLE_SUBDISTRICT = "all"
"""Community token of facts that concern no single community; reserved, no community may be called so."""


class Message(BaseModel):
    """A fact that one service publishes. Ids and numbers only: no names, no phone numbers, no free text of residents."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    message_type: ClassVar[str]
    publisher: ClassVar[str]
    fact: ClassVar[str]
    aggregate: ClassVar[str]
    registry: ClassVar[dict[str, type["Message"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Take the class keywords; pydantic hands them on to `__pydantic_init_subclass__`."""
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(cls, *, type: str = "", aggregate: str = "", **kwargs: Any) -> None:  # noqa: A002 - CloudEvents calls it type
        """Check and register the type of a concrete message."""
        super().__pydantic_init_subclass__(**kwargs)
        match = TYPE_PATTERN.match(type)
        if match is None:
            raise TypeError(f"{cls.__name__}: type must look like issues.issue_resolved.v1, not {type!r}")
        if type in Message.registry:
            raise TypeError(f"{cls.__name__}: {type} is already {Message.registry[type].__name__}")
        if aggregate not in cls.model_fields:
            raise TypeError(f"{cls.__name__}: aggregate names no field: {aggregate!r}")
        cls.message_type, cls.publisher, cls.fact, cls.aggregate = type, match["publisher"], match["fact"], aggregate
        Message.registry[type] = cls

    @property
    def aggregate_id(self) -> UUID:
        """Id of the thing this fact is about: the ordering key and the CloudEvents subject."""
        value: UUID = getattr(self, self.aggregate)
        return value

    @classmethod
    def subject(cls, community: str) -> str:
        """NATS subject of this fact in a community; never holds ids or personal data."""
        publisher, rest = cls.message_type.split(".", 1)
        return f"{publisher}.{community}.{rest}"

    @classmethod
    def cloudevents_type(cls) -> str:
        """CloudEvents `type` attribute."""
        return CLOUDEVENTS_PREFIX + cls.message_type
