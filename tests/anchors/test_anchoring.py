"""A request is kept before it is sent, an answer whatever it is; who does not answer is left alone for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver import anchoring, timestamp, vault
from archiver.anchoring import Asked
from archiver.errors import UsageError
from archiver.integrity import sha256_of, signature_faults
from archiver.records import Checked, Dated, Finding
from archiver.vault import Vault
from archiver.verify import verify
from tests.authority import Authority
from tests.vault.made import SECRET, page_artifacts, snapshot

SOON = 0.4  # seconds to wait for an answer that never comes


def utc_now() -> datetime:
    return datetime.now(UTC)


def asked(
    kept: Vault,
    authority: Authority,
    *ways: str,
    now: datetime | None = None,
    new: bool = True,
    patient: bool = False,
    seconds: float = 30,
) -> list[Asked]:
    return list(
        anchoring.anchor(
            kept,
            [f"{authority.url}/{way}" for way in ways],
            roots=authority.roots,
            send=anchoring.sender(seconds=seconds),
            now=lambda: now or utc_now(),
            new=new,
            patient=patient,
        )
    )


def findings(kept: Vault, authority: Authority) -> list[Finding]:
    return [seen for seen in verify(kept, roots=authority.roots) if isinstance(seen, Finding)]


def keep_another(kept: Vault, n: int) -> None:
    kept.append_capture(snapshot(n, artifacts=page_artifacts(n, 500)))


@pytest.mark.parametrize("way", ["good", "with-changes", "unsorted"])
def test_a_time_stamp_is_kept_raw_and_logged_and_bounds_what_was_there(
    way: str, kept: Vault, authority: Authority
) -> None:
    (came,) = asked(kept, authority, way)
    (anchor,) = kept.anchors()
    assert came.anchor == anchor
    assert (anchor.status, anchor.checkpoint.size, anchor.entry) == ("granted", 3, 4)
    assert anchor.request == authority.heard[0]
    assert timestamp.read_request(anchor.request).sha256 == sha256_of(anchor.checkpoint.data)
    public = next(kept.entries()).body["public_key"]
    assert list(signature_faults(public, anchor.checkpoint.data, anchor.checkpoint.signature)) == []
    assert timestamp.read_reply(anchor.reply).sha256 == sha256_of(anchor.checkpoint.data)
    assert findings(kept, authority) == []
    dated = [seen for seen in verify(kept, roots=authority.roots) if isinstance(seen, Dated)]
    assert [(run.first, run.last, bool(run.after), bool(run.before)) for run in dated] == [
        (1, 3, False, True),
        (4, 4, True, False),
    ]


def test_only_a_digest_and_a_number_leave(kept: Vault, authority: Authority) -> None:
    asked(kept, authority, "good")
    (sent,) = authority.heard
    request = timestamp.read_request(sent)
    assert timestamp.request_for(request.sha256, nonce=request.nonce) == sent


def test_entries_between_two_time_stamps_are_dated_between_them(kept: Vault, authority: Authority) -> None:
    asked(kept, authority, "good")
    keep_another(kept, 5)
    asked(kept, authority, "good")
    dated = [seen for seen in verify(kept, roots=authority.roots) if isinstance(seen, Dated)]
    (between,) = (run for run in dated if run.after and run.before)
    assert (between.first, between.last) == (4, 5)
    assert between.after <= between.before


REFUSED = ["wrong-nonce", "wrong-digest", "wrong-purpose", "expired", "unknown-root", "rejection", "garbage"]


@pytest.mark.parametrize("way", REFUSED)
def test_an_answer_that_does_not_hold_is_kept_and_never_counted(way: str, kept: Vault, authority: Authority) -> None:
    (came,) = asked(kept, authority, way)
    assert came.anchor.status == "refused"
    assert came.why
    assert came.again
    (anchor,) = kept.anchors()
    assert anchor.reply
    assert findings(kept, authority) == []
    assert not [seen for seen in verify(kept, roots=authority.roots) if isinstance(seen, Dated)]
    again = kept.waiting(anchor.authority)
    assert again.tries == 1


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("error", "HTTP 500"),
        ("redirect", "HTTP 302"),
        ("oversize", "larger than"),
        ("login-page", "not a time-stamp authority"),
        ("slow", "no answer within"),
    ],
)
def test_what_is_no_answer_leaves_the_request_waiting(way: str, why: str, kept: Vault, authority: Authority) -> None:
    (came,) = asked(kept, authority, way, seconds=SOON if way == "slow" else 30)
    assert why in came.why
    (anchor,) = kept.anchors()
    assert (anchor.status, anchor.reply, anchor.entry) == ("waiting", b"", 0)
    assert len(authority.heard) == 1
    assert findings(kept, authority) == []


def test_requests_wait_while_there_is_no_connection_and_the_newest_is_sent_later(
    kept: Vault, authority: Authority
) -> None:
    authority.down = True
    for n in (7, 8, 9):
        asked(kept, authority, "good")
        keep_another(kept, n)
    assert [anchor.status for anchor in kept.anchors()] == ["waiting"] * 3
    authority.down = False
    authority.heard.clear()
    (came,) = asked(kept, authority, "good", new=False)
    assert (came.anchor.status, came.anchor.checkpoint.size) == ("granted", 5)
    assert len(authority.heard) == 1
    assert [anchor.status for anchor in kept.anchors()] == ["covered", "covered", "granted"]
    assert kept.waiting_anchors() == []
    assert kept.waiting(came.anchor.authority).tries == 0
    assert findings(kept, authority) == []


def test_an_authority_that_does_not_answer_is_left_alone_longer_each_time(kept: Vault, authority: Authority) -> None:
    authority.down = True
    now, pauses = utc_now(), []
    for _ in range(12):
        (came,) = asked(kept, authority, "good", now=now, patient=True)
        until = datetime.fromisoformat(came.again)
        heard = len(authority.heard)
        asked(kept, authority, "good", now=until - timedelta(seconds=1), patient=True)
        assert len(authority.heard) == heard
        pauses.append((until - now).total_seconds())
        now = until + timedelta(seconds=1)
    assert pauses == sorted(pauses)
    assert 50 < pauses[0] < 61
    assert pauses[-1] == pytest.approx(anchoring.LONGEST_WAIT, abs=1)


def test_a_clock_that_was_set_back_does_not_silence_it_for_ever(kept: Vault, authority: Authority) -> None:
    authority.down = True
    asked(kept, authority, "good")
    authority.down = False
    (came,) = asked(kept, authority, "good", now=utc_now() - timedelta(days=400), patient=True)
    assert came.anchor.status == "granted"
    assert came.anchor.judged is not None
    assert "behind the authority's clock" in came.anchor.judged.clock


def test_several_authorities_stamp_one_checkpoint_and_one_that_fails_holds_up_no_other(
    kept: Vault, authority: Authority
) -> None:
    first, second, third = asked(kept, authority, "error", "good", "unsorted")
    assert (first.anchor.status, second.anchor.status, third.anchor.status) == ("waiting", "granted", "granted")
    assert second.anchor.checkpoint == third.anchor.checkpoint
    assert asked(kept, authority, "good", "unsorted") == []
    assert findings(kept, authority) == []


def test_answers_alone_are_nothing_new_to_stamp(kept: Vault, authority: Authority) -> None:
    asked(kept, authority, "good")
    assert asked(kept, authority, "good") == []
    keep_another(kept, 6)
    (came,) = asked(kept, authority, "good")
    assert came.anchor.checkpoint.size == 5


def test_two_programs_that_anchor_at_once_lose_nothing(folder: Path, kept: Vault, authority: Authority) -> None:
    with vault.open_vault(folder, secret=SECRET) as other:
        kept.ask_anchors((f"{authority.url}/good",), request=timestamp.request_for, at="2026-03-03T09:15:00.000Z")
        asked(kept, authority, "good", new=False)
        keep_another(other, 6)
        asked(other, authority, "good")
        asked(kept, authority, "good")
    assert [anchor.status for anchor in kept.anchors()] == ["granted", "granted"]
    assert findings(kept, authority) == []


def test_user_name_and_password_of_an_authority_are_not_kept(kept: Vault, authority: Authority) -> None:
    url = authority.url.replace("http://", "http://sam:not-to-be-kept@")
    (came,) = anchoring.anchor(kept, [f"{url}/good"], roots=authority.roots, send=anchoring.sender(), now=utc_now)
    assert came.anchor.status == "granted"
    assert not [entry for entry in kept.entries() if b"not-to-be-kept" in entry.data]


@pytest.mark.parametrize(
    "url", ["ftp://a.test/", "a.test", "http://", "http://a.test/\n", "http://ä.test/", "http://a:x/"]
)
def test_what_is_no_address_is_refused_before_anything_is_kept(url: str, kept: Vault) -> None:
    addresses: Sequence[str] = [url]
    with pytest.raises(UsageError):
        list(anchoring.anchor(kept, addresses, roots=(), send=anchoring.sender(), now=utc_now))
    assert kept.anchors() == []


def test_a_clock_that_was_set_back_damages_nothing_and_is_said(kept: Vault, authority: Authority) -> None:
    asked(kept, authority, "good")
    for n, finished in ((5, "2031-03-03T09:15:00.000Z"), (6, "2021-03-03T09:15:00.000Z")):
        kept.append_capture(snapshot(n, artifacts=page_artifacts(n, 500), finished=finished))
    asked(kept, authority, "good")
    seen = list(verify(kept, roots=authority.roots))
    assert [result for result in seen if isinstance(result, Finding)] == []
    (times,) = (result for result in seen if isinstance(result, Checked) and result.check == "entry times")
    assert "clock was wrong when these were written; the time stamps hold: entries 5, 6." in times.note
    assert "clock went back before these were written: entries 2, 6." in times.note
