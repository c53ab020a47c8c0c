"""The state folder of an installation: its lock, secrets, stamps, the record of the running platform, demo logins.

Everything that must survive a restart lies here and nowhere else; deleting the folder starts from nothing.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
"""Folder of the program."""


@dataclass(frozen=True, slots=True)
class State:
    """The state folder and where things lie in it."""

    folder: Path

    @property
    def logs(self) -> Path:
        """One log for each program."""
        return self.folder / "logs"

    @property
    def postgres(self) -> Path:
        """Data folder of PostgreSQL."""
        return self.folder / "postgres"

    @property
    def nats(self) -> Path:
        """Configuration and store of NATS."""
        return self.folder / "nats"

    def prepare(self) -> None:
        """Make the folder, for its owner only."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder / "secrets", self.folder / "stamps", self.nats, self.logs):
            folder.mkdir(mode=0o700, exist_ok=True)

    def secret(self, name: str, make: Callable[[], str] = lambda: secrets.token_hex(24)) -> str:
        """A secret of this installation, made at its first use and readable by its owner only."""
        file = self.secret_file(name)
        if not file.exists():
            write_private(file, make())
        return file.read_text()

    def secret_file(self, name: str) -> Path:
        """Where a secret lies."""
        return self.folder / "secrets" / name

    def stamp(self, name: str) -> str | None:
        """What was noted when a step was done last, or None if it never was."""
        try:
            return (self.folder / "stamps" / name).read_text()
        except FileNotFoundError:
            return None

    def set_stamp(self, name: str, value: str) -> None:
        """Note that a step is done."""
        write_private(self.folder / "stamps" / name, value)

    def record(self) -> dict[str, Any] | None:
        """What the supervisor wrote down last: processes, addresses, state. None if it never ran."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "platform.json").read_text())
        except FileNotFoundError:
            return None
        return found

    def set_record(self, record: dict[str, Any]) -> None:
        """Write down processes, addresses and state for `status` and `down`."""
        write_private(self.folder / "platform.json", json.dumps(record, indent=2, ensure_ascii=False))

    def try_lock(self) -> int | None:
        """Take the lock of the folder; None if a running platform (or its guard) holds it. Keep the descriptor open."""
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def is_locked(self) -> bool:
        """Whether a platform runs on this folder, or is still being stopped."""
        if not (self.folder / "lock").exists():
            return False
        descriptor = self.try_lock()
        if descriptor is None:
            return True
        os.close(descriptor)
        return False


def chosen_state() -> State:
    """The folder that MULIN_STATE names, else `var` beside the program."""
    named = os.environ.get("MULIN_STATE")
    return State(Path(named).expanduser().resolve() if named else ROOT / "var")


def write_private(file: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner only."""
    unfinished = file.with_name(file.name + ".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as output:
        output.write(text)
    unfinished.replace(file)
