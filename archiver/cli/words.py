"""Records as they are shown: JSON-ready mappings for programs, calm sentences for people. Kept text only when asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from archiver.records import WITNESS, Capture, Hit, Reading, plain
from extractors.contract import Post, Problem, Standing, Word

MANY = ("tile", "companion")  # roles that a capture may hold more than once


def standing_in(readings: Iterable[Reading]) -> str:
    """The standing that the page's reading found; "unread" before it was read."""
    standings = (record for reading in readings for record in reading.records if isinstance(record, Standing))
    return next((standing.state for standing in standings), "unread")


def posts_in(readings: Iterable[Reading]) -> list[Post]:
    return [record for reading in readings for record in reading.records if isinstance(record, Post)]


def problems_in(readings: Iterable[Reading]) -> list[Problem]:
    return [record for reading in readings for record in reading.records if isinstance(record, Problem)]


def differences_in(readings: Iterable[Reading]) -> int:
    """How often the page's text, its pictures and the network record do not say the same."""
    return len(problems_in(reading for reading in readings if reading.reader == WITNESS))


def hit_record(hit: Hit) -> dict[str, Any]:
    """One place of a searched word as JSON; where it stands only in a picture, that is said of the picture."""
    only = hit.source == "picture-only"
    source = "picture" if only else hit.source
    record: dict[str, Any] = plain(hit)
    return record | {"source": source, "machine_read": source == "picture", "only_in_picture": only}


def hit_words(hit: Hit) -> str:
    if hit.source == "picture-only":
        return f"{hit.capture}  {hit.where} (machine-read; it stands only in the picture, not in the page's text)"
    return f"{hit.capture}  {hit.source}, {hit.where}" + (" (machine-read)" if hit.source == "picture" else "")


def capture_record(capture: Capture, readings: Sequence[Reading]) -> dict[str, Any]:
    """One capture as the JSON line that `capture`, `list` and `show` share."""
    body = capture.body
    return {
        "capture": capture.id,
        "requested": body["requested"],
        "final": body["final"],
        "at": capture.at,
        "status": body["status"],
        "standing": standing_in(readings),
        "sha256": digests(body["artifacts"]),
        "posts": len(posts_in(readings)),
        "problems": len(problems_in(readings)),
        "differences": differences_in(readings),
        "complete": body["verdict"]["complete"],
        "verdict": body["verdict"]["sentence"],
        "entry": capture.entry,
        "steps": {step["name"]: step["outcome"] for step in body["steps"]} | reading_steps(readings),
        "failure": body["failure"]["sentence"],
    }


def reading_steps(readings: Iterable[Reading]) -> dict[str, str]:
    return {f"read-{reading.reader}": reading.outcome for reading in readings}


