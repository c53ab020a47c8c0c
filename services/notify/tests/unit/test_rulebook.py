"""Every message type has its rule: who is told in which words, or that nobody is; and what partners may see of it."""

from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Union, get_args, get_origin
from uuid import UUID

import pytest

from services.notify import consumers  # noqa: F401 - fills the registry with every contract
from services.notify.domain.wording import MOMENT, NAME, ORGANISATION, Vocabulary, placeholders, put_into_words
from services.notify.rulebook import FOLDER, LABELS, PARTNERS, RULES, RulebookError, rules_in
from shared.contracts import notify  # noqa: F401
from shared.contracts.message import Message
from shared.ids import new_id
from shared.principal import Role

TYPES = sorted(
    name for name, contract in Message.registry.items() if contract.__module__.startswith("shared.contracts.")
)
FORBIDDEN_FIELDS = {"reason", "note", "text", "name_of_person", "phone"}


def kinds_of(contract: type[Message], field: str) -> set[object]:
    """The plain types that a field may have."""
    annotation = contract.model_fields[field].annotation
    alternatives = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    return {get_args(a)[0] if get_origin(a) is tuple else a for a in alternatives} - {type(None)}


@pytest.mark.parametrize("message_type", TYPES)
def test_it_is_decided_who_is_told(message_type: str) -> None:
    assert message_type in RULES, (
        f"add {message_type} to services/notify/rules/{message_type.split('.', maxsplit=1)[0]}.toml"
    )


def test_no_rule_is_left_over() -> None:
    assert set(RULES) <= set(TYPES)
    assert set(PARTNERS.offered) | set(PARTNERS.withheld) <= set(TYPES)


@pytest.mark.parametrize("message_type", TYPES)
def test_it_is_decided_what_partners_see(message_type: str) -> None:
    offered, withheld = message_type in PARTNERS.offered, message_type in PARTNERS.withheld
    whole_publisher = message_type.split(".", maxsplit=1)[0] in PARTNERS.withheld_publishers
    assert [offered, withheld, whole_publisher].count(True) == 1, f"decide in rules/partners.toml on {message_type}"


@pytest.mark.parametrize("message_type", sorted(PARTNERS.offered))
def test_partners_see_existing_fields_and_no_person_and_no_text(message_type: str) -> None:
    contract = Message.registry[message_type]
    for field in PARTNERS.offered[message_type]:
        assert field in contract.model_fields
        assert not field.endswith(("_by", "person_id", "_ids")), "ids of persons stay here"
        assert field not in {"title", "name", "body", "text", "note", "reason"}, "no free text"
        assert kinds_of(contract, field) <= {UUID, str, int, bool, datetime}


@pytest.mark.parametrize("message_type", sorted(name for name, rule in RULES.items() if rule.notices))
def test_templates_and_audiences_use_fields_that_the_message_has(message_type: str) -> None:
    rule, contract = RULES[message_type], Message.registry[message_type]
    fields = set(contract.model_fields)
    assert {name for name, _ in placeholders(rule.link)} <= fields | {"community"}
    for notice in rule.notices:
        assert set(notice.people) | set(notice.not_to) <= fields
        assert notice.organisation is None or notice.organisation in fields
        assert set(notice.when) <= fields
        for name, values in notice.when.items():
            assert {type(value) for value in values} <= kinds_of(contract, name), f"{notice.template}: {name}"
        for person in (*notice.people, *notice.not_to):
            assert kinds_of(contract, person) == {UUID}
        for text in (notice.zh.title, notice.zh.body, notice.en.title, notice.en.body):
            for name, form in placeholders(text):
                assert form == NAME or name in fields, f"{notice.template} writes {{{name}}}"
                assert name not in FORBIDDEN_FIELDS or form in LABELS
                kinds = set() if form == NAME else kinds_of(contract, name)
                assert form != MOMENT or kinds == {datetime}
                assert (form == ORGANISATION) == (kinds == {UUID}), "an id is no word"
                assert form != "" or datetime not in kinds, "a time needs :moment"


@pytest.mark.parametrize("message_type", sorted(name for name, rule in RULES.items() if rule.notices))
def test_every_text_can_be_written_from_a_full_and_from_an_empty_message(message_type: str) -> None:
    contract = Message.registry[message_type]
    full: dict[str, object] = {}
    for name in contract.model_fields:
        kinds = kinds_of(contract, name)
        full[name] = new_id() if UUID in kinds else 3 if int in kinds else "x"
        full[name] = datetime.fromisoformat("2026-11-25T10:00:00+08:00") if datetime in kinds else full[name]
    vocabulary = Vocabulary(LABELS, "feicuicheng", "翡翠城社区")
    for fields in (full, dict.fromkeys(full)):
        for notice in RULES[message_type].notices:
            for text in (notice.zh.title, notice.zh.body):
                assert "{" not in put_into_words(text, fields, vocabulary, "zh")
            for text in (notice.en.title, notice.en.body):
                assert "{" not in put_into_words(text, fields, vocabulary, "en")


def test_templates_have_unique_names() -> None:
    names = [notice.template for rule in RULES.values() for notice in rule.notices]
    assert len(set(names)) == len(names)


def test_every_role_has_a_label() -> None:
    assert set(LABELS["role"]) == {role.value for role in Role}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('["issues.x.v1"]\n', "either notices"),
        ('["issues.x.v1"]\nnobody = "x"\n[["issues.x.v1".notice]]\n' + 'template = "t"\nversion = 1\n', "zh"),
        ('["events.x.v1"]\nnobody = "x"\n', "another file"),
    ],
)
def test_a_wrong_table_refuses_to_load(text: str, complaint: str, tmp_path: Path) -> None:
    for publisher in ("gateway", "volunteers", "events", "notify"):
        (tmp_path / f"{publisher}.toml").write_text("")
    (tmp_path / "issues.toml").write_text(text)
    with pytest.raises((RulebookError, KeyError), match=complaint):
        rules_in(tmp_path, LABELS)


def test_a_missing_label_group_refuses_to_load(tmp_path: Path) -> None:
    for publisher in ("gateway", "volunteers", "events", "notify"):
        (tmp_path / f"{publisher}.toml").write_text("")
    text = (FOLDER / "issues.toml").read_text(encoding="utf-8").replace("{tier:tier}", "{tier:teir}")
    (tmp_path / "issues.toml").write_text(text)
    with pytest.raises(RulebookError, match="teir"):
        rules_in(tmp_path, LABELS)
