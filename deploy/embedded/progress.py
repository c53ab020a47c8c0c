"""What people see while the platform starts and stops: a moving line in a terminal, plain lines everywhere else."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status


class Progress:
    """Steps with their duration; several may run at once."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 140)
        self._running: dict[str, float] = {}
        self._status: Status | None = None

    def say(self, text: str = "") -> None:
        """One line for the reader."""
        self.console.print(text, markup=False)
        sys.stdout.flush()

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Show that something is being done, and how long it took; say so too when it failed."""
        begun = time.monotonic()
        self._running[what] = begun
        self._show()
        try:
            yield
        except BaseException:
            self._finish(what, f"✗ {what}")
            raise
        self._finish(what, f"✓ {what}  {time.monotonic() - begun:.1f} s")

    def _finish(self, what: str, line: str) -> None:
        self._running.pop(what, None)
        self.say(line)
        self._show()

    def _show(self) -> None:
        if not self.console.is_terminal:
            return
        if not self._running:
            if self._status is not None:
                self._status.stop()
                self._status = None
            return
        text = " · ".join(self._running)
        if self._status is None:
            self._status = self.console.status(text)
            self._status.start()
        else:
            self._status.update(text)
