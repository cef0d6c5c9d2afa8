"""What each platform shows in the place of a post or person: removed, suspended, private, a login. Never live."""

from __future__ import annotations

import pytest

from extractors.contract import Page
from extractors.registry import extractor_for
from extractors.standing import standing_of

FILLER = "<nav><a href='/about'>About</a> <a href='/help'>Help</a> <a href='/terms'>Terms</a></nav>"
NOTICES = [  # address, title, what stands in the page, what it is
    (
        "https://x.com/harrow_made",
        "X",
        "<div data-testid='empty_state_header_text'>Account suspended</div>",
        "suspended",
    ),
    (
        "https://x.com/harrow_made",
        "X",
        "<div data-testid='emptyState'>These posts are protected. Only approved followers can see them.</div>",
        "login_wall",
    ),
    ("https://x.com/harrow_made/status/19", "X", "Hmm...this page doesn’t exist. Try searching.", "removed"),
    (
        "https://www.instagram.com/p/CmadeUp01/",
        "Instagram",
        "<h2>Sorry, this page isn't available.</h2><p>The link you followed may be broken.</p>",
        "removed",
    ),
    (
        "https://www.instagram.com/harrow_made/",
        "Instagram",
        "<h2>This account is private</h2><p>Follow to see their photos and videos.</p>",
        "login_wall",
    ),
    (
        "https://www.threads.com/@harrow_made",
        "Threads",
        "<p>This profile is private.</p><p>Follow this account to see their posts.</p>",
        "login_wall",
    ),
    (
        "https://www.threads.com/@harrow_made/post/CmadeUp01",
        "Threads",
        "<h1>Not all who wander are lost, but this page is.</h1>",
        "removed",
    ),
    ("https://www.tiktok.com/@harrow.made", "TikTok", "<p>Couldn't find this account</p>", "removed"),
    ("https://www.tiktok.com/@harrow.made", "TikTok", "<p>This account is private</p>", "login_wall"),
    (
        "https://www.tiktok.com/@harrow.made/video/7477712345678901254",
        "TikTok",
        "Video currently unavailable",
        "removed",
    ),
    (
        "https://www.youtube.com/watch?v=maDe_vid_01",
        "YouTube",
        "<h1>This page isn't available. Sorry about that.</h1>",
        "removed",
    ),
    (
        "https://www.facebook.com/harrow.made/posts/5550001",
        "Facebook",
        "<h2>This content isn't available right now</h2><p>When this happens, it's usually because the owner only "
        "shared it with a small group of people, changed who can see it or it's been deleted.</p>",
        "removed",
    ),
    (
        "https://www.reddit.com/user/harrow_made/",
        "Reddit",
        "<h3>This account has been suspended</h3>",
        "suspended",
    ),
    (
        "https://www.reddit.com/r/millbrook_made/",
        "Reddit",
        "<h1>r/millbrook_made is a private community</h1><p>Only approved members can view this.</p>",
        "login_wall",
    ),
    ("https://www.reddit.com/user/harrow_made/", "Reddit", "Sorry, nobody on Reddit goes by that name.", "removed"),
    (
        "https://bsky.app/profile/harrow.example",
        "Bluesky",
        "<div>Account has been suspended</div><p>The moderators took this account down.</p>",
        "suspended",
    ),
    ("https://bsky.app/profile/harrow.example/post/3kmade", "Bluesky", "<div>Post not found</div>", "removed"),
    (
        "https://www.linkedin.com/feed/update/urn:li:activity:7302395171536961536/",
        "LinkedIn",
        "<h2>This post cannot be displayed</h2><p>It might have been deleted.</p>",
        "removed",
    ),
    ("https://www.linkedin.com/in/harrow-made/", "Sign Up | LinkedIn", "<h1>Join LinkedIn</h1>", "login_wall"),
    (
        "https://www.linkedin.com/in/harrow-made/",
        "LinkedIn",
        "<h2>This page doesn’t exist</h2><p>Please check your URL.</p>",
        "removed",
    ),
    (
        "https://t.me/harrow_made/12",
        "Telegram",
        "<div class='tgme_widget_message_error'>Post not found</div>",
        "removed",
    ),
    (
        "https://t.me/harrow_made",
        "Telegram",
        "<div class='tgme_page_description'>This channel can't be displayed because it violated Telegram's Terms of "
        "Service.</div>",
        "suspended",
    ),
    ("https://harrow-made.tumblr.com/post/700000000001", "Not found.", "<h1>There's nothing here.</h1>", "removed"),
    (
        "https://harrow-made.tumblr.com/",
        "harrow-made",
        "<p>This Tumblr may contain sensitive media.</p><p>Log in to view it.</p>",
        "login_wall",
    ),
    (
        "https://vk.com/id1",
        "VK",
        "<div class='profile_blocked'>User was blocked for breaking the rules</div>",
        "suspended",
    ),
    ("https://vk.com/wall-1_2", "Error | VK", "<div class='message_page_body'>Post not found</div>", "removed"),
    ("https://vk.com/id1", "VK", "<div class='profile_deleted_text'>This user deleted their account.</div>", "removed"),
    ("https://vk.com/id1", "VK", "<div class='service_msg'>This profile is private.</div>", "login_wall"),
    ("https://m.vk.com/id1", "VK", "<div class='service_msg'>Страница удалена либо ещё не создана.</div>", "removed"),
    ("https://m.vk.com/id1", "VK", "<div class='service_msg'>Страница заблокирована.</div>", "suspended"),
    ("https://vk.com/wall1_2", "VK", "<form id='quick_login_form'><input type='password'></form>", "login_wall"),
    (
        "https://discord.com/channels/1/2",
        "Discord",
        "<form><h1>Welcome back!</h1><input name='email'><input type='password'></form>",
        "login_wall",
    ),
    ("https://discord.com/invite/made", "Discord", "<h1>Invite Invalid</h1>", "removed"),
    ("https://www.snapchat.com/@harrow_made", "Snapchat", "<h1>Sorry! We couldn't find this page.</h1>", "removed"),
    ("https://www.snapchat.com/t/made", "Snapchat", "<h1>This content is no longer available</h1>", "removed"),
    ("https://www.snapchat.com/@harrow_made", "Snapchat", "<h1>This account is private</h1>", "login_wall"),
    (
        "https://accounts.snapchat.com/accounts/login",
        "Log In | Snapchat",
        "<form><input type='password'></form>",
        "login_wall",
    ),
    ("https://www.pinterest.com/pin/990000000000000001/", "Pinterest", "<h1>Pin not found</h1>", "removed"),
    ("https://www.pinterest.com/harrow_made/", "Pinterest", "<h1>User not found</h1>", "removed"),
    ("https://www.pinterest.com/harrow_made/", "Pinterest", "<h1>This account has been suspended</h1>", "suspended"),
    ("https://www.pinterest.com/harrow_made/", "Pinterest", "<h1>This profile is private</h1>", "login_wall"),
    (
        "https://disqus.com/by/harrow_made/",
        "Disqus",
        "<p>This user's activity is private.</p>",
        "login_wall",
    ),
    ("https://disqus.com/by/harrow_made/", "Disqus", "<h1>Page not found (404)</h1>", "removed"),
    (
        "https://disqus.com/embed/comments/?base=default&f=made",
        "Disqus Comments",
        "<div id='error'>We were unable to load Disqus. If you are a moderator please see our guide.</div>",
        "error",
    ),
    ("https://news.ycombinator.com/item?id=1", "", "No such item.", "removed"),
    (
        "https://mastodon.social/@harrow_made",
        "Mastodon",
        "<div class='empty-column-indicator'>Account suspended</div>",
        "suspended",
    ),
    ("https://gab.com/harrow_made", "Gab", "<p>This account has been suspended</p>", "suspended"),
    ("https://truthsocial.com/@harrow_made", "Truth Social", "<p>This account has been suspended.</p>", "suspended"),
    ("https://lemmy.world/post/1", "Lemmy", "<div class='error-page'><h1>404: couldnt_find_post</h1></div>", "removed"),
    ("https://pixelfed.social/harrow_made", "Pixelfed", "<p>This account is private</p>", "login_wall"),
    ("https://boards.4chan.org/made/thread/1", "4chan - 404 Not Found", "<h1>404 Not Found</h1>", "removed"),
]


@pytest.mark.parametrize(("url", "title", "inside", "state"), NOTICES, ids=[f"{n[0]} {n[3]}" for n in NOTICES])
def test_what_a_platform_shows_instead_is_named(url: str, title: str, inside: str, state: str) -> None:
    page = Page(url, f"<html><head><title>{title}</title></head><body>{FILLER}<main>{inside}</main></body></html>")
    found = standing_of(page, extractor_for(url, page))
    assert found.state == state, found.why
