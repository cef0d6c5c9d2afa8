"""Posts of X (Twitter) as its web app lays them out: articles with roles and test ids. Never reads class names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.contract import Account, Media, Post, Problem, StatedTime
from extractors.inline import plain_text
from extractors.pages.x.address import X, account, handle_of, permalink, shown_and_counted, status_of, time_in
from extractors.toolbox import Element, absolute, attr, emoji, first, select, stated, written

ARTICLES = "article[role='article'], article[data-testid='tweet'], div[data-testid='tweet']"
QUOTES = "div[role='link'], div[role='blockquote']"
USER = frozenset({"User-Name", "User-Names"})  # data-testid; the second was its name in 2022
WORDS = "tweetText"
ARTICLE_WORDS = frozenset({"twitter-article-title", "twitterArticleRichTextView"})
OLD_WORDS = ("div", "p")  # before 2021 the text had a `lang` and no test id
FIELDS = USER | {WORDS} | ARTICLE_WORDS  # an article without them, without times and `lang`, is a notice
COUNTS = {
    "reply": "replies",
    "retweet": "reposts",
    "unretweet": "reposts",
    "like": "likes",
    "unlike": "likes",
    "bookmark": "bookmarks",
    "removeBookmark": "bookmarks",
}
MOST_QUOTES = 20  # candidates in one article; each is walked
HANDLE = re.compile(r"@(\w{1,20})", re.ASCII)
NUMBER = re.compile(r"\d[\d.,\u00a0\u202f]*\d[KMB]?|\d[KMB]?")
VIEWS = re.compile(r"(\d[\d.,]*[KMB]?) [Vv]iews?")
ADS = frozenset({"Ad", "Promoted", "Promoted by", "Anzeige", "Promocionado", "Anuncio", "Sponsorisé", "プロモーション"})


def posts(root: Element, base: str = X) -> Iterator[Post | Problem]:
    """Every article of a page or saved fragment, in order; a notice in a post's place is a post of kind "deleted"."""
    outer: set[Element] = set()
    for n, node in enumerate(select(root, ARTICLES)):
        if any(parent in outer for parent in node.iterancestors()):
            continue
        outer.add(node)
        yield _item(node, base) or Problem(f"article {n + 1}", "an article without author, text, time or notice")


def profile(root: Element, base: str = X) -> Post | None:
    """The head of an account's page, with its description as the text; None where there is none."""
    head = first(root, "[data-testid='UserName']")
    if head is None:
        return None
    name, handle = _name_and_handle(_runs(head))
    about = plain_text(first(root, "[data-testid='UserDescription']"))
    return Post("x", "profile", account(name, handle, base=base), about, permalink=f"{base}/{handle}" if handle else "")


def _item(node: Element, base: str) -> Post | Problem | None:
    if _has_fields(node):
        return _post(node, base)
    notice = _notice(node)
    if notice is not None and first(node, "button, [role='button']") is not None:
        return Problem("article", f"folded on the page: {notice.text}")
    return notice


def _has_fields(node: Element) -> bool:
    return any(part.tag == "time" or _testid(part) in FIELDS or _is_old_text(part) for part in node.iter("*"))


def _testid(node: Element) -> str:
    return node.get("data-testid") or ""


def _is_old_text(node: Element) -> bool:
    return node.tag in OLD_WORDS and "lang" in node.attrib


def _post(node: Element, base: str) -> Post | None:
    quote = _quote(node)
    inner = set(quote.iter()) if quote is not None else set()
    own = [element for element in node.iter("*") if element not in inner]
    author = _author(own, base)
    handle, identifier, when = _address_and_time(own)
    identifier = identifier or attr(node, "data-tweet-id")
    text = _text(own)
    if not (text or author.handle or identifier):
        return None
    handle = handle or author.handle
    if not author.handle and handle:
        author = account(author.name, handle, base=base)
    return Post(
        "x",
        "post",
        author,
        text,
        time=when or time_in(identifier),
        edited=_edited(own),
        id=identifier,
        permalink=permalink(handle, identifier, base=base),
        quoted=_quoted(quote, base),
        media=_media(own, base),
        counts=_counts(own),
        labels=_labels(own),
        sure=bool(author.handle and identifier),
    )


def _quote(node: Element) -> Element | None:
    """The quoted post inside an article, or the notice in its place."""
    for found in select(node, QUOTES)[:MOST_QUOTES]:
        if _has_fields(found):
            return found
    return next((inner for inner in node.iter("article") if inner is not node), None)


def _quoted(node: Element | None, base: str) -> Post | None:
    if node is None:
        return None
    if not _has_fields(node):
        return _notice(node)
    own = list(node.iter("*"))
    author = _author(own, base)
    handle, identifier, when = _address_and_time(own)
    return Post(
        "x",
        "quoted",
        author,
        _text(own),
        time=when or time_in(identifier),
        id=identifier,
        permalink=permalink(handle, identifier, base=base),
        media=_media(own, base),
        labels=_labels(own),
    )


def _notice(node: Element) -> Post | None:
    words = " ".join(written(node).split())
    return Post("x", "deleted", Account(), words) if words else None


def _author(own: list[Element], base: str) -> Account:
    user = next((node for node in own if _testid(node) in USER), None)
    if user is not None:
        name, handle = _name_and_handle(_runs(user))
        if handle:
            return account(name, handle, base=base)
    for link in own:  # before 2021, and in embeds: the link to the profile holds name and handle
        if link.tag == "a" and (handle := handle_of(attr(link, "href"))):
            name, shown = _name_and_handle(_runs(link))
            if shown.lower() == handle.lower():
                return account(name, handle, base=base)
    return _split_author(own, base)


