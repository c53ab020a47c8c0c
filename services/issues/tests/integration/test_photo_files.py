"""The files of photos in a folder and in storage that speaks S3: the same promises."""

from collections.abc import Iterator
from pathlib import Path

import boto3  # type: ignore[import-untyped]
import pytest
from moto.server import ThreadedMotoServer

from services.issues.domain.errors.photos import PhotoFilesUnavailable, PhotoNotFound
from services.issues.storage.photo_files import S3Access, StoredPhotoFiles

KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> StoredPhotoFiles:
    """Each of the two."""
    if request.param == "folder":
        return StoredPhotoFiles(str(tmp_path / "photos"))
    address = request.getfixturevalue("endpoint")
    boto3.client("s3", endpoint_url=address, **KEYS).create_bucket(Bucket="mulin")
    return StoredPhotoFiles("s3://mulin/photos", S3Access(address, "us-east-1", "key", "secret"))


async def test_what_was_put_is_read_until_it_is_deleted(store: StoredPhotoFiles) -> None:
    await store.put("town/a1", b"photo" * 1000, b"thumbnail")
    assert await store.get("town/a1", thumbnail=False) == b"photo" * 1000
    assert await store.get("town/a1", thumbnail=True) == b"thumbnail"
    await store.delete("town/a1")
    for thumbnail in (False, True):
        with pytest.raises(PhotoNotFound):
            await store.get("town/a1", thumbnail=thumbnail)
    await store.delete("town/a1")


async def test_a_place_that_does_not_answer_is_told_as_such() -> None:
    nowhere = StoredPhotoFiles("s3://mulin/photos", S3Access("http://127.0.0.1:1", "us-east-1", "key", "secret"))
    with pytest.raises(PhotoFilesUnavailable):
        await nowhere.get("town/a1", thumbnail=False)
    with pytest.raises(PhotoFilesUnavailable):
        await StoredPhotoFiles("/dev/null/photos").put("town/a1", b"x", b"y")


async def test_files_lie_under_the_prefix(endpoint: str) -> None:
    client = boto3.client("s3", endpoint_url=endpoint, **KEYS)
    client.create_bucket(Bucket="other")
    await StoredPhotoFiles("s3://other/a/b", S3Access(endpoint, "us-east-1", "key", "secret")).put("town/x", b"1", b"2")
    names = [it["Key"] for it in client.list_objects_v2(Bucket="other")["Contents"]]
    assert names == ["a/b/town/x.jpg", "a/b/town/x.small.jpg"]
