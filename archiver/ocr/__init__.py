"""Read the words on a picture with Tesseract, each with its box and confidence. Never changes or keeps the picture.

The only room that knows pytesseract and Tesseract. What comes out is machine-read and says with what; what could
not be read is a `Problem` beside the words and never an exception.
"""

from __future__ import annotations

from archiver.ocr.again import look_again
from archiver.ocr.engine import Engine, find_engine
from archiver.ocr.read import PictureText, read_picture, settings_key

__all__ = ["Engine", "PictureText", "find_engine", "look_again", "read_picture", "settings_key"]
