"""A checkpoint of the log, and what a time-stamp authority answered to it. Plain values; knows no network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

AnchorStatus = Literal[
    "waiting",  # asked for, and not sent or not answered yet
    "granted",  # a token that held when it came
    "refused",  # an answer that brings no token, or one that did not hold when it came; kept all the same
    "covered",  # never answered; a later token of the same authority covers it
]


@dataclass(frozen=True)
class Checkpoint:
    """The log at one size, signed with the vault's key."""

    size: int  # entries
    data: bytes  # three lines: vault id, size, commitment
    signature: bytes = field(repr=False)  # ECDSA P-256 over SHA-256, DER


@dataclass(frozen=True)
class Judged:
    """What was made of an answer when it came."""

    granted: bool
    time: str = ""  # the token's own, RFC 3339 in UTC; empty where there is none
    accuracy_ms: int | None = None  # as the authority says
    signer: str = ""  # who signed, as their X.509 file names them
    why: str = ""  # why it was refused, or what is odd about it
    clock: str = ""  # how this computer's clock differed from the token's time, in words


@dataclass(frozen=True)
class Anchor:
    """One request to one authority, and its answer."""

    n: int  # 1, 2, …
    authority: str  # its address, without user name or password
    made: str  # when it was asked for, by this computer's clock; RFC 3339
    checkpoint: Checkpoint
    request: bytes = field(repr=False)  # as sent
    status: AnchorStatus
    reply: bytes = field(default=b"", repr=False)  # as it came; empty while there is none
    entry: int = 0  # the log's entry that holds the answer; 0 while there is none
    judged: Judged | None = None

    @property
    def time(self) -> str:
        """The token's time, RFC 3339 in UTC; empty where there is none."""
        return self.judged.time if self.judged else ""


@dataclass(frozen=True)
class Waiting:
    """When an authority that did not answer, or refused, is asked again without being told to."""

    tries: int = 0
    until: int = 0  # seconds since 1970
    why: str = ""
