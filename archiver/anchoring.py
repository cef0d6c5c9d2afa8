"""Has the log's checkpoint time-stamped by outside authorities. Sends a digest and a random number, and nothing else.

A request is kept before it is sent, and an answer is kept whatever is thought of it. An authority that does not
answer, or whose answer does not hold, is left alone for a while: longer each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from archiver import timestamp
from archiver.anchored import Anchor, Judged, Waiting
from archiver.clock import rfc3339
from archiver.integrity import sha256_of
from archiver.posting import SECONDS, Answer, NoAnswer, post, shown
from archiver.vault import Vault

FIRST_WAIT = 60  # seconds; doubled with each try
LONGEST_WAIT = 6 * 3600
CLOCK_TOLERANCE = 5  # seconds beyond the authority's own accuracy; a request and its answer take one or two

Send = Callable[[str, bytes], Answer]  # address and request in, answer out; raises NoAnswer


@dataclass(frozen=True)
class Asked:
    """What came of asking one authority for one checkpoint."""

    anchor: Anchor  # as it stands afterwards
    why: str = ""  # why there is no answer, or why it does not hold
    again: str = ""  # when it is asked again by itself, RFC 3339; empty where nothing is left to ask
    tried: bool = True  # False: it was left alone this time


def sender(*, proxy: str = "", seconds: float = SECONDS) -> Send:
    """Sends over http and https, through the proxy where one is set."""
    return lambda url, request: post(url, request, media_type=timestamp.ASKS, proxy=proxy, seconds=seconds)


def anchor(
    vault: Vault,
    authorities: Sequence[str],
    *,
    roots: Sequence[bytes],
    send: Send,
    now: Callable[[], datetime],
    new: bool = True,
    patient: bool = False,
) -> Iterator[Asked]:
    """Asks each authority for what it has not covered yet, and yields what came of it once that is kept.

    `new`: make requests where entries are uncovered; else only what waits is sent. `patient`: leave authorities alone
    whose waiting time is not over. Only the newest request to an authority is sent: it covers the older ones.
    """
    addresses = {shown(url): url for url in authorities}
    if new:
        vault.ask_anchors(tuple(addresses), request=timestamp.request_for, at=rfc3339(now()))
    newest = {each.authority: each for each in vault.waiting_anchors()}
    for authority, url in addresses.items():
        waiting = newest.get(authority)
        if waiting is None:
            continue
        held = vault.waiting(authority)
        if patient and _is_too_early(held, now()):
            yield Asked(waiting, held.why, _moment(held.until), tried=False)
        else:
            yield _ask(vault, waiting, held, send=partial(send, url), roots=roots, now=now)


def stamp(
    data: bytes, authority: str, *, roots: Sequence[bytes], send: Send, now: Callable[[], datetime]
) -> tuple[bytes, bytes, Judged]:
    """One authority asked once for a token over `data`: request, reply, and what the reply is worth. Keeps nothing."""
    request = timestamp.request_for(sha256_of(data))
    try:
        answer = send(authority, request)
        return request, answer.body, judge(answer.body, request, roots=roots, now=now())
    except NoAnswer as error:
        return request, b"", Judged(False, why=str(error))
    except timestamp.NotAReply:
        return request, b"", Judged(False, why="what answered is not a time-stamp authority")


def judge(reply: bytes, request: bytes, *, roots: Sequence[bytes], now: datetime) -> Judged:
    """What an answer is worth that has just come. Raises timestamp.NotAReply where it is none."""
    said = timestamp.read_reply(reply)
    faults = list(timestamp.faults(said, request=timestamp.read_request(request), roots=roots))
    if said.time is None:
        return Judged(False, why=". ".join(faults))
    return Judged(
        granted=not faults,
        time=rfc3339(said.time),
        accuracy_ms=said.accuracy_ms,
        signer=said.authority,
        why="; ".join(faults),
        clock=clock_words((now - said.time).total_seconds(), said.accuracy_ms or 0),
    )


def clock_words(ahead: float, accuracy_ms: int) -> str:
    """How this computer's clock stands to the token's time, which counts whole seconds and was given a moment ago."""
    if ahead + accuracy_ms / 1000 >= -CLOCK_TOLERANCE and ahead - accuracy_ms / 1000 <= CLOCK_TOLERANCE:
        return f"agrees with the authority's clock within {CLOCK_TOLERANCE + round(accuracy_ms / 1000)} seconds"
    return f"{abs(round(ahead))} seconds {'ahead of' if ahead > 0 else 'behind'} the authority's clock"


def _ask(
    vault: Vault,
    waiting: Anchor,
    held: Waiting,
    *,
    send: Callable[[bytes], Answer],
    roots: Sequence[bytes],
    now: Callable[[], datetime],
) -> Asked:
    try:
        answer = send(waiting.request)
        judged = judge(answer.body, waiting.request, roots=roots, now=now())
    except NoAnswer as error:
        return _left(vault, waiting, held, str(error), now())
    except timestamp.NotAReply:
        if answer.media_type != timestamp.ANSWERS:  # a hotel's login page, most often: not an authority's words
            return _left(vault, waiting, held, "what answered is not a time-stamp authority", now())
        judged = Judged(False, why="the answer can't be read as one of a time-stamp authority")
    after = None if judged.granted else _longer(held, judged.why, now())
    kept = vault.append_answer(waiting, answer.body, judged, at=rfc3339(now()), wait=after)
    return Asked(kept, judged.why, _moment(after.until) if after else "")


def _left(vault: Vault, waiting: Anchor, held: Waiting, why: str, now: datetime) -> Asked:
    after = _longer(held, why, now)
    vault.wait(waiting.authority, after)
    return Asked(waiting, why, _moment(after.until))


def _longer(held: Waiting, why: str, now: datetime) -> Waiting:
    pause = min(FIRST_WAIT << min(held.tries, 16), LONGEST_WAIT)
    return Waiting(held.tries + 1, int(now.timestamp()) + pause, why)


def _is_too_early(held: Waiting, now: datetime) -> bool:
    """A time further ahead than any pause was written before the clock was set back."""
    return 0 < held.until - now.timestamp() <= LONGEST_WAIT


def _moment(seconds: int) -> str:
    return rfc3339(datetime.fromtimestamp(seconds, UTC))
