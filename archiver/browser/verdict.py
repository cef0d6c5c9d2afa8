"""Says how complete a capture is, in plain words and as data, from what the visit saw. Never calls a part the whole."""

from __future__ import annotations

from archiver.browser.record import Record
from archiver.records import Verdict

BESIDE = {"companions"}  # what is fetched beside the page: the page is no less whole without it


def verdict_of(record: Record) -> Verdict:
    seen, missing = record.seen, [*record.seen.missing]
    failed = [step for step in record.steps if step.outcome == "failed" and step.name not in BESIDE]
    missing += [f"{step.name}: {step.detail}" for step in failed if not (step.name == "open" and record.failure)]
    if seen.images_broken:
        missing.append(f"{_count(seen.images_broken, 'picture')} that did not load")
    if seen.images_pending:
        missing.append(f"{_count(seen.images_pending, 'picture')} that had not come when the page was kept")
    if seen.posts_pictured < seen.posts_met:
        unseen = seen.posts_met - seen.posts_pictured
        missing.append(f"{_count(unseen, 'post')} of {seen.posts_met:,} in the pictures (they are in the harvest)")
    missing += seen.folded
    has_file = any(artifact.role == "response" for artifact in record.artifacts)
    has_tiles = any(artifact.role == "tile" for artifact in record.artifacts)
    has_page = has_tiles or any(artifact.role == "first-view" for artifact in record.artifacts)
    if has_page and not has_tiles:
        missing.append("pictures of the page below its first view")
    if record.failure and not has_file:
        missing.insert(0, "the page")
    complete = not missing and (has_tiles or has_file)
    return Verdict(
        complete=complete,
        sentence=_sentence(record, complete, missing, has_page=has_page, has_file=has_file),
        missing=tuple(missing),
        images_complete=seen.images_complete,
        images_broken=seen.images_broken,
        images_pending=seen.images_pending,
        height_asked=seen.height_asked,
        height_painted=seen.height_painted,
        posts_met=seen.posts_met,
        posts_pictured=seen.posts_pictured,
        folded=tuple(seen.folded),
        scrolling_stopped=seen.scrolling_stopped,
    )


def _sentence(record: Record, complete: bool, missing: list[str], *, has_page: bool, has_file: bool) -> str:
    if record.failure and not has_page:
        return record.failure.sentence
    if not has_page and not has_file and record.status is not None and not record.seen.missing:
        return f"The server answered {record.status} and sent no page."
    if has_file and not has_page:
        return "The file was kept whole." if complete else f"The file was kept in part. Missing: {'; '.join(missing)}."
    if complete:
        return f"The whole page was kept: {seen_words(record)}."
    return f"The page was kept, but not all of it. Missing: {'; '.join(missing)}."


def seen_words(record: Record) -> str:
    seen = record.seen
    tiles = sum(artifact.role == "tile" for artifact in record.artifacts)
    return (
        f"{seen.height_painted:,} px in {_count(tiles, 'picture')} of the page, "
        f"{_count(seen.images_complete, 'picture')} on it"
        + (f", {_count(seen.posts_met, 'post')}" if seen.posts_met else "")
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
