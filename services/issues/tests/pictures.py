"""Files that people and attackers send as photos, made while a test runs."""

import io
import struct
import zlib
from typing import Any

from PIL import Image


def jpeg(width: int = 1200, height: int = 900, colour: str = "teal", **options: Any) -> bytes:
    """An ordinary photo."""
    target = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(target, "JPEG", **options)
    return target.getvalue()


def png(width: int = 400, height: int = 300, mode: str = "RGBA") -> bytes:
    """A screenshot with a see-through corner."""
    target = io.BytesIO()
    Image.new(mode, (width, height)).save(target, "PNG")
    return target.getvalue()


def webp() -> bytes:
    """A small picture of another kind."""
    target = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(target, "WEBP")
    return target.getvalue()


def with_place() -> bytes:
    """A photo held upright that tells where and with what it was made, who owns it, and what somebody wrote into it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (36.97, 0.0, 0.0), 3: "E", 4: (120.73, 0.0, 0.0)})
    return jpeg(200, 100, exif=exif.tobytes(), comment=b"SecretComment", icc_profile=b"SecretProfile" * 20)


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few bytes that unpack to gigabytes."""
    return _png(width, height, zlib.compress(b"\x00" * 5_000_000, 9))


def huge() -> bytes:
    """A real picture of 100 million pixels in a few kilobytes."""
    line = b"\x00" * (10_000 // 8 + 1)
    return _png(10_000, 10_000, zlib.compress(line * 10_000, 9), depth=1, colour=0)


def polyglot() -> bytes:
    """A picture that is also a web page and a zip archive."""
    return jpeg(60, 40) + b"<html><script>alert(1)</script></html>PK\x03\x04" + b"x" * 100


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
TIFF_HEAD = b"II*\x00" + b"\x00" * 200


def _png(width: int, height: int, data: bytes, *, depth: int = 8, colour: int = 2) -> bytes:
    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", data) + part(b"IEND", b"")
