"""Bytes to text, text to a tree, and what stands where in it. Never fetches, never raises on hostile input.

Trees are lxml: a real page costs 3-16 ms a megabyte, where BeautifulSoup over lxml cost 100-350. bs4 does what it
is best at, which is to find the declared encoding of bytes that nobody vouches for. A tree is shared between readers,
so nobody changes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from bs4.dammit import EncodingDetector
from lxml import etree
from lxml.etree import _Element

from extractors.contract import Page
from extractors.documents import Document, document_of, selector, self_selector
from extractors.hosts import host_of, is_host

Element = _Element  # the name that readers use

SURROGATES = re.compile("[\ud800-\udfff]")
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>")
CHARSETS = {  # labels that the web means differently (WHATWG Encoding Standard, table of labels)
    "iso-8859-1": "windows-1252",
    "latin-1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "iso-8859-9": "windows-1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "utf-16": "utf-8",  # an ASCII-readable declaration of UTF-16 can't be true
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
}
DEEPEST = 500  # elements; Chromium flattens below 512, libxml2 stops reading at 2,048
MOST_FRAMES = 50
WORTH_INDEXING = 20_000  # characters


def decode(untrusted_bytes: bytes, declared: str = "") -> str:
    """Bytes as text: byte order mark, then strict UTF-8, then what the header or the page declares, then Windows-1252.

    UTF-8 goes before the declaration: a rendered DOM is sealed as UTF-8 and still carries the page's old `<meta>`.
    """
    stripped, mark = EncodingDetector.strip_byte_order_mark(untrusted_bytes)
    if mark:
        return stripped.decode(mark, "replace")
    if b"\x1b$" not in untrusted_bytes:  # ISO-2022 is ASCII to the eye of a UTF-8 decoder
        try:
            return untrusted_bytes.decode("utf-8")
        except UnicodeDecodeError:
            pass
    found = EncodingDetector.find_declared_encoding(untrusted_bytes, is_html=True)
    for label in (declared, found, "windows-1252"):
        name = (label or "").strip().lower()
        try:
            return untrusted_bytes.decode(CHARSETS.get(name, name), "strict" if label == declared else "replace")
        except (LookupError, ValueError):
            continue
    return untrusted_bytes.decode("latin-1")


def clean(text: str) -> str:
    """Text that every store can hold: lone surrogates become U+FFFD, all else stays."""
    return SURROGATES.sub("\ufffd", text) if SURROGATES.search(text) else text


def tree(page: Page) -> Element:
    """The page's tree, parsed once however many readers ask. Frames' `srcdoc` stands inside its `<iframe>`."""
    return _document(page.html).root


def fragment(untrusted_html: str) -> Element:
    """A tree of its own for HTML found inside something: JSON, a comment, an attribute. Always an `<html>`."""
    if len(untrusted_html) < WORTH_INDEXING:
        return _whole(clean(untrusted_html).encode())
    return Document(clean(untrusted_html).encode(), _whole).root


def select(node: Element, css: str) -> list[Element]:
    """All elements that match, in order: below, and the element itself. Shadow roots are searched like the rest."""
    document = document_of(node)
    if document is None:
        return selector(css)(node)
    if node is document.root:
        return document.select(css)
    possible = ", ".join(part.css for part in document.possible(css))
    return selector(possible)(node) if possible else []


def likely(page: Page, places: Iterable[str]) -> tuple[str, ...]:
    """The selectors of a list that can match in the page at all."""
    return tuple(place for place in places if _document(page.html).possible(place))


def holds(page: Page, *words: str) -> bool:
    """Whether all these names stand anywhere in the page's HTML: a look costs 0.03 ms a megabyte, a selector 2."""
    return all(_document(page.html).holds(word) for word in words)


def first(node: Element, *css: str) -> Element | None:
    """The first match of the first selector that has one."""
    return next((found[0] for each in css if (found := select(node, each))), None)


