"""Reads Pinterest: pins, comments and profiles, from data, elements and answers. A board is not read as a post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Media, Page, PageExtractor, Post, Problem, Standing
from extractors.fallbacks import (
    belongs,
    names_itself,
    opengraph,
    ruled,
    rules,
    structured,
    wall_words,
    without_post,
)
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    canonical,
    companion_json,
    dict_at,
    first,
    host_of,
    is_host,
    json_scripts,
    meta,
    path_parts,
    select,
    stated,
    text_at,
    tree,
    walk,
    written,
)
from extractors.twins import compared

PLATFORM = "pinterest"
HOME = "https://www.pinterest.com/"
HOSTS = CLAIMS["pinterest"]
NOT_NAMES = frozenset(
    ("pin", "search", "ideas", "explore", "login", "signup", "settings", "business", "today", "inbox", "_")
)
TITLE = ("[data-test-id='pinTitle'] h1", "[data-test-id='pinTitle']", "[data-test-id='pin-title-wrapper']", "h1")
WORDS = (
    "[data-test-id='truncated-description']",
    "[data-test-id='main-pin-description-text']",
    "[data-test-id='richPinInformation-description']",
    "[data-test-id='pin-closeup-description']",
)
PINNER = (
    "[data-test-id='creator-profile-link']",
    "[data-test-id='official-user-attribution'] a",
    "[data-test-id='pinner'] a",
)
PINNER_NAME = ("[data-test-id='creator-profile-name']", "[data-test-id='username']")
COMMENTS = "[data-test-id='author-and-comment-container'], [data-test-id='comment']"
WALLS = rules(
    ("challenge", r"access denied|unusual (?:activity|traffic)|verify you are human"),
    ("removed", r"(?:sorry! )?we couldn't find (?:that|this) (?:page|pin|user)|pin (?:not found|isn't available)"),
    ("removed", r"this (?:pin|page) (?:isn't available|was deleted|has been removed)|user not found|idea not found"),
    ("removed", r"diese seite (?:konnte nicht|ist nicht)|cette page (?:est introuvable|n'existe)|no pudimos encontrar"),
    ("suspended", r"account (?:has been |was |is )?(?:suspended|deactivated)"),
    ("login_wall", r"log in to (?:see|continue|view)|sign up to see more|you have to log in"),
    ("error", r"something went wrong|we're having trouble"),
)


@once
@compared
def read(page: Page) -> Iterator[Post | Problem]:
    """The pin with its comments, or whose profile it is: from data, else from elements, else JSON-LD and `<meta>`."""
    value = json_page(page)
    if value is not None:
        posts = list(_data(value))
        told = posts or _failed(value) is not None
        yield from posts if told else [Problem("/", "a JSON answer without posts")]
        return
    about = _identity(page)
    wanted = about.post if about is not None and about.page == "post" else ""
    found = [post for _, data in json_scripts(tree(page), "application/json", "text/json") for post in _data(data)]
    whole = _merged(found)
    main = [post for post in whole if post.kind == "post" and (post.id == wanted or not wanted)]
    main = main or ([] if wanted == "" else [post for post in [_shown(page, wanted)] if post is not None])
    main = main or [post for post in structured(page, PLATFORM) if post.kind != "comment"]
    main = main or list(_data(companion_json(page.companions, "/oembed.json")[1]))
    yield from main if wanted or not about else [*main, *(post for post in whole if post.kind == "profile")]
    comments = [post for post in whole if post.kind == "comment"] or list(_comments(page, wanted))
    yield from comments
    preview = opengraph(page, PLATFORM) if wanted and not main and not comments else None
    if preview is not None and meta(page, "og:type").startswith("pinterestapp"):
        yield replace(preview, id=wanted, author=_account("", meta(page, "pinterestapp:pinner"), ""))


def standing(page: Page) -> Standing | None:
    """What the data's error says, else the page's own notices."""
    value = json_page(page)
    for data in [value] if value is not None else [data for _, data in json_scripts(tree(page))]:
        if (found := _failed(data)) is not None:
            return found
    posts = [record for record in read(page) if isinstance(record, Post) and record.sure]
    if posts:
        return Standing("live", f"{posts[0].kind} {posts[0].id or posts[0].author.handle} stands in the page".strip())
    if value is not None:
        return None
    about = _identity(page)
    wanted = about is not None and about.page == "post"
    return ruled(wall_words(page), WALLS) or (without_post(page, "Pinterest") if wanted else None)


def identity(url: str) -> Identity | None:
    """Pin, profile or search, from the address alone."""
    parts = path_parts(url)
    if not any(is_host(host_of(url), claimed) for claimed in HOSTS):
        return None
    if is_host(host_of(url), "pin.it") and parts:
        return Identity(PLATFORM, "post")
    if len(parts) > 1 and parts[0] == "pin":
        number = parts[1].rpartition("--")[2]
        return Identity(PLATFORM, "post", number) if number.isdigit() else Identity(PLATFORM, "other")
    if parts and parts[0].lower() not in NOT_NAMES and not parts[0].startswith("_"):
        own = len(parts) == 1 or parts[1].startswith("_")
        return Identity(PLATFORM, "profile" if own else "other", handle=parts[0])
    head = parts[0] if parts else ""
    inbox = head == "inbox" or parts == ["_", "_", "inbox"]
    return Identity(PLATFORM, "inbox" if inbox else "search" if head == "search" else "other")


def companions(url: str) -> list[str]:
    """A pin's public oEmbed answer."""
    about = identity(url)
    if about is None or about.page != "post" or not about.post.isdigit():
        return []
    return [f"{HOME}oembed.json?url={HOME}pin/{about.post}/"]


