"""What pydantic found, in Chinese and English, with the path of each field."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import AppError, Invalid
from shared.http.refusals import MalformedRequest

MALFORMED = {"json_invalid", "json_type"}
"""Errors that mean: these bytes are no JSON at all."""

TEXTS: Mapping[str, tuple[str, str]] = {
    "missing": ("必填", "is required"),
    "extra_forbidden": ("不认识的字段", "is not a known field"),
    "string_type": ("必须是文字", "must be a text"),
    "string_too_short": ("至少 {min_length} 个字符", "needs at least {min_length} characters"),
    "string_too_long": ("最多 {max_length} 个字符", "may have at most {max_length} characters"),
    "string_pattern_mismatch": (
        "格式不正确或含有不允许的字符",
        "has the wrong form or contains characters that are not allowed",
    ),
    "string_unicode": ("不是有效的文字编码", "is not valid Unicode"),
    "control_characters": ("不能包含控制字符", "must not contain control characters"),
    "int_type": ("必须是整数", "must be a whole number"),
    "int_parsing": ("必须是整数", "must be a whole number"),
    "int_parsing_size": ("数字太大", "is too large a number"),
    "int_from_float": ("必须是整数", "must be a whole number"),
    "float_type": ("必须是数字", "must be a number"),
    "float_parsing": ("必须是数字", "must be a number"),
    "finite_number": ("必须是有限的数字", "must be a finite number"),
    "decimal_type": ("必须是数字", "must be a number"),
    "decimal_parsing": ("必须是数字", "must be a number"),
    "bool_type": ("必须是 true 或 false", "must be true or false"),
    "bool_parsing": ("必须是 true 或 false", "must be true or false"),
    "uuid_type": ("必须是 UUID", "must be a UUID"),
    "uuid_parsing": ("必须是 UUID", "must be a UUID"),
    "uuid_version": ("UUID 版本不对", "is not the right kind of UUID"),
    "enum": ("必须是以下之一：{expected}", "must be one of {expected}"),
    "literal_error": ("必须是以下之一：{expected}", "must be one of {expected}"),
    "greater_than": ("必须大于 {gt}", "must be greater than {gt}"),
    "greater_than_equal": ("不能小于 {ge}", "must be at least {ge}"),
    "less_than": ("必须小于 {lt}", "must be less than {lt}"),
    "less_than_equal": ("不能大于 {le}", "must be at most {le}"),
    "zero": ("不能为零", "must not be zero"),
    "multiple_of": ("必须是 {multiple_of} 的倍数", "must be a multiple of {multiple_of}"),
    "too_short": ("至少 {min_length} 项", "needs at least {min_length} items"),
    "too_long": ("最多 {max_length} 项", "may have at most {max_length} items"),
    "list_type": ("必须是列表", "must be a list"),
    "tuple_type": ("必须是列表", "must be a list"),
    "set_type": ("必须是列表", "must be a list"),
    "frozen_set_type": ("必须是列表", "must be a list"),
    "dict_type": ("必须是对象", "must be an object"),
    "model_type": ("必须是对象", "must be an object"),
    "model_attributes_type": ("必须是对象", "must be an object"),
    "dataclass_type": ("必须是对象", "must be an object"),
    "datetime_type": ("必须是日期时间（RFC 3339）", "must be a date and time (RFC 3339)"),
    "datetime_parsing": ("必须是日期时间（RFC 3339）", "must be a date and time (RFC 3339)"),
    "datetime_from_date_parsing": ("必须是日期时间（RFC 3339）", "must be a date and time (RFC 3339)"),
    "timezone_aware": ("必须带时区", "must have a time zone"),
    "datetime_future": ("必须是将来的时间", "must lie in the future"),
    "datetime_past": ("必须是过去的时间", "must lie in the past"),
    "moment_out_of_range": ("年份必须在 1900 到 2200 之间", "must lie between the years 1900 and 2200"),
    "date_type": ("必须是日期（YYYY-MM-DD）", "must be a date (YYYY-MM-DD)"),
    "date_parsing": ("必须是日期（YYYY-MM-DD）", "must be a date (YYYY-MM-DD)"),
    "date_from_datetime_parsing": ("必须是日期（YYYY-MM-DD）", "must be a date (YYYY-MM-DD)"),
    "date_from_datetime_inexact": ("必须是日期（YYYY-MM-DD）", "must be a date (YYYY-MM-DD)"),
    "time_type": ("必须是时间（HH:MM）", "must be a time (HH:MM)"),
    "time_parsing": ("必须是时间（HH:MM）", "must be a time (HH:MM)"),
    "union_tag_invalid": (
        "{discriminator} 必须是以下之一：{expected_tags}",
        "{discriminator} must be one of {expected_tags}",
    ),
    "union_tag_not_found": ("缺少 {discriminator}", "needs {discriminator}"),
    "url_parsing": ("必须是网址", "must be a URL"),
    "url_scheme": ("网址必须以 {expected_schemes} 开头", "must be a URL with {expected_schemes}"),
    "url_too_long": ("网址太长", "is too long a URL"),
}
"""pydantic error type -> (zh, en). A type that is not listed gets the general text below in Chinese and pydantic's own in English."""

