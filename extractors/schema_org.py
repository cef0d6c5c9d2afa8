"""Posts from schema.org objects, whether JSON-LD, microdata or RDFa carried them. Knows the vocabulary, no page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from extractors.contract import Account, Media, Post, PostKind, StatedTime
from extractors.embedded import dict_at, dig, text_at
from extractors.times import stated
from extractors.trees import absolute, fragment
from extractors.wording import written

KINDS: dict[str, PostKind] = {
    "SocialMediaPosting": "post",
    "DiscussionForumPosting": "post",
    "Question": "post",
    "QAPage": "post",
    "Review": "post",
    "UserReview": "post",
    "VideoObject": "post",
    "AudioObject": "post",
    "Photograph": "post",
    "CreativeWork": "article",
    "Article": "article",
    "NewsArticle": "article",
    "ReportageNewsArticle": "article",
    "AnalysisNewsArticle": "article",
    "OpinionNewsArticle": "article",
    "BlogPosting": "article",
    "LiveBlogPosting": "article",
    "TechArticle": "article",
    "ScholarlyArticle": "article",
    "AdvertiserContentArticle": "article",
    "Report": "article",
    "PodcastEpisode": "article",
    "Comment": "comment",
    "UserComments": "comment",
    "Answer": "comment",
    "CorrectionComment": "comment",
    "Message": "message",
    "EmailMessage": "message",
}
LOOSE = {"CreativeWork", "VideoObject", "AudioObject", "Photograph", "QAPage"}  # a post only with an author
ANSWERS = ("comment", "comments", "suggestedAnswer", "acceptedAnswer", "reply", "replies")
BODIES = ("articleBody", "text", "commentText", "reviewBody", "messageBody", "description")
PERMALINKS = ("url", "mainEntityOfPage", "@id", "discussionUrl")
NAMES = ("name", "alternateName", "legalName", "givenName")
COUNTS = {
    "LikeAction": "likes",
    "AgreeAction": "likes",
    "CommentAction": "comments",
    "ReplyAction": "replies",
    "ShareAction": "shares",
    "WatchAction": "views",
    "ViewAction": "views",
    "DislikeAction": "dislikes",
    "FollowAction": "followers",
}
PLAIN_COUNTS = {
    "commentCount": "comments",
    "upvoteCount": "likes",
    "downvoteCount": "dislikes",
    "answerCount": "replies",
}
MARKUP = re.compile(r"<(?:p|br|div|a|span|b|i|em|strong|ul|ol|li|blockquote|h\d|img|pre|code)\b[^>]*>", re.I)
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.I)
DEEPEST_THREAD = 200


@dataclass(frozen=True)
class Met:
    """An object that is a post, with where it stands among the others."""

    node: dict[str, Any]
    kind: PostKind
    above: str  # permalink or id of what it answers
    thread: str


def posts_in(top: list[dict[str, Any]], base: str, platform: str) -> Iterator[Post]:
    """Every post among the objects, outer before inner, each object once."""
    index = {node["@id"]: node for node in top if isinstance(node.get("@id"), str) and len(node) > 1}
    seen: set[int] = set()
    waiting = [(node, "", "", 0) for node in reversed(top)]
    while waiting:
        node, above, thread, depth = waiting.pop()
        if id(node) in seen or depth > DEEPEST_THREAD:
            continue
        seen.add(id(node))
        post = _post(node, above, thread, base, platform, index)
        if post is not None:
            yield post
            above = post.permalink or post.id
            thread = thread or above
        inner = [(part, above if key in ANSWERS or key == "mainEntity" else "", thread) for key, part in _parts(node)]
        waiting.extend((part, up, root, depth + 1) for part, up, root in reversed(inner) if part.get("@id") != above)


def types_of(node: dict[str, Any]) -> list[str]:
    """The object's types without their vocabulary's address."""
    given = node.get("@type")
    names = given if isinstance(given, list) else [given]
    return [re.split(r"[/#:]", name)[-1] for name in names if isinstance(name, str)]


def account(value: Any, base: str, index: dict[str, dict[str, Any]] | None = None) -> Account:
    """An author, however it was given: text, address, Person, Organization, list or reference."""
    if isinstance(value, list):
        found = (account(one, base, index) for one in value)
        return next((one for one in found if one.name or one.handle or one.url), Account())
    if isinstance(value, str):
        text = _plain(value)
        return Account(url=absolute(text, base)) if text.startswith(("http://", "https://")) else Account(name=text)
    if not isinstance(value, dict):
        return Account()
    if index and len(value) <= 2 and isinstance(value.get("@id"), str):
        value = index.get(value["@id"], value)
    names = [_plain(one) for key in NAMES if (one := _text(value.get(key)))]
    handle = next((name[1:] for name in names if name.startswith("@") and " " not in name), "")
    name = next((one for one in names if one != f"@{handle}"), "")
    identifier = value.get("identifier")
    ident = text_at(identifier, "value") or _text(identifier)
    url = _text(value.get("url")) or _text(value.get("sameAs")) or _address(value.get("@id"))
    return Account(name, handle, ident, absolute(url, base))


def _post(
    node: dict[str, Any], above: str, thread: str, base: str, platform: str, index: dict[str, dict[str, Any]]
) -> Post | None:
    types = types_of(node)
    kind = next((KINDS[name] for name in types if name in KINDS), None)
    if kind is None:
        return None
    author = account(_first(node, "author", "creator", "sender"), base, index)
    text = _wording(node)
    time = _time(node, "datePublished", "dateCreated", "uploadDate", "commentTime", "dateSent", "dateReceived")
    if not (text or author.name) or (LOOSE.issuperset(types) and not (author.name or author.url)):
        return None
    edited = _time(node, "dateModified")
    permalink = next((url for key in PERMALINKS if (url := absolute(_address(node.get(key)), base))), "")
    answered = _address(_first(node, "parentItem", "inReplyTo")) or above
    return Post(
        platform=platform,
        kind="comment" if above and kind == "post" and "Question" not in types else kind,
        author=author,
        text=text,
        time=time,
        edited=edited if edited and (time is None or edited.written != time.written) else None,
        id=text_at(node, "identifier") or text_at(node, "identifier", "value"),
        permalink=permalink,
        in_reply_to=absolute(answered, base) if answered else "",
        thread=thread,
        media=tuple(_media(node, base)),
        counts=_counts(node),
        source="structured",
    )


def _parts(node: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects inside an object, but for who wrote it, what it shows and what it is about."""
    for key, value in node.items():
        if key in ("author", "creator", "publisher", "image", "video", "audio", "about", "mentions", "potentialAction"):
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                yield key, part


