"""A meeting's papers as pages to print (A4): nothing is fetched from anywhere, every text is escaped."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.issues.documents import paper as wording
from services.issues.documents.paper import Paper

MEDIA_TYPE = "text/html; charset=utf-8"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The page holds its own style and nothing else; a script in a record would not run, even unescaped."""
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {"day": wording.day, "moment": wording.moment, "short_day": wording.short_day}


def minutes_page(paper: Paper) -> bytes:
    """会议记录."""
    return _templates.get_template("minutes.html").render(paper=paper).encode()


def countermeasures_page(paper: Paper) -> bytes:
    """问题和对策清单."""
    return _templates.get_template("countermeasures.html").render(paper=paper).encode()
