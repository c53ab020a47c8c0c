"""Renders the gateway's pages on the server, Chinese first, without a script and without a foreign host."""

import asyncio
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from services.gateway.merged_openapi import Document, operations_of, refusals_in
from shared.http.context import Language
from shared.http.problems import MEDIA_TYPE, all_problems
from shared.http.refusals import status_of

FOLDER = Path(__file__).parent
VERSION = "0.1.0"
BOTH = re.compile(r"^(?P<zh>.*?[。：；！？）)])\s*(?P<en>[A-Z0-9`\"'].*)$", re.S)
"""Texts of the API hold both languages: 中文。English."""
STATIC: Mapping[str, str] = {"tokens.css": "text/css", "page.css": "text/css", "favicon.svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class ProblemText:
    """A refusal as its page tells it."""

    slug: str
    status: int
    title_zh: str
    title_en: str
    meaning: str = ""


def one_language(text: str, lang: Language) -> str:
    """The half of a text in both languages, or all of it where it is not so."""
    match = BOTH.match(" ".join(text.split()))
    return text if match is None else match[lang].strip()


def kind_of(schema: Document | None, lang: Language) -> Markup:
    """The type that a schema describes, with links to those that have a name."""
    nothing = Markup("任意" if lang == "zh" else "any")  # noqa: S704 - our own words
    if not schema:
        return nothing
    if "$ref" in schema:
        return Markup('<a href="#{0}">{0}</a>').format(schema["$ref"].rsplit("/", 1)[-1])
    if options := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return Markup(" | ").join(kind_of(option, lang) for option in options)
    if schema.get("type") == "array":
        return Markup("[{}]").format(kind_of(schema.get("items"), lang))
    if values := schema.get("enum") or ([schema["const"]] if "const" in schema else []):
        return escape(" | ".join(map(str, values)))
    kind, form = schema.get("type"), schema.get("format")
    return nothing if kind is None else escape(f"{kind} ({form})" if form else str(kind))


class Pages:
    """The pages and their files."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER / "pages"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._references: dict[tuple[Language, bool], tuple[Document, bytes]] = {}
        self.files = {name: (FOLDER / "static" / name).read_bytes() for name in STATIC}

    async def reference(self, document: Document, lang: Language, *, chosen: bool) -> bytes:
        """The API reference: half a second of work, done beside the event loop and once for each state of the document."""
        known = self._references.get((lang, chosen))
        if known is None or known[0] is not document:
            page = await asyncio.to_thread(
                self.page,
                "docs.html",
                lang,
                chosen=chosen,
                groups=grouped_operations(document, lang),
                schemas=document["components"]["schemas"],
                problems=list(documented_problems(document).values()),
            )
            known = self._references[lang, chosen] = document, page
        return known[1]

    def page(self, name: str, lang: Language, *, chosen: bool, **values: Any) -> bytes:
        """A page. `chosen`: the language stands in the address, so links keep it."""

        def t(zh: str, en: str) -> str:
            return zh if lang == "zh" else en

        text = self._templates.get_template(name).render(
            t=t,
            one=partial(one_language, lang=lang),
            kind=partial(kind_of, lang=lang),
            lang=lang,
            suffix=f"?lang={lang}" if chosen else "",
            version=VERSION,
            **values,
        )
        return text.encode()


def documented_problems(document: Document) -> dict[str, ProblemText]:
    """All refusals of the platform by slug: those of this process with their meaning, those of the services by title."""
    found = {}
    for slug, (title, status) in refusals_in(document).items():
        found[slug] = ProblemText(slug, status, title, slug.replace("-", " ").capitalize())
    for slug, error in all_problems().items():
        meaning = inspect.cleandoc(error.__doc__ or "")
        found[slug] = ProblemText(slug, status_of(error), error.title_zh, error.title_en, meaning)
    return dict(sorted(found.items()))


def grouped_operations(document: Document, lang: Language) -> list[dict[str, Any]]:
    """Operations of a document by service, as the page shows them."""
    groups = [
        {"name": tag["name"], "description": tag.get("description", ""), "operations": []}
        for tag in document.get("tags", [])
    ]
    by_name = {group["name"]: group["operations"] for group in groups}
    for path, method, operation in operations_of(document):
        by_name[operation["tags"][0]].append(_shown(path, method, operation, lang))
    return groups


def _shown(path: str, method: str, operation: Document, lang: Language) -> dict[str, Any]:
    description = one_language(operation.get("description", ""), lang)
    content = operation.get("requestBody", {}).get("content", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "title": description.split("\n")[0] or operation.get("summary", ""),
        "description": description,
        "action": operation.get("x-action", ""),
        "parameters": [
            {"schema": None, "required": False, "description": "", **p} for p in operation.get("parameters", [])
        ],
        "body": next((media.get("schema") for media in content.values()), None),
        "answers": [_answer(status, response) for status, response in sorted(operation["responses"].items())],
    }


def _answer(status: str, response: Document) -> tuple[str, Document | None, list[str]]:
    content = response.get("content", {})
    slugs = list(content.get(MEDIA_TYPE, {}).get("examples", {}))
    return status, content.get("application/json", {}).get("schema"), slugs
