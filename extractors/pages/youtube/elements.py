"""Reads the elements of YouTube's pages, from 2010 to the present: the video's own and each comment's. No JSON."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.contract import Media, Page, Post
from extractors.pages.youtube.address import VIDEO_ID, identity, query
from extractors.pages.youtube.json import account, comment_link
from extractors.toolbox import Element, absolute, attr, canonical, first, meta, select, stated, tree, written

PLATFORM = "youtube"
HOME = "https://www.youtube.com/"
UNITS = ", ".join(
    (
        *("ytd-comment-view-model", "ytd-comment-renderer", "ytm-comment-renderer"),  # present pages
        *(".comment-renderer[data-cid]", ".comment-item[data-cid]"),  # 2013 to 2017
        *("li.comment[data-id]", "li.comment[data-author]"),  # 2010 to 2013
        *("yt-live-chat-text-message-renderer", "yt-live-chat-paid-message-renderer"),
    )
)
COMMENT_TEXT = (
    "#content-text",
    ".comment-renderer-text-content",
    ".comment-text-content",
    ".comment-text",
    "#message",
    ".comment-content",
)
COMMENT_AUTHOR = (
    "a#author-text",
    "#author-text",
    "#author-name",
    ".comment-author-text",
    "a.user-name",
    "a.author",
    ".comment-title",
    ".author",
)
COMMENT_LIKES = ("#vote-count-middle", ".comment-renderer-like-count", ".comments-rating-positive", ".like-count")
COMMENT_TIME = (
    "#published-time-text",
    ".published-time-text",
    ".comment-renderer-time",
    ".time",
    "#timestamp",
    ".comment-published-time",
)
TITLE = (
    "ytd-watch-metadata h1",
    "h1.title",
    "#eow-title",
    "#watch-headline-title",
    ".slim-video-information-title",
    "h1.yt-video-title",
)
DESCRIPTION = (
    "#eow-description",
    "ytd-text-inline-expander",
    "ytd-expander #description",
    "#description",
    ".yt-video-description",
)
OWNER = (
    "#owner ytd-channel-name a",
    "ytd-video-owner-renderer a[href]",
    "#watch7-user-header a.yt-user-name",
    ".yt-user-info a",
    "a.yt-user-name",
    ".slim-owner-channel-name",
    ".yt-channel-name",
)
DATE = (
    *("#eow-date", "#watch-uploader-info strong", "#info-strings yt-formatted-string", ".watch-time-text"),
    *("ytd-watch-info-text #info span:nth-of-type(3)", "time"),
)


def video(page: Page) -> Post | None:
    """The video from the page's microdata and elements, where it carries no data of its own."""
    root = tree(page)
    item = first(root, "[itemtype$='schema.org/VideoObject']")
    about = identity(canonical(page)) or identity(page.url)
    identifier = (
        _property(item, "videoId") or _property(item, "identifier") or (about.post if about is not None else "")
    )
    title = _property(item, "name") or written(first(root, *TITLE))
    if not title or (item is None and not VIDEO_ID.fullmatch(identifier)):
        return None
    person = first(root, "[itemprop='author'] [itemprop='name']")
    link = first(root, "[itemprop='author'] [itemprop='url']")
    owner = first(root, *OWNER)
    name = attr(person, "content") or written(owner)
    channel_id = _property(item, "channelId") or attr(owner, "data-ytid")
    author = account(name, channel_id, attr(link, "href") or attr(owner, "href").partition("?")[0])
    told = written(first(root, *DESCRIPTION), pre=False) or _property(item, "description")
    shown = written(first(root, *DATE))
    given = _property(item, "datePublished") or _property(item, "uploadDate") or attr(first(root, "time"), "datetime")
    likes = written(
        first(root, ".likes-count", "#segmented-like-button", "#top-level-buttons-computed yt-formatted-string")
    )
    views = written(first(root, ".watch-view-count", "#info .view-count", "ytd-video-view-count-renderer .view-count"))
    picture = attr(first(root, "link[itemprop='thumbnailUrl']"), "href") or meta(page, "og:image")
    return Post(
        PLATFORM,
        "post",
        author,
        f"{title}\n\n{told}".strip(),
        stated(given, shown),
        id=identifier,
        permalink=_property(item, "url") or (f"{HOME}watch?v={identifier}" if identifier else canonical(page)),
        media=(Media("image", picture),) if picture else (),
        counts={name: count for name, count in (("views", views), ("likes", likes)) if count},
        source="structured" if item is not None else "dom",
    )


def comments(page: Page, thread: str) -> Iterator[Post]:
    """Each comment that was rendered, once; a reply's id is its parent's, a dot and its own."""
    seen: set[str] = set()
    for node in select(tree(page), UNITS):
        found = _comment(node, page, thread)
        if found is not None and (not found.id or found.id not in seen):
            seen.add(found.id)
            yield found


def _comment(node: Element, page: Page, thread: str) -> Post | None:
    body, named = first(node, *COMMENT_TEXT), first(node, *COMMENT_AUTHOR)
    if body is None or (named is None and not attr(node, "data-author")):
        return None
    moment = first(node, *COMMENT_TIME)
    link = first(node, "#published-time-text a[href*='lc=']", "a[href*='lc=']")
    asked = query(attr(link, "href"))
    identifier = asked.get("lc") or attr(node, "data-cid") or attr(node, "data-id")
    thread = asked.get("v") or thread
    href = attr(named, "href") or attr(
        first(node, "a#author-text, a[href^='/@'], a[href^='/channel/'], a[href^='/user/']"), "href"
    )
    chat = "live-chat" in str(node.tag)
    likes = written(
        first(node, "#vote-count-middle", ".comment-renderer-like-count", ".comments-rating-positive", ".like-count")
    )
    labels = ["live chat"] if chat else []
    labels += [said for css in ("#pinned-comment-badge", ".pinned") if (said := written(first(node, css)))]
    shown = written(moment)
    return Post(
        PLATFORM,
        "comment",
        account(written(named) or attr(node, "data-author"), "", absolute(href, HOME) if href else ""),
        written(
            body, pre=body.tag in ("yt-formatted-string", "yt-attributed-string") or attr(body, "id") == "content-text"
        ),
        stated("", shown),
        id=identifier,
        permalink=comment_link(thread, identifier) if identifier and not chat else "",
        in_reply_to=identifier.partition(".")[0] if "." in identifier else thread,
        thread=thread,
        counts={"likes": likes} if likes else {},
        labels=tuple(labels),
    )


def _property(item: Element | None, name: str) -> str:
    """A property of the item itself: those of the author and the thumbnail inside it are their own."""
    for node in item.iterchildren() if item is not None else ():
        if attr(node, "itemprop") == name:
            return attr(node, "content") or attr(node, "href")
    return attr(first(item, f"meta[itemprop='{name}']"), "content") if item is not None and name != "name" else ""
