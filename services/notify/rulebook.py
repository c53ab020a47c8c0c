"""Reads the tables under `rules/`: who is told what in which words, and what partners may see. Wrong tables refuse to load."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from services.notify.domain.telling import Notice, Rule, Text
from services.notify.domain.wording import MOMENT, NAME, ORGANISATION, Labels, placeholders
from shared.principal import Role

FOLDER = Path(__file__).parent / "rules"
PUBLISHERS = ("gateway", "issues", "volunteers", "events", "notify")


class RulebookError(ValueError):
    """A table under `rules/` is not as it must be; names the place."""


@dataclass(frozen=True, slots=True)
class PartnerView:
    """What partners may subscribe to and see."""

    offered: Mapping[str, tuple[str, ...]]
    """Message type -> fields that leave the platform."""
    withheld: Mapping[str, str]
    """Message type -> why partners do not get it."""
    withheld_publishers: Mapping[str, str]
    only_for: Mapping[str, str]
    """Message type -> the field that must name the organisation of the subscription; other partners do not get it."""
    private_kinds: frozenset[str]
    private_categories: frozenset[str]

    def is_for(self, organisation: UUID, message_type: str, fields: Mapping[str, object]) -> bool:
        """Whether a fact that concerns one unit concerns this one; facts of general interest are for everybody."""
        field = self.only_for.get(message_type)
        return field is None or fields.get(field) == organisation

    def is_private(self, kind: str | None, category: str | None) -> bool:
        """Whether an issue of this kind or category is kept from partners altogether (邻里纠纷)."""
        below = isinstance(category, str) and any(category.startswith(f"{above}_") for above in self.private_categories)
        return kind in self.private_kinds or category in self.private_categories or below


def rules_in(folder: Path, labels: Labels) -> dict[str, Rule]:
    """The rule of every message type, from one file per publisher."""
    rules: dict[str, Rule] = {}
    for publisher in PUBLISHERS:
        for message_type, table in _read(folder / f"{publisher}.toml").items():
            if not message_type.startswith(f"{publisher}."):
                raise RulebookError(f"{publisher}.toml: {message_type} belongs to another file")
            rules[message_type] = _rule(message_type, table, labels)
    return rules


def partner_view_in(folder: Path) -> PartnerView:
    """The allow-list for partners."""
    table = _read(folder / "partners.toml")
    return PartnerView(
        offered={name: tuple(fields) for name, fields in table["offered"].items()},
        withheld=table["withheld"],
        only_for=table["only_for"],
        withheld_publishers=table["withheld_publishers"],
        private_kinds=frozenset(table["private"]["kinds"]),
        private_categories=frozenset(table["private"]["categories"]),
    )


def _read(file: Path) -> dict[str, Any]:
    with file.open("rb") as opened:
        return tomllib.load(opened)


def _rule(message_type: str, table: dict[str, Any], labels: Labels) -> Rule:
    nobody = table.get("nobody")
    notices = tuple(_notice(message_type, entry, labels) for entry in table.get("notice", ()))
    if (nobody is None) == (not notices):
        raise RulebookError(f"{message_type}: either notices, or `nobody` with the reason")
    names = [notice.template for notice in notices]
    if len(set(names)) != len(names):
        raise RulebookError(f"{message_type}: a template stands there twice")
    return Rule(message_type, table.get("topic", ""), table.get("link", ""), notices, nobody)


def _notice(message_type: str, entry: dict[str, Any], labels: Labels) -> Notice:
    unknown = set(entry) - {"template", "version", "people", "roles", "organisation", "not_to", "when", "zh", "en"}
    if unknown:
        raise RulebookError(f"{message_type}: unknown entries {sorted(unknown)}")
    notice = Notice(
        template=entry["template"],
        version=entry["version"],
        zh=Text(**entry["zh"]),
        en=Text(**entry["en"]),
        people=tuple(entry.get("people", ())),
        roles=tuple(Role(role) for role in entry.get("roles", ())),
        organisation=entry.get("organisation"),
        not_to=tuple(entry.get("not_to", ())),
        when={name: tuple(values) for name, values in entry.get("when", {}).items()},
    )
    if not notice.people and not notice.roles:
        raise RulebookError(f"{message_type}: {notice.template} has no audience")
    for text in (notice.zh.title, notice.zh.body, notice.en.title, notice.en.body):
        for name, form in placeholders(text):
            if form not in ("", MOMENT, ORGANISATION, NAME) and form not in labels:
                raise RulebookError(
                    f"{message_type}: {notice.template} writes {{{name}:{form}}}, labels.toml has no [{form}]"
                )
    return notice


LABELS: Labels = _read(FOLDER / "labels.toml")
RULES: Mapping[str, Rule] = rules_in(FOLDER, LABELS)
PARTNERS: PartnerView = partner_view_in(FOLDER)
