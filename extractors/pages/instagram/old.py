"""Instagram's pages of 2012 to 2015 and its embeds, whose markup says what is what. Reads no script."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.contract import Account, Media, Post
from extractors.inline import plain_text
from extractors.meta_media import INSTAGRAM
from extractors.toolbox import Element, attr, classes, first, from_epoch, from_instagram, select, stated, written

ADDRESS = re.compile(
    r"(?:https?://(?:[\w-]+\.)*(?:instagram\.com|instagr\.am))?(?:/[\w.]{1,30})?/(?:p|tv|reels?)/(?P<code>[\w-]{5,40})"
    r"(?:/c/(?P<comment>\d+))?(?:[/?#].*)?",
    re.ASCII,
)
ITEM, COMMENT = ".Item, .EmbedFrame, .Embed, #media_inner", ".Comment"
AUTHOR = "a.sNameLink, .media-user h2 a, a.UsernameText, a.CaptionUsername, .UsernameText, .Username"
COMMENTER = "a.cNameLink"
NOT_WORDS = frozenset(
    {"sNameLink", "cNameLink", "timestamp", "FollowButtonContainer", "CaptionUsername", "CaptionComments", "UserInfo"}
)
LIKES = ".llRemainingCount, .SocialProof a"


def code_in(address: str) -> str:
    """The short code in the address of a post."""
    found = ADDRESS.fullmatch(address)
    return found["code"] if found is not None else ""


def comment_in(address: str) -> str:
    """The id in the address of a comment."""
    found = ADDRESS.fullmatch(address)
    return (found["comment"] or "") if found is not None else ""


def posts(root: Element, code: str) -> Iterator[Post]:
    """The post of the page with its comments; `code` is its short code as the address or Open Graph gives it."""
    item = first(root, ITEM)
    user = first(item, AUTHOR) if item is not None else None
    handle = written(user).strip().lstrip("@")
    if item is None or not handle:
        return
    code = code or next((found for link in select(item, "a[href]") if (found := code_in(attr(link, "href")))), "")
    stamp = first(item, ".timestamp[value]", "time[datetime]", "[data-utime]")
    when = from_epoch(attr(stamp, "value")) or stated(attr(stamp, "datetime"), written(stamp)) or from_instagram(code)
    words = first(item, ".Story .ibContent", ".media-caption", ".Caption", ".caption")
    address = INSTAGRAM.post.format(code=code, handle=handle) if code else ""
    pictures = select(item, "img.photo, img.EmbeddedMediaImage, .iMedia .Image[src]")
    yield Post(
        "instagram",
        "post",
        _account(handle),
        _words(words),
        time=when,
        id=code,
        permalink=address,
        media=tuple(Media("image", attr(picture, "src"), attr(picture, "alt")) for picture in pictures),
        counts={"likes": shown} if (shown := written(first(item, LIKES)).strip()) else {},
    )
    for comment in select(item, COMMENT):
        name = written(first(comment, COMMENTER)).strip()
        if name:
            text = _words(first(comment, ".ibContent") if first(comment, ".ibContent") is not None else comment)
            yield Post("instagram", "comment", _account(name), text, permalink=address, in_reply_to=code, thread=code)


def _account(handle: str) -> Account:
    return Account("", handle, "", INSTAGRAM.profile.format(handle=handle))


def _words(node: Element | None) -> str:
    """The text less the name, the time and the buttons that stand in the same element."""
    return plain_text(node, drop=lambda part: not NOT_WORDS.isdisjoint(classes(part)))
