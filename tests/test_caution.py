"""What an address gives away, and what a person is told before it is opened."""

from __future__ import annotations

import pytest

from archiver.caution import cautions_for, clean


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("https://www.instagram.com/p/Abc/?igsh=xyz==&img_index=2", "https://www.instagram.com/p/Abc/?img_index=2"),
        ("https://x.com/a/status/1?s=20&t=abc", "https://x.com/a/status/1"),
        ("https://mobile.twitter.com/a/status/1?t=abc&lang=de", "https://mobile.twitter.com/a/status/1?lang=de"),
        ("https://netflix.com/?s=20&t=abc", "https://netflix.com/?s=20&t=abc"),
        ("https://www.youtube.com/watch?v=abc&si=tok&t=10", "https://www.youtube.com/watch?v=abc&t=10"),
        (
            "https://www.tiktok.com/@a/video/1?_t=8x&_r=1&u_code=d&share_app_id=1233&sender_device=pc",
            "https://www.tiktok.com/@a/video/1",
        ),
        ("https://e.example/?UTM_Source=a&fbclid=b&q=a%20b+c&q=%C3%A9", "https://e.example/?q=a%20b+c&q=%C3%A9"),
        ("https://e.example/p/1?igshid=a&mibextid=b&q=1&sender_id=c&share_id=d", "https://e.example/p/1?q=1"),
        ("https://e.example/?a=1&&b", "https://e.example/?a=1&&b"),
        ("https://e.example/#utm_source=x", "https://e.example/#utm_source=x"),
        ("https://e.example/path", "https://e.example/path"),
    ],
)
def test_what_says_who_shared_is_cut_and_nothing_else(url: str, cleaned: str) -> None:
    assert clean(url) == cleaned


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://www.instagram.com/stories/someone/1/", "story"),
        ("https://www.facebook.com/stories/1", "story"),
        ("https://www.instagram.com/direct/t/1/", "inbox"),
        ("https://x.com/messages/1-2", "inbox"),
        ("https://discord.com/channels/@me/1", "inbox"),
        ("https://t.me/somebody/s/12", "story"),
        ("https://www.snapchat.com/add/somebody", "story"),
        ("https://www.tiktok.com/@somebody/story/1", "story"),
        ("https://vk.com/story123_456", "story"),
        ("https://m.me/somebody", "inbox"),
        ("https://x.com/i/chat/1-2", "inbox"),
        ("https://bsky.app/messages/1", "inbox"),
        ("https://vk.com/im?sel=5", "inbox"),
        ("https://www.threads.com/messages", "inbox"),
        ("https://www.instagram.com/s/aGlnaGxpZ2h0?story_media_id=1", "story"),
        ("https://mastodon.social/conversations", "inbox"),
        ("https://web.whatsapp.com/", "inbox"),
        ("https://web.telegram.org/a/#1", "inbox"),
        ("https://mail.google.com/mail/u/0/#inbox/1", "inbox"),
        ("https://www.reddit.com/r/millbrook/s/AbCdEf1234", "shared"),
        ("https://www.facebook.com/share/p/1AbcDef/", "shared"),
        ("https://www.instagram.com/share/reel/xyz", "shared"),
        ("https://www.tiktok.com/t/ZTabc/", "shared"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fn.example%2F&h=AT0", "shortener"),
        ("https://www.youtube.com/redirect?q=https%3A%2F%2Fn.example", "shortener"),
        ("https://fb.watch/abc/", "shortener"),
        ("https://n.example/unsubscribe?u=1", "one-time"),
        ("https://n.example/account/confirm-email/abc", "one-time"),
        ("https://n.example/a?action=unsubscribe", "one-time"),
        ("https://n.example/a?token=abc", "one-time"),
        ("https://bit.ly/abc", "shortener"),
        ("https://t.co/abc", "shortener"),
        ("https://grabify.link/ABC", "ip-logger"),
        ("https://n.example/?e=jo%40example.org", "own-name"),
        ("https://n.example/?e=jo%2540example.org", "own-name"),
        ("https://n.example/c/am9oYW5uYUBleGFtcGxlLm9yZw==", "own-name"),
        ("https://n.example/u/Moss_Fern/page", "own-name"),
        ("https://user:word@n.example/", "password"),
    ],
)
def test_an_address_that_tells_on_the_person_is_named(url: str, kind: str) -> None:
    assert [caution.kind for caution in cautions_for(url, own_names=("@moss_fern",))] == [kind]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/@someone/1234",
        "https://fedi.example/@someone@other.example/1234",
        "https://example.org/2024/01/court-confirms-verdict",
        "https://example.org/storiesandmore/",
        "https://notbit.ly.example/abc",
        "https://example.org/mossy_fern",
        "https://www.facebook.com/story.php?story_fbid=1&id=2",
        "https://www.reddit.com/r/millbrook/comments/1maded1/slug/",
        "https://x.com/somebody/status/123",
    ],
)
def test_an_ordinary_post_raises_no_caution(url: str) -> None:
    assert cautions_for(url, own_names=("moss_fern",)) == ()
