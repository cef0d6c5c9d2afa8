"""A picture and the words that were read on it, as what the readers of screenshots are given. Reads no word itself."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.ocr.picture import Refused, open_picture
from archiver.ocr.regions import inks_of, regions_of
from extractors.contract import Screen, Word


def screen_of(picture: bytes, words: Sequence[Word], *, taken: str = "") -> Screen | None:
    """The words with the colours of what they stand on; None where the picture can't be opened.

    `taken` is the file's own time, ISO 8601: "Yesterday" on a screenshot is counted from it and from nothing else.
    """
    try:
        image = open_picture(picture).image
    except Refused:
        return None
    regions, inks = regions_of(image, words), inks_of(image, words)
    return Screen(image.width, image.height, tuple(words), regions, inks, taken)
