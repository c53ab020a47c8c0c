"""What comes out of the process that looks at photos: a picture and nothing else, or a refusal; never more memory or time than it may have."""

import asyncio
import io
import subprocess
import sys
from collections.abc import Callable

import pytest
from PIL import Image

from services.issues.domain.errors.photos import NotAPhoto, PhotosBusy, PhotoTooManyPixels
from services.issues.pictures import child
from services.issues.pictures.cleaning import CHILD, Cleaning
from services.issues.tests import pictures


@pytest.mark.parametrize("make", [pictures.jpeg, pictures.png, pictures.webp])
async def test_the_three_kinds_of_photos_come_out_as_jpeg(make: Callable[[], bytes]) -> None:
    clean = await Cleaning().cleaned(make())
    for content, side in ((clean.photo, child.LONGEST_SIDE), (clean.thumbnail, child.THUMBNAIL_SIDE)):
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format, image.mode) == ("JPEG", "RGB")
            assert max(image.size) <= side


async def test_nothing_stays_of_place_camera_profile_and_comments_and_the_picture_stands_upright() -> None:
    dirty = pictures.with_place()
    assert b"SecretCamera" in dirty
    clean = await Cleaning().cleaned(dirty)
    for content in (clean.photo, clean.thumbnail):
        assert b"Secret" not in content
        with Image.open(io.BytesIO(content)) as image:
            assert not image.getexif()
            assert not {"exif", "icc_profile", "comment", "gps", "xmp"} & set(image.info)
    assert (clean.width, clean.height) == (100, 200)


async def test_a_polyglot_is_a_picture_afterwards_and_nothing_else() -> None:
    clean = await Cleaning().cleaned(pictures.polyglot())
    assert b"<script>" not in clean.photo
    assert b"PK\x03\x04" not in clean.photo


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (pictures.bomb(), PhotoTooManyPixels),
        (pictures.huge(), PhotoTooManyPixels),
        (pictures.bomb(5_000, 5_001), PhotoTooManyPixels),
        (pictures.SVG, NotAPhoto),
        (pictures.TIFF_HEAD, NotAPhoto),
        (b"GIF89a" + b"\x00" * 100, NotAPhoto),
        (b"", NotAPhoto),
        (b"%PDF-1.7 hello", NotAPhoto),
        (pictures.jpeg()[:-2000], NotAPhoto),
        (pictures.png()[:60], NotAPhoto),
        (pictures.bomb(4_000, 4_000), NotAPhoto),
    ],
)
async def test_what_is_no_photo_is_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        await Cleaning().cleaned(content)


async def test_the_largest_photo_of_every_mode_is_taken() -> None:
    clean = await Cleaning().cleaned(pictures.jpeg(5_000, 5_000))
    assert (clean.width, clean.height) == (child.LONGEST_SIDE, child.LONGEST_SIDE)
    for mode in ("RGBA", "I;16", "P"):
        assert (await Cleaning().cleaned(pictures.png(5_000, 5_000, mode))).width == child.LONGEST_SIDE


def test_decoding_the_largest_photo_takes_less_memory_than_it_may() -> None:
    code = (
        "import sys, runpy; m = runpy.run_path(sys.argv[1]); m['limit'](); m['clean'](sys.stdin.buffer.read())\n"
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])\n"
    )
    for content in (pictures.jpeg(5_000, 5_000), pictures.png(5_000, 5_000, "RGBA")):
        ended = subprocess.run(
            [sys.executable, "-I", "-c", code, str(CHILD)], input=content, capture_output=True, timeout=60, check=True
        )
        assert int(ended.stdout) * 1024 < child.MEMORY


def test_the_process_cannot_take_more_memory_nor_write_files() -> None:
    code = (
        "import sys, runpy; m = runpy.run_path(sys.argv[1]); m['limit']()\n"
        "try:\n    bytearray(m['MEMORY']); print('took it')\n"
        "except MemoryError: print('refused')\n"
        "try:\n    open('/tmp/never-written-by-a-photo', 'wb', 0).write(b'x'); print('wrote it')\n"
        "except OSError: print('refused')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-I", "-c", code, str(CHILD)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stdout.splitlines()[0] == "refused"
    assert "wrote it" not in ended.stdout


async def test_a_photo_that_takes_too_long_is_given_up_and_its_process_ended() -> None:
    with pytest.raises(NotAPhoto):
        await Cleaning(seconds=0.01).cleaned(pictures.jpeg())


async def test_whoever_finds_the_queue_full_is_asked_to_come_again() -> None:
    cleaning = Cleaning(at_once=1, waiting=0)
    with cleaning.place(), pytest.raises(PhotosBusy), cleaning.place():
        pass
    with cleaning.place():
        assert (await asyncio.gather(cleaning.cleaned(pictures.webp())))[0].width == 64
