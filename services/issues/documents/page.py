"""A meeting's papers as pages to print (A4): nothing is fetched from anywhere, every text is escaped."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

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


def minutes_page(paper: Paper) -> bytes:
    """会议记录."""
    return _rendered("minutes.html", paper, paper.title)


def countermeasures_page(paper: Paper) -> bytes:
    """问题和对策清单."""
    return _rendered("countermeasures.html", paper, paper.say("list"))


def _rendered(template: str, paper: Paper, title: str) -> bytes:
    foot = [_css_text(part) for part in paper.say("page", page="\0", pages="\0").split("\0")]
    head = _css_text(f"{paper.community}　{title}")
    page = _templates.get_template(template).render(paper=paper, title=title, page_head=head, page_foot=foot)
    return page.encode()


def _css_text(text: str) -> str:
    """A text inside a string of a style sheet: every character is written by its number, so that none can end the string."""
    return "".join(f"\\{ord(character):x} " for character in text)
