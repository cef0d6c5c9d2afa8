"""One visit on its way into a locked vault: everything it brought, as bytes that check themselves. Pure; seals nothing.

The first line holds the SHA-256 of all that follows, and the mark of the computer that made it; the second line is
JSON, and names the artifacts that stand behind it one after the other.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from archiver.integrity import canonical, is_digest, sha256_of, sound
from archiver.records import Artifact, By, Snapshot, plain

VERSION = 1
UNMARKED = "-"


class NotAParcel(ValueError):
    """What was opened is not one visit, whole."""


@dataclass(frozen=True)
class Parcel:
    """One visit, and where it stands in the inbox."""

    vault: str  # the vault it is for
    n: int  # 1 is the first that was ever put in
    prev: str  # SHA-256 of the sealed bytes of the one before; zeros before the first
    sealed_at: str  # UTC, RFC 3339
    snapshot: Snapshot
    by: By = By()  # noqa: RUF009 - frozen, and empty
    note: str = ""
    watch: str = ""  # "W1", where a watch's visit brought it


def to_bytes(parcel: Parcel, *, mark: bytes | None = None) -> bytes:
    """`mark` is the key of a computer that was let in; None where it was not."""
    head = plain(parcel) | {"v": VERSION}
    head["snapshot"]["artifacts"] = [
        plain(artifact) | {"size": len(artifact.data)} for artifact in parcel.snapshot.artifacts
    ]
    rest = b"\n".join((canonical(sound(head)), b"".join(artifact.data for artifact in parcel.snapshot.artifacts)))
    marked = hmac.digest(mark, rest, hashlib.sha256).hex() if mark is not None else UNMARKED
    return f"{sha256_of(rest)} {marked}\n".encode("ascii") + rest


def from_bytes(data: bytes, *, mark: bytes) -> tuple[Parcel, bool]:
    """The visit, and whether its mark is that of a computer that was let in. Raises NotAParcel."""
    first, _, rest = data.partition(b"\n")
    sha256, _, marked = first.decode("ascii", "replace").partition(" ")
    if sha256 != sha256_of(rest):
        raise NotAParcel("its bytes do not hash to the digest that it carries")
    line, _, blobs = rest.partition(b"\n")
    try:
        head = json.loads(line.decode("utf-8"))
        if head.pop("v") != VERSION:
            raise NotAParcel("it is of a form that this version does not know")
        artifacts = _artifacts(head["snapshot"].pop("artifacts"), blobs)
        head["snapshot"]["artifacts"] = []
        parcel: Parcel = _revived(Parcel, head)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise error if isinstance(error, NotAParcel) else NotAParcel("it is not one visit") from error
    whole = dataclasses.replace(parcel, snapshot=dataclasses.replace(parcel.snapshot, artifacts=artifacts))
    vouched = hmac.compare_digest(marked.encode(), hmac.digest(mark, rest, hashlib.sha256).hex().encode())
    return whole, vouched


def _artifacts(listed: list[dict[str, Any]], blobs: bytes) -> tuple[Artifact, ...]:
    """The artifacts again, each hashed anew. Raises NotAParcel where one is not the one that was sealed."""
    made, at = [], 0
    for named in listed:
        size, sha256 = named.pop("size"), named.pop("sha256")
        if type(size) is not int or size < 0 or at + size > len(blobs) or not is_digest(sha256):
            raise NotAParcel("it names files that can't be")
        fields = _revived(Artifact, named, without=("data", "sha256"))
        artifact = Artifact(**fields, data=blobs[at : at + size])
        if artifact.sha256 != sha256:
            raise NotAParcel("one of its files is not the one that was sealed")
        made.append(artifact)
        at += size
    if at != len(blobs):
        raise NotAParcel("it holds more than it names")
    return tuple(made)


def _revived(hint: Any, value: Any, *, without: tuple[str, ...] = ()) -> Any:
    """Plain values as the type that is asked for, every one of them checked: anybody may have written an item.

    With `without`, a record's fields but for those, as a mapping. Raises TypeError, ValueError.
    """
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in inner:
            return None
        return _revived(next(each for each in inner if each is not type(None)), value)
    if origin is tuple:
        if not isinstance(value, list) or (inner[-1] is not Ellipsis and len(inner) != len(value)):
            raise TypeError
        each = [inner[0]] * len(value) if inner[-1] is Ellipsis else list(inner)
        return tuple(_revived(kind, item) for kind, item in zip(each, value, strict=True))
    if origin is Literal:
        if value not in inner:
            raise ValueError
        return value
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _record(hint, value, without)
    if type(value) is not hint:
        raise TypeError
    return value


def _record(kind: type, value: Any, without: tuple[str, ...]) -> Any:
    hints = typing.get_type_hints(kind)
    names = hints.keys() - set(without)
    if not isinstance(value, Mapping) or value.keys() != names:
        raise TypeError
    fields = {name: _revived(hints[name], value[name]) for name in names}
    return fields if without else kind(**fields)
