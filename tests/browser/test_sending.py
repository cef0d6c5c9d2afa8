"""What a click may send: plainly loading goes through, everything else does not."""

from __future__ import annotations

import json

import pytest

from archiver.browser.sending import asked, only_loads

SITE = "https://a.example"
KNOWN = {asked("POST", f"{SITE}/youtubei/v1/next"), asked("POST", f"{SITE}/api/v1/follow")}


def graph(name: str = "", query: str = "") -> str:
    return json.dumps({"operationName": name, "query": query, "variables": {}})


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/comments?page=2", ""),
        ("GET", "/post/12/comments", ""),
        ("GET", "/report/2026/comments", ""),
        ("HEAD", "/x", ""),
        ("POST", "/youtubei/v1/next", "{}"),
        ("POST", "/graphql", graph("Anything", "query Anything { comments { id } }")),
        ("POST", "/graphql", graph("", "{ comments { likes } }")),
        (
            "POST",
            "/graphql",
            json.dumps([json.loads(graph("A", "query A { a }")), json.loads(graph("B", "query B { b }"))]),
        ),
        ("POST", "/api/graphql/", "fb_api_req_friendly_name=CommentsListPaginationQuery&doc_id=1"),
    ],
)
def test_what_only_loads_goes_through(method: str, path: str, body: str) -> None:
    assert only_loads(method, SITE + path, body, KNOWN)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/comments", "text=hello"),
        ("POST", "/anything", ""),
        ("PUT", "/youtubei/v1/next", ""),
        ("DELETE", "/comments/1", ""),
        ("POST", "/api/v1/follow", "id=1"),
        ("POST", "/youtubei/v1/like/like", "{}"),
        ("GET", "/api/like?id=1", ""),
        ("GET", "/posts/1/upvote/", ""),
        ("POST", "/graphql", graph("Anything", "mutation Anything { like(id: 1) { id } }")),
        ("POST", "/graphql", graph("B", "query A { a } mutation B { b(id: 1) }")),
        (
            "POST",
            "/graphql",
            json.dumps([json.loads(graph("A", "query A { a }")), json.loads(graph("B", "mutation B { b }"))]),
        ),
        ("POST", "/api/graphql/", "fb_api_req_friendly_name=UFIAddCommentMutation&doc_id=1"),
        ("POST", "/api/graphql/", "fb_api_req_friendly_name=FollowUserQuery&doc_id=1"),
        ("POST", "/graphql?operationName=LikePost", "{}"),
        ("POST", "/graphql", '{"operationName": 7, "query": {"a": 1}}'),
        ("POST", "/graphql", "[1, 2, null]"),
    ],
)
def test_what_could_change_something_does_not(method: str, path: str, body: str) -> None:
    assert not only_loads(method, SITE + path, body, KNOWN)


def test_an_operation_that_the_page_asked_for_by_itself_is_known_by_its_name() -> None:
    known = {asked("POST", f"{SITE}/gql", graph("CommentsOfPage"))}
    assert only_loads("POST", f"{SITE}/gql", graph("CommentsOfPage"), known)
    assert not only_loads("POST", f"{SITE}/gql", graph("SomethingElse"), known)