def attr(node: Element | None, name: str) -> str:
    """An attribute; empty where element or attribute is not there."""
    return (node.get(name) or "") if node is not None else ""


def classes(node: Element) -> list[str]:
    return (node.get("class") or "").split()


def closest(node: Element, css: str) -> Element | None:
    """The nearest ancestor that matches; the element itself does not count."""
    return next((parent for parent in node.iterancestors() if matches(parent, css)), None)


def matches(node: Element, css: str) -> bool:
    """Whether the element itself matches: a tag, classes, attributes; no ancestors and children in `css`."""
    return bool(self_selector(css)(node))


def absolute(url: str, base: str) -> str:
    """The address a link leads to; what can't be joined stays as written, and a script is no address."""
    url = clean(url).strip()
    if not url or url.lower().startswith(("javascript:", "data:", "blob:", "about:")):
        return ""
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def home(page: Page, root: str) -> str:
    """What relative links are relative to: the page's address, or the platform's where a copy stands elsewhere."""
    return page.url if is_host(host_of(page.url), host_of(root)) else root


def path_parts(url: str) -> list[str]:
    """The address's path in its parts; empty where it can't be split."""
    try:
        return [part for part in urlsplit(url).path.split("/") if part]
    except ValueError:
        return []


def canonical(page: Page) -> str:
    """The address that the page itself gives as its own; empty where it gives none."""
    return _canonical(page.html, page.url)


def title_of(page: Page) -> str:
    """The words of the page's first `<title>`, on one line."""
    return " ".join(_document(page.html).title.split())


def meta(page: Page, *names: str) -> str:
    """The content of the first `<meta>` with one of these names or properties that has any."""
    found = _metas(page.html)
    return next((found[name] for name in names if found.get(name)), "")


# --- parsing


@lru_cache(maxsize=2)  # the page at hand and a twin of it; a tree takes about ten times its HTML
def _document(html: str) -> Document:
    return Document(clean(html).encode(), _framed)


def _framed(markup: bytes) -> Element:
    root = _whole(markup)
    frames = list(root.iter("iframe"))
    for n, frame in enumerate(frames):  # grows while it is walked: a frame in a frame comes at the end
        if n == MOST_FRAMES:
            break
        if inside := frame.get("srcdoc"):
            content = list(fragment(inside))
            frames += [deeper for part in content for deeper in part.iter("iframe")]
            frame.extend(content)
    return root


def _whole(markup: bytes) -> Element:
    root = _parsed(markup)
    return root if root is not None else etree.Element("html")


def _parsed(markup: bytes) -> Element | None:
    parser = etree.HTMLParser(encoding="utf-8", recover=True, huge_tree=True)
    try:
        root: Element | None = etree.fromstring(markup, parser)
    except (etree.LxmlError, ValueError):
        root = None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log.filter_from_fatals()):
        return _parsed(_flattened(markup.decode()).encode())
    return root


def _flattened(html: str) -> str:
    """Deep nesting without the tags below `DEEPEST`: the words stay, as in a browser."""
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        closing = tag[1] == "/"
        depth = max(0, depth - 1) if closing else depth + 1
        return tag[0] if depth < DEEPEST - closing else ""

    return TAG.sub(keep, html)


@lru_cache(maxsize=2)
def _canonical(html: str, url: str) -> str:
    root = _document(html).root
    links = (attr(node, "href") for node in root.iter("link") if "canonical" in attr(node, "rel").split())
    named = (attr(node, "content") for node in root.iter("meta") if node.get("property") == "og:url")
    return next((own for given in (*links, *named) if (own := absolute(given, url))), "")


@lru_cache(maxsize=2)
def _metas(html: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in _document(html).root.iter("meta"):
        content = (attr(node, "content") or attr(node, "value")).strip()  # some savers rename the attribute
        for name in ("property", "name", "itemprop"):
            if content and (key := attr(node, name).strip().lower()):
                found.setdefault(key, content)
    return found
