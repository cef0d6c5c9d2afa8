"""Holds the readings of one page against each other: its text, its pictures, the network. Knows no file and no browser.

Four kinds of difference, each a run of words with where it stands. A machine's misreadings are none; nor is what is
shorter than a few words. It says that two readings differ, never why.
"""

from archiver.witness.compare import Difference, Kind, Picture, Sides, compare_text
from archiver.witness.pictured import said_only_in_pictures

__all__ = ["Difference", "Kind", "Picture", "Sides", "compare_text", "said_only_in_pictures"]
