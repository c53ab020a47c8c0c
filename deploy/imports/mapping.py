"""Which column means what, and which category a name stands for."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REQUIRED = ("source_id", "text", "reported_at", "category")
OPTIONAL = ("title", "reporter", "place")
COLUMNS: Mapping[str, str] = {
    "留言编号": "source_id",
    "留言用户": "reporter",
    "留言主题": "title",
    "留言时间": "reported_at",
    "留言详情": "text",
    "一级分类": "category",
}
"""The columns of the city's message board."""


class MappingRefused(Exception):
    """The mapping names a field that does not exist, or leaves a needed one without a column."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Column of each field, and category codes for names that the community calls differently."""

    columns: Mapping[str, str]
    """field -> column"""
    categories: Mapping[str, str] = field(default_factory=dict)
    """name in the file -> category code"""

    def needed(self, *given: str) -> list[str]:
        """Columns that the file must have, when the fields `given` come from elsewhere."""
        return [self.columns[name] for name in REQUIRED if name not in given]


def mapping_of(given: str | None) -> Columns:
    """Read `--mapping`: "列=field,…", or a JSON file {"列": "field"} or {"columns": {…}, "categories": {"名称": "code"}}.

    What is given replaces or extends the columns of the message board.
    """
    columns = dict(COLUMNS)
    categories: dict[str, str] = {}
    if given:
        named, categories = _given(given)
        columns = {column: name for column, name in columns.items() if name not in named.values()} | named
    unknown = sorted(set(columns.values()) - {*REQUIRED, *OPTIONAL})
    if unknown:
        raise MappingRefused(
            f"没有这些字段 no such fields: {', '.join(unknown)}; 有 there are: {', '.join((*REQUIRED, *OPTIONAL))}"
        )
    return Columns({name: column for column, name in columns.items()}, categories)


def _given(given: str) -> tuple[dict[str, str], dict[str, str]]:
    if given.endswith(".json"):
        try:
            content = json.loads(Path(given).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise MappingRefused(f"无法读取 cannot be read: {given} ({error})") from None
        columns = content.get("columns", {}) if "columns" in content or "categories" in content else content
        categories = content.get("categories", {}) if "categories" in content else {}
        if not all(isinstance(text, str) for text in (*columns.values(), *categories.values())):
            raise MappingRefused(f"应为文字到文字的映射 must map texts to texts: {given}")
        return dict(columns), dict(categories)
    pairs = [part.partition("=") for part in given.split(",") if part.strip()]
    if not all(equals and column.strip() and name.strip() for column, equals, name in pairs):
        raise MappingRefused(f"应为 must be 列=field,… : {given}")
    return {column.strip(): name.strip() for column, _, name in pairs}, {}


def codes_by_name(categories: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """How a file may name a category: by code, by path (`城乡建设/安全生产/事故处理`), or by a name that says which one is meant.

    Of several with one name the one on the highest level is meant; where that leaves several, only code and path say it.
    """
    known = {category["code"]: category for category in categories}
    paths = {code: _path(code, known) for code in known}
    by_name: dict[str, list[str]] = {}
    for code, path in paths.items():
        by_name.setdefault(path[-1], []).append(code)
    names = {}
    for name, codes in by_name.items():
        highest = min(len(paths[code]) for code in codes)
        meant = [code for code in codes if len(paths[code]) == highest]
        if len(meant) == 1:
            names[name] = meant[0]
    return (
        names | {"/".join(path): code for code, path in paths.items() if len(path) > 1} | {code: code for code in known}
    )


def _path(code: str, known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    above = known[code]["parent"]
    return [*(_path(above, known) if above in known else []), known[code]["name_zh"]]
