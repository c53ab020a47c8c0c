"""The process that decodes one photo: bytes in, a clean picture and its thumbnail out, within limits of memory and time.

Started as a script by `cleaning.py`, isolated from the rest: what a hostile file does to a decoder ends here. It imports nothing of the
platform. Answer: one line of JSON (`{"photo": bytes, "thumbnail": bytes, "width": …, "height": …}` or `{"refused": reason}`), then the files.
"""

import io
import json
import resource
import sys
import warnings

MEMORY = 640 * 1024 * 1024
CPU_SECONDS = 20
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 2560
"""Phones make larger ones; for a broken lamp this is plenty."""
THUMBNAIL_SIDE = 320
FORMATS = ("JPEG", "PNG", "WEBP")


def limit() -> None:
    """Take away what a decoder must not have: memory without end, time without end, files, processes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def clean(content: bytes) -> tuple[dict[str, object], bytes, bytes]:
    """The picture alone: turned as it was held, at most `LONGEST_SIDE` long, without EXIF, place, profile or comments."""
    from PIL import Image, ImageOps  # after the limits  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        turned = ImageOps.exif_transpose(opened)
        has_transparency = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
        shown = turned.convert("RGBA" if has_transparency else "RGB")
    # A fresh canvas: only the pixels are taken over, nothing of what the file said beside them.
    canvas = Image.new("RGB", shown.size, "white")
    canvas.paste(shown, (0, 0), shown if has_transparency else None)
    photo = _written(canvas, quality=85)
    canvas.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    thumbnail = _written(canvas, quality=78)
    return {"width": shown.width, "height": shown.height}, photo, thumbnail


def _written(canvas: "object", *, quality: int) -> bytes:
    target = io.BytesIO()
    canvas.save(target, "JPEG", quality=quality, optimize=True, exif=b"", icc_profile=None)  # type: ignore[attr-defined]
    return target.getvalue()


def main() -> int:
    """Read everything, answer, end."""
    content = sys.stdin.buffer.read()
    limit()
    try:
        said, photo, thumbnail = clean(content)
    except MemoryError:
        return _refuse("too_large")
    except Exception as error:
        return _refuse("too_large" if "Bomb" in type(error).__name__ else "unreadable")
    said |= {"photo": len(photo), "thumbnail": len(thumbnail)}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + photo + thumbnail)
    return 0


def _refuse(reason: str) -> int:
    sys.stdout.buffer.write(json.dumps({"refused": reason}).encode() + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