def recognises(page: Page) -> bool:
    """Its own data and names; a page with a button to save pictures there carries none of them."""
    value = json_page(page)
    if value is not None:
        return bool(dict_at(value, "resource_response")) or text_at(value, "provider_name") == "Pinterest"
    if belongs(page, *HOSTS) or names_itself(page, "pinterest") or meta(page, "pinterestapp:pinner"):
        return True
    return first(tree(page), "#__PWS_DATA__, #__PWS_INITIAL_PROPS__, [data-test-id='pinTitle']") is not None


# --- data


def _data(value: Any) -> Iterator[Post]:
    """Pins, comments and people of the page's state, of its query answers and of API answers, in order."""
    if text_at(value, "provider_name") == "Pinterest":
        author = _account(text_at(value, "author_name"), text_at(value, "author_url").removeprefix(HOME).strip("/"), "")
        yield Post(
            PLATFORM, "post", author, text_at(value, "title"), permalink=text_at(value, "url"), source="structured"
        )
        return
    for _, item in walk(value):
        kind = text_at(item, "type").lower() or text_at(item, "__typename").lower()
        pinner = dict_at(item, "pinner") or dict_at(item, "nativeCreator") or dict_at(item, "native_creator")
        if (
            kind in ("aggregatedcomment", "comment", "unifiedcomment", "userdiditdata")
            and _person(dict_at(item, "user")).url
        ):
            yield _comment(item)
        elif kind == "pin" and pinner:
            yield _pin(item, pinner)
        elif kind == "user" and text_at(item, "about") and text_at(item, "username"):
            author = _person(item)
            yield Post(
                PLATFORM, "profile", author, text_at(item, "about"), permalink=author.url, id=author.id, source="json"
            )


def _pin(item: dict[str, Any], pinner: dict[str, Any]) -> Post:
    identifier = text_at(item, "entityId") or text_at(item, "id")
    title = text_at(item, "title") or text_at(item, "grid_title") or text_at(item, "gridTitle")
    told = text_at(item, "closeup_unified_description") or text_at(item, "closeupUnifiedDescription")
    told = told or text_at(item, "closeup_description") or text_at(item, "description")
    pictures = (
        text_at(item, "images", "orig", "url"),
        text_at(item, "imageSpec_orig", "url"),
        text_at(item, "images_orig", "url"),
    )
    counts = {
        "saves": text_at(item, "repin_count") or text_at(item, "repinCount"),
        "comments": text_at(item, "comment_count"),
    }
    alt = text_at(item, "alt_text") or text_at(item, "altText")
    return Post(
        PLATFORM,
        "post",
        _person(pinner),
        "\n\n".join(part for part in (title.strip(), told.strip()) if part),
        stated(text_at(item, "created_at") or text_at(item, "createdAt")),
        id=identifier,
        permalink=f"{HOME}pin/{identifier}/" if identifier.isdigit() else "",
        media=tuple(Media("image", url, alt) for url in pictures if url)[:1],
        counts={name: count for name, count in counts.items() if count},
        source="json",
    )


