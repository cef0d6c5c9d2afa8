"""Which host an address has, and whether a host belongs to a claimed one. Pure; nothing is looked up."""

from __future__ import annotations

from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """The host in lower case, without port; empty where the address has none or can't be split."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def origin_of(url: str) -> str:
    """Scheme, host and port, to put a path behind; empty where the address has no host."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.hostname else ""
    except ValueError:
        return ""


def is_host(host: str, claimed: str) -> bool:
    """Exactly the claimed host or below it: `m.x.com` is `x.com`'s, `netflix.com` is not."""
    return host == claimed or host.endswith("." + claimed)