def _wording(node: dict[str, Any]) -> str:
    body = next((found for key in BODIES if (found := _plain(_text(node.get(key))))), "")
    title = _plain(_text(node.get("headline")) or _text(node.get("name")))
    if not title or _same_start(title, body):
        return body or title
    return f"{title}\n\n{body}" if body else title


def _same_start(title: str, body: str) -> bool:
    bare: Callable[[str], str] = lambda text: re.sub(r"[\W_]+", "", text)  # noqa: E731 - one use, beside its meaning
    short = bare(title.rstrip("….").rstrip())
    return bool(short) and bare(body[: 3 * len(title) + 20]).startswith(short)


def _time(node: dict[str, Any], *keys: str) -> StatedTime | None:
    return next((time for key in keys if (time := stated(_text(node.get(key))))), None)


def _media(node: dict[str, Any], base: str) -> Iterator[Media]:
    own = {"VideoObject": "video", "AudioObject": "audio"}
    for name in types_of(node):
        if name in own and (url := _text(node.get("contentUrl")) or _text(node.get("embedUrl"))):
            yield Media("video" if own[name] == "video" else "audio", absolute(url, base))
    for key, kind in (("image", "image"), ("video", "video"), ("audio", "audio"), ("sharedContent", "link")):
        value = node.get(key)
        for part in value if isinstance(value, list) else [value]:
            url = _text(dig(part, "contentUrl")) or _text(dig(part, "url")) or _text(part)
            if url and (joined := absolute(url, base)):
                alt = _plain(text_at(part, "caption") or text_at(part, "description") or text_at(part, "name"))
                yield Media("image" if kind == "image" else "video" if kind == "video" else "link", joined, alt)


def _counts(node: dict[str, Any]) -> dict[str, str]:
    counts = {name: shown for key, name in PLAIN_COUNTS.items() if (shown := _text(node.get(key)))}
    statistics = node.get("interactionStatistic")
    for one in statistics if isinstance(statistics, list) else [statistics]:
        action = dig(one, "interactionType")
        names = types_of(action) if isinstance(action, dict) else types_of({"@type": action})
        shown = text_at(one, "userInteractionCount")
        counts.update({COUNTS[name]: shown for name in names if name in COUNTS and shown})
    return counts


def _first(node: dict[str, Any], *keys: str) -> Any:
    return next((node[key] for key in keys if node.get(key)), None)


def _text(value: Any) -> str:
    """A plain value as text: JSON-LD allows a list or an object with @value where one string is meant."""
    if isinstance(value, list):
        return next((found for one in value if (found := _text(one))), "")
    if isinstance(value, dict):
        return text_at(value, "@value")
    return text_at(value).strip()


def _address(value: Any) -> str:
    if isinstance(value, dict):
        return _address(value.get("@id") or value.get("url"))
    found = _text(value)
    return "" if found.startswith("_:") else found


def _plain(text: str) -> str:
    """Words out of a value that holds markup or entities, as many generators write them."""
    if MARKUP.search(text):
        return written(fragment(text))
    return html.unescape(text) if ENTITY.search(text) else text


def profile(node: dict[str, Any], base: str, platform: str) -> Post | None:
    """A profile page's main entity as a post of kind `profile`."""
    if "ProfilePage" not in types_of(node):
        return None
    entity = dict_at(node, "mainEntity")
    who = account(entity, base)
    if not who.name and not who.handle:
        return None
    return Post(platform, "profile", who, _plain(_text(entity.get("description"))), source="structured")