def digests(artifacts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Role -> SHA-256; a list for roles that may stand more than once."""
    found: dict[str, Any] = {}
    for artifact in artifacts:
        if artifact["role"] in MANY:
            found.setdefault(artifact["role"], []).append(artifact["sha256"])
        else:
            found[artifact["role"]] = artifact["sha256"]
    return found


def capture_words(capture: Capture, readings: Sequence[Reading]) -> str:
    """What a person reads after a capture."""
    lines = [f"{capture.id}  {capture.body['requested']}", f"    {kept_words(capture)}"]
    lines += [f"    {line}" for line in _facts(capture.body, readings)]
    return "\n".join(lines)


def kept_words(capture: Capture) -> str:
    """Said as soon as the entry is in the log, by this computer's own clock."""
    moment = datetime.fromisoformat(capture.at).astimezone()
    return f"Kept at {moment:%H:%M}. You can close this now."


def was_reached(capture: Capture) -> bool:
    """Whether the address gave what could be kept: a page of any standing, or a file that came whole."""
    kind = capture.body["failure"]["kind"]
    return not kind or (kind == "download" and bool(capture.body["verdict"]["complete"]))


def capture_line(capture: Capture, readings: Sequence[Reading]) -> str:
    """One line of `list`."""
    status = capture.body["status"] or "–"
    mark = "" if capture.body["verdict"]["complete"] else "  (not complete)"
    return (
        f"{capture.id:<6} {when(capture.at)}  {standing_in(readings):<11} {status:<4} {capture.body['requested']}{mark}"
    )


def when(at: str) -> str:
    """2026-03-03T09:15:00.123Z as 2026-03-03 09:15 UTC."""
    return f"{at[:10]} {at[11:16]} UTC"


def detail_words(
    capture: Capture, readings: Sequence[Reading], *, reveal: bool, same_post: Sequence[Capture] = ()
) -> str:
    """What `show` prints: facts always, kept text only when revealed (SAFETY D1)."""
    body, provenance = capture.body, capture.body["provenance"]
    lines = [
        f"{capture.id}  kept {when(capture.at)}, entry {capture.entry} of the log",
        f"  Asked for   {body['requested']}",
        *([f"  Fetched     {body['cleaned']}"] if body["cleaned"] != body["requested"] else []),
        f"  Ended at    {body['final']}",
        *(f"    by way of {hop['url']} ({hop['status'] or 'the page itself'})" for hop in body["redirects"]),
        *(f"  Same post   {other.id}, {other.body['requested']}" for other in same_post),
        *(f"  {line}" for line in _facts(body, readings)),
        *(f"  {line}" for line in _inbox_lines(body.get("inbox"))),
        *([f"  Note        {body['note']}"] if body.get("note") and reveal else []),
        f"  Browser     {provenance['browser']}, {provenance['system']}, sandbox {provenance['sandbox']}",
        *([f"  Logged in   as {provenance['logged_in_as']}"] if provenance["logged_in_as"] else []),
        f"  Clock       {provenance['clock_check'] or 'not compared'}",
        "  Steps",
        *(
            f"    {step['name']:<14} {step['outcome']:<8} {step['ms']:>6} ms  {step['detail']}"
            for step in body["steps"]
        ),
        "  Kept",
        *(f"    {artifact['role']:<12} {artifact['size']:>10}  {artifact['sha256']}" for artifact in body["artifacts"]),
        "  Readings (made by machine)",
        *(line for reading in readings for line in _reading_lines(reading)),
    ]
    if reveal:
        lines += ["  Text", *(line for reading in readings for line in _revealed(reading))]
    elif any(reading.passages for reading in readings):
        lines.append("  The text is hidden; add --reveal to see it.")
    return "\n".join(lines)


def _facts(body: Any, readings: Sequence[Reading]) -> list[str]:
    lines = []
    if body["failure"]["kind"]:
        lines.append(body["failure"]["sentence"])
    else:
        lines.append(f"The page answered {body['status']}; standing: {standing_in(readings)}.")
    lines.append(body["verdict"]["sentence"])
    differ = differences_in(readings)
    posts, problems = len(posts_in(readings)), len(problems_in(readings)) - differ
    if posts or problems:
        lines.append(f"{posts} post{'' if posts == 1 else 's'} read, {problems} not understood.")
    if differ:
        places = f"{differ} place{'' if differ == 1 else 's'}"
        lines.append(
            f"The page's text, its pictures and what the network brought differ in {places}; show tells where."
        )
    failed = [step for step in body["steps"] if step["outcome"] == "failed" and step["detail"] not in lines]
    lines += [f"Not done: {step['name']} ({step['detail']})." for step in failed]
    lines += [f"Not done: reading {r.reader} ({r.detail})." for r in readings if r.outcome != "done"]
    return list(dict.fromkeys(line for line in lines if line))


def _inbox_lines(inbox: Any) -> list[str]:
    """How a capture came that was made while the vault was locked."""
    if not inbox:
        return []
    by = "by a computer that was let in" if inbox["marked"] else "by a program that needed no key for it"
    lines = [
        f"Inbox       item {inbox['n']}, sealed {when(inbox['sealed_at'])} {by}, taken in {when(inbox['taken_in'])}"
    ]
    return lines + [f"            {fault}" for fault in inbox["faults"]]


def _reading_lines(reading: Reading) -> list[str]:
    words = sum(isinstance(record, Word) for record in reading.records)
    what = f"{words} words" if words else f"{len(posts_in([reading]))} posts"
    if reading.reader == WITNESS:
        what = f"{differences_in([reading])} differences"
    lines = [
        f"    {reading.reader:<7} {reading.outcome:<8} {reading.made_with or '–'}: {what}. {reading.detail}".rstrip()
    ]
    lines += [
        f"      {standing.state}: {standing.why}" for standing in reading.records if isinstance(standing, Standing)
    ]
    lines += [
        f"      {'difference' if reading.reader == WITNESS else 'problem'} at {problem.where}: {problem.what}"
        for problem in problems_in([reading])
    ]
    return lines


def _revealed(reading: Reading) -> list[str]:
    lines = []
    for passage in reading.passages:
        lines.append(f"    – {passage.where} –")
        lines += [f"    {line}" for line in passage.text.splitlines()]
    return lines


def reading_record(reading: Reading) -> dict[str, Any]:
    """A reading as JSON: its records with their types, OCR words counted and not listed."""
    listed = [record for record in reading.records if not isinstance(record, Word)]
    return {
        "reader": reading.reader,
        "made_with": reading.made_with,
        "at": reading.at,
        "outcome": reading.outcome,
        "detail": reading.detail,
        "of": list(reading.of),
        "words": sum(isinstance(record, Word) for record in reading.records),
        "records": [{"type": type(record).__name__.lower(), **plain(record)} for record in listed],
        "texts": [plain(passage) for passage in reading.passages if passage.source != "post"],
    }
