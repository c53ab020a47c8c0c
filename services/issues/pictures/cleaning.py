"""Hands a photo to a process of its own and takes back what is safe to keep. Few at a time, none for long."""

import asyncio
import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from services.issues.domain.errors.photos import NotAPhoto, PhotosBusy, PhotoTooManyPixels
from services.issues.domain.photo import CleanPhoto

CHILD = Path(__file__).with_name("child.py")
AT_ONCE = 2
WAITING = 8
"""So many wait for their turn; whoever comes then is asked to try again, so that uploads never fill the memory."""
SECONDS = 30.0


class Cleaning:
    """One per process."""

    def __init__(self, *, seconds: float = SECONDS, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._turn = asyncio.Semaphore(at_once)
        self._room = at_once + waiting
        self._seconds = seconds
        self._inside = 0

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """A place in the queue, taken before the first byte is read. Raises PhotosBusy when there is none."""
        if self._inside >= self._room:
            raise PhotosBusy(retry_after_seconds=5)
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    async def cleaned(self, content: bytes) -> CleanPhoto:
        """The picture without anything else. Raises NotAPhoto and PhotoTooManyPixels."""
        async with self._turn:
            answer = await self._answer(content)
        head, _, files = answer.partition(b"\n")
        try:
            said = json.loads(head)
        except ValueError:  # the process was ended by a limit
            raise NotAPhoto from None
        if said.get("refused") == "too_large":
            raise PhotoTooManyPixels
        if "refused" in said:
            raise NotAPhoto
        end = said["photo"]
        return CleanPhoto(files[:end], files[end : end + said["thumbnail"]], said["width"], said["height"])

    async def _answer(self, content: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(CHILD),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin"},
        )
        try:
            async with asyncio.timeout(self._seconds):
                answer, _ = await process.communicate(content)
        except TimeoutError:
            raise NotAPhoto from None
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        return answer
