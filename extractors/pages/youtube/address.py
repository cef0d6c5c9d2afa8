"""What YouTube's addresses say by themselves. Fetches nothing."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from extractors.claims import CLAIMS
from extractors.contract import Identity
from extractors.toolbox import host_of, is_host, path_parts

PLATFORM = "youtube"
HOSTS = CLAIMS["youtube"]
VIDEO_ID = re.compile(r"[\w-]{11}")


def identity(url: str) -> Identity | None:
    """Video, comment, channel or community post, from the address alone."""
    parts, host = path_parts(url), host_of(url)
    if not any(is_host(host, claimed) for claimed in HOSTS):
        return None
    asked = query(url)
    if is_host(host, "youtu.be") and parts:
        return Identity(PLATFORM, "post", parts[0])
    head = parts[0] if parts else ""
    if head in ("watch", "live_chat", "live_chat_replay") and asked.get("v"):
        return Identity(PLATFORM, "post", asked["v"])
    if head in ("shorts", "live", "embed", "v", "post", "clip") and len(parts) > 1:
        return Identity(PLATFORM, "post", parts[1])
    if head.startswith("@"):
        return Identity(PLATFORM, "profile", handle=head[1:])
    if head in ("user", "c") and len(parts) > 1:
        return Identity(PLATFORM, "profile", handle=parts[1])
    if head == "channel" and len(parts) > 1:
        return (
            Identity(PLATFORM, "post", asked["lb"])
            if asked.get("lb")
            else Identity(PLATFORM, "profile", account=parts[1])
        )
    return Identity(PLATFORM, "search" if head == "results" else "other")


def query(url: str) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    except ValueError:
        return {}
