"""Who is told what about a fact: the rule of a message type, its notices, and the persons each notice goes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shared.principal import Role


@dataclass(frozen=True, slots=True)
class Text:
    """Title and body of a notice in one language; `{…}` stands for fields of the message."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One template for one audience.

    The audience are the persons named in fields of the message (`people`), and the holders of `roles`, in the whole
    community or only within the organisation named in the field `organisation`. Persons in `not_to` did it themselves.
    With `when`, only messages whose fields have one of the given values are told.
    """

    template: str
    version: int
    zh: Text
    en: Text
    people: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    organisation: str | None = None
    not_to: tuple[str, ...] = ()
    when: Mapping[str, tuple[object, ...]] = field(default_factory=dict)

    def applies_to(self, fields: Mapping[str, object]) -> bool:
        """Whether this message is one of those that the notice is about."""
        return all(fields.get(name) in values for name, values in self.when.items())

    def named_in(self, fields: Mapping[str, object]) -> list[UUID]:
        """Persons whom the message itself names as the audience, in its order."""
        return _persons(fields, self.people)

    def left_out(self, fields: Mapping[str, object]) -> frozenset[UUID]:
        """Persons who are not told because they did it."""
        return frozenset(_persons(fields, self.not_to))


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens in inboxes when a message of this type arrives: some notices, or nobody is told and why."""

    message_type: str
    topic: str
    link: str
    notices: tuple[Notice, ...]
    nobody: str | None

    def link_for(self, community: str, fields: Mapping[str, object]) -> str:
        """Where the thing can be seen, as a path on the gateway."""
        return self.link.format_map({"community": community, **fields})


def _persons(fields: Mapping[str, object], names: Sequence[str]) -> list[UUID]:
    found: list[UUID] = []
    for name in names:
        value = fields.get(name)
        if isinstance(value, UUID):
            found.append(value)
        elif isinstance(value, tuple | list):
            found += [person for person in value if isinstance(person, UUID)]
    return found