GENERAL_ZH = "填写不正确"
NAMED_PARTS = {"body", "query", "path", "header", "cookie"}


class BodyIsInvalid(Invalid):
    """Checks of pydantic failed; tells every finding in both languages."""

    def __init__(self, findings: Sequence[Mapping[str, Any]]) -> None:
        fields = {field_of(finding): texts_of(finding) for finding in findings}
        first = list(fields.items())[:5]
        super().__init__(
            "；".join(f"{field}：{zh}" for field, (zh, _) in first),
            "; ".join(f"{field} {en}" for field, (_, en) in first),
            fields=fields,
        )


def refusal_of(findings: Sequence[Mapping[str, Any]]) -> AppError:
    """The refusal for what pydantic or FastAPI found: 400 when it is no JSON, 422 naming each field otherwise."""
    if any(finding.get("type") in MALFORMED for finding in findings):
        return MalformedRequest("请求内容不是有效的 JSON", "The body is not valid JSON")
    return BodyIsInvalid(findings)


def field_of(finding: Mapping[str, Any]) -> str:
    """The field that a finding is about. A missing or unknown variant is about the field that chooses the variant."""
    location = list(finding.get("loc", ()))
    if str(finding.get("type")).startswith("union_tag_"):
        location.append(str((finding.get("ctx") or {}).get("discriminator", "")).strip("'"))
    return path_of(location)


def path_of(location: Sequence[str | int]) -> str:
    """`("body", "plan", "steps", 0, "title")` -> `plan.steps.0.title`; the body as a whole is `body`."""
    parts = list(location)
    if len(parts) > 1 and parts[0] in NAMED_PARTS:
        parts = parts[1:]
    return ".".join(str(part) if isinstance(part, int) else _printable(part) for part in parts) or "body"


def texts_of(finding: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong, as (zh, en)."""
    context: Mapping[str, Any] = finding.get("ctx") or {}
    zh, en = TEXTS.get(str(finding.get("type")), (GENERAL_ZH, str(finding.get("msg", "is not valid"))))
    return _filled(zh, {name: _in_chinese(value) for name, value in context.items()}), _filled(en, context)


def _filled(template: str, context: Mapping[str, Any]) -> str:
    try:
        return template.format_map(context)
    except (KeyError, ValueError, IndexError):
        return template


def _in_chinese(value: Any) -> Any:
    """Pydantic lists choices as `'a', 'b' or 'c'`: the same list as a Chinese reader writes it."""
    return value.replace("', '", "'、'").replace("' or '", "' 或 '") if isinstance(value, str) else value


def _printable(name: str) -> str:
    """A field name as it may be echoed: short, without control characters."""
    return re.sub(r"[^\w.\-]", "?", name)[:60]
