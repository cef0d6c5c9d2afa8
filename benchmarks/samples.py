"""Real pages with what a person read on them, as rows to score against. Reads ../shared/real; never copies from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from extractors.contract import Page
from extractors.registry import page_extractors
from extractors.toolbox import absolute, attr, decode, meta, select, tree

REAL = Path(__file__).parents[2] / "shared" / "real"
UNKNOWN = "https://unknown.example/"
NAMES = {  # the truth's platforms where they are named by era or by look
    "twitter": "x",
    "xenforo1": "xenforo",
    "xenforo2": "xenforo",
    "forumieren(phpbb-like)": "phpbb",
    "google": "generic",
    "cloudflare": "generic",
    "weibo": "generic",
}
LIVE = {"live", "live_with_tombstone", "live_hidden_in_comments", "live_profile"}
NEVER_LIVE = {"removed", "suspended", "login_wall", "challenge", "geo_blocked", "error", "unreachable"}
STATES = {  # what the truth says -> standings that are right
    "removed": {"removed"},
    "suspended": {"suspended", "removed"},
    "login_wall": {"login_wall"},
    "challenge": {"challenge"},
    "geo_blocked": {"geo_blocked"},
    "login_wall/blocked": {"login_wall", "challenge", "error"},
    "consent_wall": NEVER_LIVE - {"removed"},
    "blocked": NEVER_LIVE - {"removed"},
    "crawler_stub": NEVER_LIVE - {"removed"},
    "js_redirect": NEVER_LIVE - {"removed"},
    "js_shell": NEVER_LIVE - {"removed"},
    "blocked_shell": NEVER_LIVE - {"removed"},
    "no_posts": {"live", "removed", "error"},  # a channel that exists and shows nothing
} | {status: {"live"} for status in LIVE}


@dataclass(frozen=True)
class Sample:
    """One page and its row of truth."""

    file: str
    platform: str
    page: Page
    posts: tuple[dict[str, Any], ...]
    right_states: frozenset[str]
    complete: bool  # the row holds every post of the page


def samples(root: Path = REAL) -> Iterator[Sample]:
    """Every page of `pages/` and `removed/` that has a row of truth, at an address that says nothing."""
    for line in (root / "truth.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["file"].startswith(("pages/", "removed/")):
            data = (root / row["file"]).read_bytes()
            yield Sample(
                file=row["file"],
                platform=NAMES.get(row["platform"], row["platform"]),
                page=page_from(data),
                posts=tuple(row["posts"]) if row["status"] in LIVE else (),
                right_states=frozenset(STATES[row["status"]]),
                complete=bool(row.get("complete")) and row["status"] in LIVE,
            )


def untold(root: Path = REAL) -> Iterator[tuple[str, Page]]:
    """Every page without a row of truth: to be read whole and in time all the same."""
    told = {json.loads(line)["file"] for line in (root / "truth.jsonl").read_text("utf-8").splitlines()}
    for path in sorted(path for top in ("pages", "removed") for path in (root / top).rglob("*") if path.is_file()):
        if (name := path.relative_to(root).as_posix()) not in told:
            yield name, page_from(path.read_bytes())


def page_from(data: bytes, url: str = UNKNOWN) -> Page:
    """A page out of a file; a HAR log is unpacked to its first answer."""
    text = decode(data)
    if text.lstrip()[:1] == "{" and '"log"' in text[:200]:
        entry = json.loads(text)["log"]["entries"][0]
        return Page(
            url=url, html=entry["response"].get("content", {}).get("text", ""), status=entry["response"]["status"]
        )
    return Page(url=url, html=text)


def at_home(sample: Sample) -> Page:
    """The page as a capture would have it: at the address it gives as its own, else at its platform's door."""
    page = sample.page
    given = [attr(node, "href") for node in select(tree(page), "link[rel~='canonical']")]
    given += [meta(page, "og:url"), meta(page, "al:web:url"), meta(page, "twitter:url")]
    own = next((url for one in given if (url := absolute(one, page.url)).startswith("http") and url != page.url), "")
    hosts = next((one.hosts for one in page_extractors() if one.platform == sample.platform), ())
    door = f"https://{hosts[0]}/" if hosts else page.url
    return replace(page, url=own or door)
