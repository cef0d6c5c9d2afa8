"""Reads vBulletin forums, 3, 4 and 5. Never reads a day order into its numeric dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.contract import Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.forums import forum_standing, named
from extractors.once import once
from extractors.toolbox import holds, meta

PLATFORM = "vbulletin"
PERSON = re.compile(r"(?:[?&]u=|member\.php[?/](?:u=)?|members?/)(\d+)")
FIVE = Shape(
    platform=PLATFORM,
    kind="post",
    post="li.b-post[data-node-id], div.b-post[data-node-id], .b-comment[data-node-id]",
    text=(".js-post__content-text", ".b-post__content", ".js-comment-entry__content-text"),
    name=("[itemprop='author'] [itemprop='name']", ".b-userinfo__details .author a", ".author a", ".author"),
    named_by_handle=True,
    profile=(".author a[href]@href", ".b-userinfo__details a[href]@href"),
    person=re.compile(r"(?:member/|userid=|^)(\d+)"),
    person_at=("[data-user-id]@data-user-id",),
    time=("time[itemprop='dateCreated']", ".b-post__timestamp time", "time[datetime]"),
    edited=("time[itemprop='dateModified']", ".b-post__edit-details time[datetime]"),
    id=("@data-node-id",),
    link=("a.b-post__count@href", ".b-post__timestamp a@href"),
    anchor="#post{id}",
    nested=True,
    reply=(".bbcode_postedby a[href*='post']@href",),
    drop=".js-post__quote-button, .b-post__edit-details",
    counts={"likes": (".votecount", ".b-post-control__label--votes", ".js-post__vote-count")},
)
FOUR = Shape(
    platform=PLATFORM,
    kind="post",
    post="li.postbit, li.postbitlegacy, li.postbitim, li.postcontainer[id^='post_']",
    text=("[id^='post_message_'] .postcontent", ".postcontent", "[id^='post_message_']", ".postbody .content"),
    name=(".username_container .username", "a.username", ".username", ".guest"),
    named_by_handle=True,
    person=PERSON,
    time=(".postdate .date", ".postdate"),
    edited=(".lastedited",),
    id=("@id", "[id^='post_message_']@id", "a.postcounter@name"),
    link=("a.postcounter@href", ".nodecontrols a[href*='post']@href"),
    anchor="#post{id}",
    reply=(".bbcode_postedby a[href*='post']@href",),
    extra=(".attachments img",),
    drop=".lastedited, .after_content, .signature, .bbcode_postedby img",
    gone="li.postbitdeleted, .postbit.deleted",
)
THREE = Shape(
    platform=PLATFORM,
    kind="post",
    post="table.tborder[id^='post'], div[id^='edit'] > table[id^='post']",
    text=("[id^='post_message_']",),
    name=("a.bigusername", "[id^='postmenu_'] a", "[id^='postmenu_']"),
    named_by_handle=True,
    person=PERSON,
    time=("td.thead", "td.alt2 .smallfont"),
    clock=re.compile(r"^(?:#\s*\d+\s+)?(.*?\d{1,2}:\d\d(?:\s?[AaPp][Mm])?)"),
    id=("[id^='post_message_']@id", "@id"),
    link=("a[href*='showpost.php']@href", "a[id^='postcount']@href"),
    anchor="#post{id}",
    edited=("td[id^='td_post_'] > .smallfont > em",),
    reply=("[id^='post_message_'] a[href*='#post']@href",),
    extra=("fieldset.fieldset img",),
    drop="a[href*='#post'] img",
)
REFUSAL = ".standard_error, .b-page-error, #vb-error, td.panelsurround .panel, .error-message"


@once
def read(page: Page) -> Iterator[Post | Problem]:
    yield from read_blocks(page, FIVE, FOUR, THREE)


def standing(page: Page) -> Standing | None:
    return forum_standing(page, [FIVE, FOUR, THREE], refusal=REFUSAL, name="vBulletin")


def recognises(page: Page) -> bool:
    if meta(page, "generator").startswith("vBulletin"):
        return True
    if not any(holds(page, mark) for mark in ("vbulletin", "vBulletin", "post_message_")):
        return False
    return has_blocks(page, FIVE, FOUR, THREE)


def identity(url: str) -> Identity | None:
    return named(
        PLATFORM,
        url,
        inbox=r"/private\.php|/messagecenter/",
        post=r"/showpost\.php\?(?:.*&)?p=(\d+)|/showthread\.php[^#]*(?:[?&]p=|#post)(\d+)",
        thread=r"/showthread\.php[?/](?:.*&)?(?:t=)?(\d+)|/threads/(\d+)-",
        account=r"/member\.php[?/](?:.*&)?(?:u=)?(\d+)|/members/(\d+)-",
    )


EXTRACTOR = PageExtractor(PLATFORM, (), read, standing, recognises, identity=identity)
