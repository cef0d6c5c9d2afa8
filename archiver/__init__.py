"""Archiver keeps what was seen online: captured, hashed, dated and encrypted. Evidence and readings never mix."""

__version__ = "0.1.0"