def _split_author(own: list[Element], base: str) -> Account:
    """Name and handle in links of their own: the first profile's."""
    name = handle = ""
    for link in own:
        if link.tag == "a" and (found := handle_of(attr(link, "href"))) and found.lower() == (handle or found).lower():
            handle = found
            shown = " ".join("".join(_runs(link)).split())
            name = name or ("" if shown.startswith("@") else shown)
    return account(name, handle, base=base)


def _name_and_handle(runs: list[str]) -> tuple[str, str]:
    """The handle is the last run that looks like one: a display name may start with @ too."""
    handles = [n for n, run in enumerate(runs) if HANDLE.fullmatch(run.strip())]
    if not handles:
        return " ".join("".join(runs).split()), ""
    return " ".join("".join(runs[: handles[-1]]).split()), runs[handles[-1]].strip()[1:]


def _runs(node: Element) -> list[str]:
    """Runs of text and emoji up to the time."""
    runs = []
    for element in node.iter("*"):
        if element.tag == "time":
            break
        if element.tag in ("svg", "style", "title"):
            continue
        run = emoji(element) if element.tag == "img" else element.text or ""
        runs += [
            part for part in (run, (element.tail or "") if element is not node else "") if part.strip() not in ("", "·")
        ]
    return runs


def _address_and_time(own: list[Element]) -> tuple[str, str, StatedTime | None]:
    """Handle, id and time: the main time stands in the link to the post."""
    bare = weak = None
    for node in own:
        if node.tag == "a" and (status := status_of(attr(node, "href"))) is not None:
            handle, identifier, rest = status
            time = first(node, "time")
            if time is not None and rest in ("", "/"):
                return handle, identifier, stated(attr(time, "datetime"), written(time))
            if rest in ("", "/"):
                bare = bare or (handle, identifier, shown_and_counted(written(node), identifier))
            else:  # a picture, the analytics: the post's own address stands in front
                weak = weak or (handle, identifier, None)
    times = [node for node in own if node.tag == "time"]
    when = stated(attr(times[0], "datetime"), written(times[0])) if times else None
    handle, identifier, counted = weak or ("", "", None)
    if bare is not None and (weak is None or bare[1] == weak[1] or when is None):
        handle, identifier, counted = bare
    return handle, identifier, when or counted


def _text(own: list[Element]) -> str:
    words = next((node for node in own if _testid(node) == WORDS), None)
    if words is not None:
        return plain_text(words)
    article = [plain_text(node) for node in own if _testid(node) in ARTICLE_WORDS]
    if article:
        return "\n\n".join(article)
    return plain_text(next((node for node in own if _is_old_text(node)), None))


def _edited(own: list[Element]) -> StatedTime | None:
    link = next((node for node in own if node.tag == "a" and attr(node, "href").endswith("/history")), None)
    time = first(link, "time") if link is not None else None
    if link is None:
        return None
    return stated(attr(time, "datetime"), written(time)) if time is not None else stated("", written(link))


def _media(own: list[Element], base: str) -> tuple[Media, ...]:
    found: dict[str, Media] = {}
    here = set(own)
    for node in own:
        if node.tag == "video":
            url = absolute(attr(node, "src"), base) or absolute(attr(node, "poster"), base)
            found.setdefault(url, Media("video", url, attr(node, "aria-label")))
        elif node.tag == "img" and _inside(node, "tweetPhoto", here):
            url = absolute(attr(node, "src"), base)
            found.setdefault(url, Media("image", url, attr(node, "alt")))
        elif node.tag == "a" and attr(node, "href").startswith("http") and _inside(node, "card.wrapper", here):
            found.setdefault(attr(node, "href"), Media("link", attr(node, "href"), attr(node, "aria-label")))
    return tuple(media for url, media in found.items() if url)


def _inside(node: Element, testid: str, here: set[Element]) -> bool:
    for parent in node.iterancestors():
        if parent not in here:
            return False
        if parent.get("data-testid") == testid:
            return True
    return False


def _counts(own: list[Element]) -> dict[str, str]:
    counts: dict[str, str] = {}
    for node in own:
        if name := COUNTS.get(_testid(node)):
            shown = NUMBER.search(written(node)) or NUMBER.search(attr(node, "aria-label"))
            if shown is not None:
                counts.setdefault(name, shown[0])
        elif node.tag == "a" and attr(node, "href").endswith("/analytics") and (shown := NUMBER.search(written(node))):
            counts["views"] = shown[0]
        elif attr(node, "role") == "group" and (shown := VIEWS.search(attr(node, "aria-label"))):
            counts.setdefault("views", shown[1])
    return counts


def _labels(own: list[Element]) -> tuple[str, ...]:
    labels = []
    for node in own:
        testid = _testid(node)
        if testid == "icon-verified":
            labels.append("verified")
        elif testid == "icon-lock":
            labels.append("protected")
        elif testid == "socialContext":
            labels.append(" ".join(written(node).split()))
        elif testid == "tweet-text-show-more-link":
            labels.append("cut: " + " ".join(written(node).split()))
        elif testid == "cardPoll":
            labels.append("poll: " + " | ".join(written(node).split("\n")))
        elif node.tag == "span" and not len(node) and (node.text or "").strip() in ADS:
            labels.append("promoted")
        elif node.tag == "div" and (node.text or "").strip() == "Replying to":
            labels.append(" ".join(written(node).split()))
    return tuple(dict.fromkeys(label for label in labels if label))
