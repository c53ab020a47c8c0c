"""The messages between services: plain, documented, sampled, and readable for ever."""

import ast
import inspect
import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, create_model

from shared.contracts import sample
from shared.contracts.catalogue import all_messages
from shared.contracts.issues import IssueResolved
from shared.contracts.message import TYPE_PATTERN, Message
from shared.messaging import describe
from shared.messaging.topology import PUBLISHERS

MESSAGES = all_messages()
CONTRACTS = Path(inspect.getfile(Message)).parent
PERSONAL = {"phone", "id_number", "address", "person_name", "resident_name", "contact", "email", "birthday", "text"}
"""Fields that no message may have: messages hold ids, numbers and facts."""


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_a_message_has_a_sample_that_is_still_understood(message: type[Message]) -> None:
    found = sample.path_of(message.message_type)
    assert found.exists(), "run: python -m shared.contracts.sample"
    assert sample.findings(message, sample.read(message.message_type)) == []


def test_every_sample_belongs_to_a_message() -> None:
    assert {path.stem for path in sample.SAMPLES.glob("*.json")} == set(MESSAGES)


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_a_message_is_documented_and_plain(message: type[Message]) -> None:
    match = TYPE_PATTERN.match(message.message_type)
    assert match is not None
    assert match["publisher"] == message.publisher == message.__module__.removeprefix("shared.contracts.").split(".")[0]
    assert message.publisher in PUBLISHERS
    assert inspect.getdoc(message) not in (None, inspect.getdoc(Message)), "say in a sentence what happened"
    assert message.model_fields[message.aggregate].annotation is UUID
    assert message.model_config.get("frozen") is True
    assert message.model_config.get("extra") == "ignore", "readers must ignore fields of later releases"
    assert not PERSONAL & set(message.model_fields)
    assert message.subject("feicuicheng").count(".") == 3


def test_subjects_are_unique() -> None:
    subjects = [message.subject("feicuicheng") for message in MESSAGES.values()]
    assert len(set(subjects)) == len(subjects)


def test_a_type_cannot_be_taken_twice() -> None:
    with pytest.raises(TypeError, match="is already IssueResolved"):

        class Another(Message, type=IssueResolved.message_type, aggregate="issue_id"):
            issue_id: UUID


def test_a_type_must_name_publisher_fact_and_version() -> None:
    with pytest.raises(TypeError, match="must look like"):

        class Unversioned(Message, type="issues.issue_resolved", aggregate="issue_id"):
            issue_id: UUID


def changed(without: str | None = None, **fields: Any) -> type[BaseModel]:
    """IssueResolved as somebody changed it."""
    kept: dict[str, Any] = {
        name: (field.annotation, field) for name, field in IssueResolved.model_fields.items() if name != without
    }
    return create_model("Changed", **{**kept, **fields})


def test_an_unchanged_contract_and_a_new_field_with_default_pass() -> None:
    golden = sample.read(IssueResolved.message_type)
    assert sample.findings(changed(), golden) == []
    assert sample.findings(changed(weather=(str, "fine")), golden) == []


@pytest.mark.parametrize(
    ("contract", "finding"),
    [
        (changed(weather=(str, ...)), "weather: Field required"),
        (changed(without="number"), "number: is no field any more"),
        (changed(without="reported_by"), "reported_by: is no field any more"),
        (changed(category=(int, ...)), "category: Input should be a valid integer"),
        (changed(round=(float, 1.0)), "round: was 1, is read as 1.0"),
        (changed(round=(bool, True)), "round: was 1, is read as True"),
    ],
    ids=["required field added", "field removed", "optional field removed", "retyped", "widened", "read differently"],
)
def test_a_breaking_change_is_found(contract: type[BaseModel], finding: str) -> None:
    found = sample.findings(contract, sample.read(IssueResolved.message_type))
    assert any(one.startswith(finding) for one in found), found


def test_samples_are_never_overwritten(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sample, "SAMPLES", tmp_path)
    kept = tmp_path / f"{IssueResolved.message_type}.json"
    kept.write_text('{"kept": true}', encoding="utf-8")

    written = sample.write_missing()

    assert kept.read_text(encoding="utf-8") == '{"kept": true}'
    assert {path.name for path in written} == {f"{name}.json" for name in MESSAGES} - {kept.name}
    assert sample.write_missing() == []
    for path in written:
        assert sample.findings(MESSAGES[path.stem], json.loads(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", sorted(CONTRACTS.rglob("*.py")), ids=lambda path: str(path.relative_to(CONTRACTS)))
def test_contracts_import_nothing_but_pydantic(path: Path) -> None:
    allowed = {"pydantic", "shared"} | set(sys.stdlib_module_names)
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    assert {name.split(".")[0] for name in imported} <= allowed
    assert all(
        name in ("shared",) or name.startswith("shared.contracts") for name in imported if name.startswith("shared")
    )


def test_the_page_of_messages_is_fresh() -> None:
    assert describe.main(["--check"]) == 0, "run: python -m shared.messaging.describe"
