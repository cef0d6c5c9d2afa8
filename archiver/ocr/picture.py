"""Open a picture that came from anywhere and give it upright in plain colour. Never trusts its size or its header."""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps, ImageStat, UnidentifiedImageError

# 1,080 x 40,000 is 43 million. Each million costs 3 MB opened and about as much again while it is read.
MOST_PIXELS = 89_000_000
LONGEST_SIDE = 200_000  # pixels; nothing that shows text is longer, and buffers are counted in rows
SEE_THROUGH = 0.2  # share of the picture; beyond it the ground is chosen for what is drawn on it

_ONE_AT_A_TIME = threading.Lock()  # how strictly Pillow decodes is a switch for the whole process

# Pillow warns on stderr from 89,478,485 pixels and refuses at twice that; the limit above is lower and is a sentence.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Opened:
    """A picture ready to be read, and what was left out of it."""

    image: Image.Image  # RGB, or L where it holds no colour; upright
    notes: tuple[str, ...]  # each one sentence


class Refused(Exception):
    """The picture can't be read; the message is why, as one sentence for the person."""


def open_picture(data: bytes) -> Opened:
    """The first frame of a picture, upright (EXIF orientation applied), in RGB or L. Raises `Refused`."""
    if not data:
        raise Refused("The picture is empty: it has no bytes.")
    try:
        image: Image.Image = Image.open(io.BytesIO(data))
        _refuse_by_size(*image.size)
        notes = _notes_of(image)
        with _ONE_AT_A_TIME:
            try:
                image.load()
            except (OSError, SyntaxError, EOFError, ValueError, IndexError):
                image = _what_is_there(data)
                notes.append("The picture's file is cut off or damaged; what could be opened of it was read.")
        return Opened(_plain(ImageOps.exif_transpose(image)), tuple(notes))
    except Image.DecompressionBombError as error:
        raise Refused(
            f"The picture is larger than {MOST_PIXELS // 1_000_000} million pixels; it was not read."
        ) from error
    except UnidentifiedImageError as error:
        raise Refused("The file is no picture of a kind that can be read here.") from error
    except MemoryError as error:
        raise Refused("The picture needs more memory than there is.") from error
    except (OSError, SyntaxError, EOFError, ValueError, TypeError, IndexError, KeyError, OverflowError) as error:
        # What Pillow's decoders raise on damaged files, as their documentation and our fuzzing showed.
        raise Refused("The picture's file is damaged and can't be opened.") from error


def _refuse_by_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise Refused("The picture is empty: it has no width or no height.")
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Refused(
            f"The picture is {width:,} x {height:,} pixels; more than {MOST_PIXELS // 1_000_000} million, "
            f"or {LONGEST_SIDE:,} in one direction, are not read."
        )


def _notes_of(image: Image.Image) -> list[str]:
    frames = getattr(image, "n_frames", 1)
    if (
        frames < 2 or image.format == "MPO"
    ):  # an MPO's second picture is the same scene for the other eye, or a gain map
        return []
    parts = "pages" if image.format == "TIFF" else "frames"
    return [f"Only the first of the picture's {frames} {parts} was read."]


def _what_is_there(data: bytes) -> Image.Image:
    """The rows that a cut-off file still holds; the rest is black or grey."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # Pillow has no other way to be told; under the lock, put back below
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
        return image
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _plain(image: Image.Image) -> Image.Image:
    if image.mode in ("L", "RGB"):
        return image
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return _eight_bit(image)
    if image.mode == "1":
        return image.convert("L")
    if image.has_transparency_data:
        return _on_ground(image.convert("RGBA"))
    return image.convert("RGB")


def _eight_bit(image: Image.Image) -> Image.Image:
    wide = image.convert("F")
    low, high = wide.getextrema()
    if image.mode.startswith("I;16"):
        low, high = 0, 65535
    span = (float(high) - float(low)) or 1.0  # type: ignore[arg-type] # one band: two numbers
    return wide.point(lambda value: (value - low) * (255.0 / span)).convert("L")


def _on_ground(image: Image.Image) -> Image.Image:
    """Laid on white, or on black where most is see-through and what is drawn is light."""
    alpha = image.getchannel("A")
    ground = 255
    if 1 - ImageStat.Stat(alpha).mean[0] / 255 > SEE_THROUGH:
        drawn = ImageStat.Stat(image.convert("L"), mask=alpha.point(lambda value: 255 * (value > 127)))
        if drawn.count[0] and drawn.mean[0] > 127:
            ground = 0
    laid = Image.new("RGB", image.size, (ground, ground, ground))
    laid.paste(image, (0, 0), alpha)
    return laid
