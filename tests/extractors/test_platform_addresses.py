"""What the addresses of the large platforms say by themselves, and which twins of a page they name."""

from __future__ import annotations

import pytest

from extractors.registry import extractor_for, identity_of

ADDRESSES = [  # address, kind of page, post, handle, immutable account id
    ("https://www.facebook.com/dorian.pike.made/posts/5550001110001", "post", "5550001110001", "dorian.pike.made", ""),
    ("https://m.facebook.com/story.php?story_fbid=555001&id=770000123&ref=x", "post", "555001", "", "770000123"),
    ("https://www.facebook.com/photo/?fbid=555002&set=a.1", "post", "555002", "", ""),
    ("https://www.facebook.com/groups/12345/permalink/555003/", "post", "555003", "", ""),
    ("https://www.facebook.com/a.b/posts/55501?comment_id=55502&reply_comment_id=55503", "post", "55503", "a.b", ""),
    ("https://www.facebook.com/dorian.pike.made", "profile", "", "dorian.pike.made", ""),
    ("https://www.facebook.com/profile.php?id=770000123", "profile", "", "", "770000123"),
    ("https://www.facebook.com/people/Dorian-Pike/770000123/", "profile", "", "", "770000123"),
    ("https://www.facebook.com/stories/770000123/UzpfSV8x/", "story", "", "", "770000123"),
    ("https://www.facebook.com/messages/t/770000123", "inbox", "", "", ""),
    ("https://www.facebook.com/groups/12345/", "other", "", "", ""),
    (
        "https://www.tiktok.com/@grey.harrow/story/7477712345678901254",
        "story",
        "7477712345678901254",
        "grey.harrow",
        "",
    ),
    ("https://www.instagram.com/s/aGlnaGxpZ2h0?story_media_id=1", "story", "", "", ""),
    ("https://x.com/i/chat/g12", "inbox", "", "", ""),
    ("https://www.tumblr.com/messaging", "inbox", "", "", ""),
    ("https://www.pinterest.com/_/_/inbox/", "inbox", "", "", ""),
    ("https://old.reddit.com/r/millbrook/comments/1maded1/slug/", "post", "t3_1maded1", "", ""),
    ("https://www.reddit.com/r/millbrook/comments/1maded1/slug/made001/?context=3", "post", "t1_made001", "", ""),
    ("https://redd.it/1maded1", "post", "t3_1maded1", "", ""),
    ("https://www.reddit.com/user/grey_harrow/", "profile", "", "grey_harrow", ""),
    ("https://www.reddit.com/message/inbox/", "inbox", "", "", ""),
    ("https://www.youtube.com/watch?v=maDe_vid_01&t=4s", "post", "maDe_vid_01", "", ""),
    ("https://youtu.be/maDe_vid_01?si=abc", "post", "maDe_vid_01", "", ""),
    ("https://www.youtube.com/shorts/maDe_vid_01", "post", "maDe_vid_01", "", ""),
    ("https://www.youtube.com/@piketalks/videos", "profile", "", "piketalks", ""),
    ("https://www.youtube.com/channel/UCmadeUpChannelIdent0000", "profile", "", "", "UCmadeUpChannelIdent0000"),
    (
        "https://www.tiktok.com/@grey.harrow/video/7477712345678901254?_t=x",
        "post",
        "7477712345678901254",
        "grey.harrow",
        "",
    ),
    ("https://www.tiktok.com/@grey.harrow", "profile", "", "grey.harrow", ""),
    (
        "https://www.linkedin.com/posts/a-b_c-activity-7302395171536961536-AbCd",
        "post",
        "7302395171536961536",
        "a-b",
        "",
    ),
    (
        "https://www.linkedin.com/feed/update/urn:li:activity:7302395171536961536/",
        "post",
        "7302395171536961536",
        "",
        "",
    ),
    ("https://uk.linkedin.com/in/dorian-pike-made", "profile", "", "dorian-pike-made", ""),
    ("https://www.linkedin.com/messaging/thread/2-x/", "inbox", "", "", ""),
    ("https://www.pinterest.co.uk/pin/her-window--990000000000000001/", "post", "990000000000000001", "", ""),
    ("https://www.pinterest.com/greyharrowmade/", "profile", "", "greyharrowmade", ""),
    ("https://www.snapchat.com/add/greyharrow_made", "profile", "", "greyharrow_made", ""),
    ("https://www.snapchat.com/@greyharrow_made/spotlight/madeSpot01", "post", "madeSpot01", "greyharrow_made", ""),
]
SHAPELESS = ["https://www.facebook.com/%", "https://www.youtube.com/watch?v", "https://www.reddit.com//", "https://[x/"]


@pytest.mark.parametrize(("url", "page", "post", "handle", "account"), ADDRESSES, ids=[each[0] for each in ADDRESSES])
def test_an_address_alone_says_what_it_leads_to(url: str, page: str, post: str, handle: str, account: str) -> None:
    found = identity_of(url)
    assert found is not None
    assert (found.page, found.post, found.handle, found.account) == (page, post, handle, account)


@pytest.mark.parametrize("url", SHAPELESS)
def test_an_address_without_a_shape_says_nothing_of_a_post(url: str) -> None:
    found = identity_of(url)
    assert found is None or found.page in ("other", "profile")


@pytest.mark.parametrize("url", [each[0] for each in ADDRESSES])
def test_a_twin_is_named_only_on_the_platform_itself_and_only_for_posts_and_profiles(url: str) -> None:
    extractor = extractor_for(url)
    twins = extractor.companions(url)
    about = extractor.identity(url)
    assert all(twin.startswith("https://") and extractor_for(twin) is extractor for twin in twins)
    assert not twins or (about is not None and about.page in ("post", "profile"))
