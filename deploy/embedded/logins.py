"""Demo logins: made by the seed, kept in the state folder, printed by `up` and `status`."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.embedded.state import write_private


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A login for trying one role. Names in Chinese and English; `community` is a slug or empty for the subdistrict."""

    role: str
    name_zh: str
    name_en: str
    login: str
    password: str
    community: str


def save_logins(state: Path, logins: list[DemoLogin]) -> None:
    """Keep the demo logins, readable by the owner of the state folder only."""
    write_private(state / "logins.json", json.dumps([asdict(login) for login in logins], indent=2, ensure_ascii=False))


def load_logins(state: Path) -> list[DemoLogin]:
    """The demo logins of this installation; none before it was seeded."""
    try:
        return [DemoLogin(**fields) for fields in json.loads((state / "logins.json").read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []


def one_per_role(logins: list[DemoLogin]) -> list[DemoLogin]:
    """The first login of each role, in the order of the seed."""
    first: dict[str, DemoLogin] = {}
    for login in logins:
        first.setdefault(login.role, login)
    return list(first.values())
