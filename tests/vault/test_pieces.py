"""What comes again inside a saved page or a network record is kept once, and every byte comes back."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archiver import vault
from archiver.records import Artifact, Finding
from archiver.vault.pieces import SMALLEST, pieces_of
from archiver.verify import verify
from tests.vault.made import DATABASE, SECRET, saved_page, snapshot

WARC = "application/warc"


def network(n: int, bodies: list[bytes]) -> Artifact:
    """A network record: request and response, with a date and an id of their own each time."""
    records = []
    for m, body in enumerate(bodies):
        answer = f"HTTP/1.1 200 OK\r\nDate: day {n}\r\n\r\n".encode() + body
        for kind, block in (("request", b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"), ("response", answer)):
            head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <{n}-{m}>\r\nContent-Length: {len(block)}\r\n\r\n"
            records.append(head.encode() + block + b"\r\n\r\n")
    return Artifact("network", WARC, b"".join(records))


BODIES = [random.Random(m).randbytes(40_000) for m in range(4)]


@pytest.mark.parametrize(
    "artifact",
    [
        saved_page(1),
        network(1, BODIES),
        network(1, [b""]),
        Artifact("mhtml", "multipart/related", b""),
        Artifact("network", WARC, b"WARC/1.1\r\nContent-Length: 99999\r\n\r\nshort"),
        Artifact("network", WARC, b"WARC/1.1\r\n" + b"x" * 9_000),
        Artifact("mhtml", "multipart/related", saved_page(1).data[:40_001]),
        Artifact("mhtml", "multipart/related", network(1, BODIES).data),
        Artifact("dom", "text/html", saved_page(1).data),
    ],
)
def test_every_byte_comes_back(artifact: Artifact, kept: vault.Vault) -> None:
    kept.append_capture(snapshot(1, artifacts=(artifact,)))
    assert kept.artifact(artifact.sha256) == artifact.data
    assert [seen for seen in verify(kept) if isinstance(seen, Finding)] == []


def test_pieces_are_in_order_apart_and_large_enough() -> None:
    for artifact, least in ((saved_page(1), 5), (network(1, BODIES), 4)):
        found = pieces_of(artifact.media_type, artifact.data)
        assert len(found) == least
        ends = [0]
        for start, end in found:
            assert ends[-1] <= start
            assert end - start >= SMALLEST
            ends.append(end)


def test_hostile_records_are_split_in_bounded_time() -> None:
    line = b"x" * 20
    many = b'boundary="' + line + b'"\r\n\r\n' + (b"--" + line + b"\r\n\r\n") * 100_000
    assert pieces_of("multipart/related", many) == []
    assert not pieces_of(
        "multipart/related", b'boundary="' + line + b'"\r\n\r\n--' + line + b"\r\n\r\n" + b"cid:" * 900_000
    )
    assert pieces_of(WARC, b"WARC/1.1\r\nContent-Length: 0\r\n\r\n\r\n\r\n" * 100_000) == []


def test_a_piece_that_is_itself_a_saved_page_is_kept_whole_in_its_place(kept: vault.Vault) -> None:
    inner = saved_page(1)
    outer = network(1, [inner.data])
    kept.append_capture(snapshot(1, artifacts=(inner,)))
    kept.append_capture(snapshot(2, artifacts=(outer,)))
    assert kept.artifact(outer.sha256) == outer.data
    assert [seen for seen in verify(kept) if isinstance(seen, Finding)] == []


def size_after(folder: Path, again: list[tuple[Artifact, ...]]) -> int:
    with vault.create(folder, secret=SECRET) as made:
        for artifacts in again:
            made.append_capture(snapshot(1, artifacts=artifacts))
    return (folder / DATABASE).stat().st_size


def test_a_hundred_captures_of_an_unchanged_page_cost_less_than_a_tenth_of_a_hundred_full_ones(tmp_path: Path) -> None:
    """A page of 0.6 MB; real ones are larger, and what an entry costs is the same for them."""

    def page(n: int, chance: int) -> tuple[Artifact, ...]:
        seen = random.Random(chance)
        bodies = [seen.randbytes(40_000) for _ in range(5)]
        shown = tuple(
            Artifact(role, kind, seen.randbytes(100_000))
            for role, kind in (("dom", "text/html"), ("text", "text/plain"), ("tile", "image/png"))
        )
        return (*shown, network(n, bodies), saved_page(n))  # type: ignore[arg-type]  # the roles are right

    empty = size_after(tmp_path / "empty", [])
    one = size_after(tmp_path / "one", [page(0, 0)]) - empty
    hundred = size_after(tmp_path / "hundred", [page(n, 0) for n in range(100)]) - empty
    assert hundred < 0.1 * 100 * one, f"{hundred / one:.1f} full ones"