def _comment(item: dict[str, Any]) -> Post:
    return Post(
        PLATFORM,
        "comment",
        _person(dict_at(item, "user")),
        text_at(item, "text") or text_at(item, "details"),
        stated(text_at(item, "created_at") or text_at(item, "createdAt")),
        id=text_at(item, "entityId") or text_at(item, "id"),
        in_reply_to=text_at(item, "pin", "id"),
        thread=text_at(item, "pin", "id"),
        source="json",
    )


def _failed(value: Any) -> Standing | None:
    answered = dict_at(value, "resource_response")
    status, said = (
        text_at(answered, "http_status"),
        text_at(answered, "message") or text_at(answered, "error", "message"),
    )
    if text_at(answered, "status") != "failure" and not answered.get("error"):
        return None
    state = "removed" if status in ("404", "410") else "login_wall" if status in ("401", "403") else "error"
    return Standing(state, f"Pinterest's answer: {status} {said}".strip())  # type: ignore[arg-type]  # one of three states


def _merged(found: list[Post]) -> list[Post]:
    """Each record once: the fuller of two that name the same pin."""
    best: dict[str, Post] = {}
    for post in found:
        key = f"{post.kind} {post.id}"
        known = best.get(key)
        better = known is None or len(post.text) + 50 * bool(post.time) > len(known.text) + 50 * bool(known.time)
        best[key] = post if better else best[key]
    return list(best.values())


def _person(item: dict[str, Any]) -> Account:
    name = text_at(item, "full_name") or text_at(item, "fullName") or text_at(item, "first_name")
    return _account(name, text_at(item, "username"), text_at(item, "entityId") or text_at(item, "id"))


def _account(name: str, handle: str, identifier: str) -> Account:
    handle = path_parts(handle)[0] if "/" in handle and path_parts(handle) else handle
    return Account(name, handle, identifier, f"{HOME}{handle}/" if handle else "")


# --- elements


def _shown(page: Page, wanted: str) -> Post | None:
    root = tree(page)
    title, told = written(first(root, *TITLE)), written(first(root, *WORDS))
    link = first(root, *PINNER)
    name = written(first(root, *PINNER_NAME)) or written(link)
    if not (title or told) or not name:
        return None
    picture = first(root, "[data-test-id='pin-closeup-image'] img", "[data-test-id='closeup-image'] img")
    url = absolute(attr(picture, "src"), page.url)
    handle = "".join(path_parts(absolute(attr(link, "href"), HOME))[:1])
    return Post(
        PLATFORM,
        "post",
        _account(name.partition("\n")[0], handle, ""),
        "\n\n".join(part for part in (title, told) if (part and part != title) or part == title),
        id=wanted,
        permalink=canonical(page) or f"{HOME}pin/{wanted}/",
        media=(Media("image", url, attr(picture, "alt")),) if url else (),
    )


def _comments(page: Page, thread: str) -> Iterator[Post]:
    for node in select(tree(page), COMMENTS):
        link = next((a for a in select(node, "a[href]") if written(a)), None)
        body = first(node, "[data-test-id='text-container']", "[data-test-id='comment-text']", "span[dir='auto']")
        if link is None or body is None:
            continue
        handle = "".join(path_parts(absolute(attr(link, "href"), HOME))[:1])
        shown = written(first(node, "[data-test-id='comment-timestamp']", "time"))
        author = _account(written(link), handle, "")
        text = written(body, drop=_same(link))
        yield Post(PLATFORM, "comment", author, text, stated("", shown), in_reply_to=thread, thread=thread)


def _same(link: Element) -> Any:
    return lambda node: node is link


def _identity(page: Page) -> Identity | None:
    own = identity(canonical(page))
    return own if own is not None and own.page != "other" else identity(page.url)


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity)
