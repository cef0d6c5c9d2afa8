"""The least that must be known to visit what is watched while the vault is locked. Pure; knows no key and no page.

It holds addresses and when they are due. What pages said, what changed, notes and names are not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from archiver.watched import Watch

VERSION = 1
TOLD = (  # of a watch: what choosing when to visit needs, and no more
    "id", "url", "host", "every", "until", "added", "allow_private", "state", "visits", "unchanged", "failures", "last",
    "gone_at", "gone_again", "changed_at",
)  # fmt: skip
UNTOLD = ("error", "unreachable")
GONE = ("removed", "suspended", "geo_blocked")


class NotASchedule(ValueError):
    """What was opened is not a list of visits of this version."""


@dataclass(frozen=True)
class Schedule:
    vault: str
    recipient: str  # whom to seal for: compared with what lies in the inbox, so that a swapped one is noticed
    voucher: str  # hex; with what this computer marks what it seals
    watches: tuple[Watch, ...]  # those that are on


def schedule_of(vault: str, recipient: str, voucher: bytes, watches: Iterable[Watch]) -> Schedule:
    """What is on, and nothing else of it than `TOLD`."""
    told = tuple(_watch({name: getattr(watch, name) for name in TOLD}) for watch in watches if watch.state == "on")
    return Schedule(vault, recipient, voucher.hex(), told)


def to_bytes(schedule: Schedule) -> bytes:
    told = [{name: getattr(watch, name) for name in TOLD} for watch in schedule.watches]
    fields = {"v": VERSION, "vault": schedule.vault, "recipient": schedule.recipient, "voucher": schedule.voucher}
    return json.dumps(fields | {"watches": told}).encode("ascii")


def from_bytes(data: bytes) -> Schedule:
    """Raises NotASchedule."""
    try:
        fields = json.loads(data)
        if fields["v"] != VERSION:
            raise NotASchedule("the list of visits is of another version")
        watches = tuple(_watch(told) for told in fields["watches"])
        return Schedule(fields["vault"], fields["recipient"], fields["voucher"], watches)
    except (KeyError, TypeError, ValueError) as error:
        raise NotASchedule("the list of visits can't be read") from error


def after_visit(schedule: Schedule, watch: str, standing: str, at: str, *, stops: Iterable[str]) -> Schedule:
    """The list after a visit. What changed on a page can't be told here; where it must stop can (SAFETY C6)."""
    made = [
        _visited(each, standing, at, standing in set(stops)) if each.id == watch else each for each in schedule.watches
    ]
    return replace(schedule, watches=tuple(made))


def _visited(watch: Watch, standing: str, at: str, stops: bool) -> Watch:
    made = replace(watch, visits=watch.visits + 1, last=at, state="stopped" if stops else watch.state)
    if standing in UNTOLD:
        return replace(made, failures=watch.failures + 1)
    if standing in GONE:
        first = watch.gone_at or at
        again = watch.gone_again or (at if watch.gone_at else "")
        return replace(made, failures=0, unchanged=watch.unchanged + 1, gone_at=first, gone_again=again)
    return replace(made, failures=0, unchanged=watch.unchanged + 1, gone_at="", gone_again="")


def _watch(told: dict[str, Any]) -> Watch:
    if told.keys() != set(TOLD):
        raise NotASchedule("the list of visits can't be read")
    return Watch(capture="", **told)
