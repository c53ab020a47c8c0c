import json
import logging
from collections.abc import Iterator

import asyncpg
import pytest
import structlog

from shared.observability.logging import bound_request, configure_logging, get_logger


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    before, handlers, level = structlog.get_config(), logging.root.handlers[:], logging.root.level
    configure_logging("issues", "info")
    yield
    structlog.configure(**before)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_is_one_json_object_with_time_level_and_service(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger("relay").info("relay.published", count=3, stream="ISSUES")
    [line] = lines(capsys)
    assert line["event"] == "relay.published"
    assert (line["component"], line["service"], line["level"], line["count"]) == ("relay", "issues", "info", 3)
    assert str(line["timestamp"]).endswith("Z")


def test_only_listed_fields_reach_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger("test").info("login", phone="13812345678", name="张三", body=b"...", person="019ab1c2")
    [line] = lines(capsys)
    assert "13812345678" not in str(line)
    assert "张三" not in str(line)
    assert line["person"] == "019ab1c2"


def test_nobody_can_forge_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger("test").warning('reason\r\n{"event": "admin.logged_in"}', reason="a\nb\r\u2028c\x1b[31m")
    output = capsys.readouterr().out
    assert output.count("\n") == 1
    assert "\r" not in output
    assert "\x1b" not in output
    assert json.loads(output)["reason"] == "a\nb\r\u2028c\x1b[31m"


def test_the_request_id_is_on_every_line_of_a_request(capsys: pytest.CaptureFixture[str]) -> None:
    with bound_request("req-00000001"):
        get_logger("test").info("inside")
    get_logger("test").info("outside")
    inside, outside = lines(capsys)
    assert inside["request_id"] == "req-00000001"
    assert "request_id" not in outside


def test_an_exception_is_told_by_its_way_and_kind_not_by_its_data(capsys: pytest.CaptureFixture[str]) -> None:
    secret = "13812345678"
    try:
        try:
            dict[str, str]()[secret]
        except KeyError as error:
            raise ValueError(secret) from error
    except ValueError:
        get_logger("test").exception("it.failed")
    [line] = lines(capsys)
    trace = str(line["exception"])
    assert secret not in trace
    assert "ValueError" in trace
    assert "KeyError" in trace
    assert "test_logging.py" in trace


def test_what_the_database_quotes_is_left_out_and_what_helps_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    error = asyncpg.UniqueViolationError("Key (phone)=(13812345678) already exists.")
    error.constraint_name = "accounts_phone"
    try:
        raise error
    except asyncpg.UniqueViolationError:
        get_logger("test").exception("it.failed")
    [line] = lines(capsys)
    assert "13812345678" not in str(line)
    assert "constraint_name=accounts_phone" in str(line["exception"])
    assert "sqlstate=23505" in str(line["exception"])


def test_long_values_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger("test").info("long", reason="a" * 100_000)
    [line] = lines(capsys)
    assert len(str(line["reason"])) == 2_000


def test_libraries_speak_in_the_same_form_without_their_values(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("some.library").warning("refused %s\nmore", "13812345678")
    logging.getLogger("some.library").info("chatter")
    [line] = lines(capsys)
    assert (line["event"], line["logger"], line["reason"]) == ("library", "some.library", "refused %s")


def test_levels_are_obeyed_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger("test").debug("too.fine")
    assert lines(capsys) == []
    with pytest.raises(ValueError, match="no such log level"):
        configure_logging("issues", "loud")
