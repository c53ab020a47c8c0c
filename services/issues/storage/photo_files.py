"""Where the files of photos lie: a folder, or storage that speaks S3.

The library is called in threads: its asynchronous calls leave a thread behind that ends the process with SIGABRT when it shuts down
(obstore 0.12.1, S3 only).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from services.issues.domain.errors.photos import PhotoFilesUnavailable, PhotoNotFound

PHOTO, THUMBNAIL = ".jpg", ".small.jpg"
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class S3Access:
    """How S3-compatible storage is reached. No endpoint: the one of the region."""

    endpoint: str | None = None
    region: str = "us-east-1"
    access_key: str | None = field(repr=False, default=None)
    secret_key: str | None = field(repr=False, default=None)


class StoredPhotoFiles:
    """Satisfies `ports.PhotoFiles`. `place` is a folder or `s3://bucket/prefix`."""

    def __init__(self, place: str, access: S3Access | None = None) -> None:
        self._place = place
        self._access = access or S3Access()

    @cached_property
    def _store(self) -> Any:
        if not self._place.startswith("s3://"):
            return LocalStore(self._place, mkdir=True)
        address, access = urlsplit(self._place), self._access
        given: dict[str, Any] = {
            "endpoint": access.endpoint,
            "access_key_id": access.access_key,
            "secret_access_key": access.secret_key,
            "prefix": address.path.strip("/") or None,
        }
        return S3Store(
            address.netloc,
            region=access.region,
            virtual_hosted_style_request=access.endpoint is None,
            client_options={"allow_http": True, "timeout": "10s", "connect_timeout": "3s"},
            retry_config={"max_retries": 2},
            **{name: value for name, value in given.items() if value is not None},
        )

    async def put(self, file: str, photo: bytes, thumbnail: bytes) -> None:
        """Keep both."""
        await self._call(lambda: obstore.put(self._store, file + PHOTO, photo))
        await self._call(lambda: obstore.put(self._store, file + THUMBNAIL, thumbnail))

    async def get(self, file: str, *, thumbnail: bool) -> bytes:
        """Read one."""
        name = file + (THUMBNAIL if thumbnail else PHOTO)
        return await self._call(lambda: bytes(obstore.get(self._store, name).bytes()))

    async def delete(self, file: str) -> None:
        """Remove both."""
        for name in (file + PHOTO, file + THUMBNAIL):
            try:
                await self._call(lambda name=name: obstore.delete(self._store, name))  # type: ignore[misc]
            except PhotoNotFound:
                continue

    async def _call(self, work: Callable[[], Found]) -> Found:
        try:
            return await asyncio.to_thread(work)
        except (NotFoundError, FileNotFoundError):
            raise PhotoNotFound from None
        except (BaseError, OSError) as error:
            raise PhotoFilesUnavailable(retry_after_seconds=5) from error
