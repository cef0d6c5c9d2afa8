"""Records go into the database and come back equal, typed, to the last lone surrogate."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.vault.revive import TYPES, NotRecords, from_json, to_json
from extractors.contract import Account, Media, Post, Word
from tests.vault.made import page_reading

TEXT = st.text(st.characters(), max_size=8)
SIMPLE = {str: TEXT, int: st.integers(-(2**53), 2**53)}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_record_comes_back_equal(data: st.DataObject) -> None:
    for kind, strategy in SIMPLE.items():
        st.register_type_strategy(kind, strategy)
    records = tuple(data.draw(st.from_type(kind)) for kind in TYPES.values())
    assert from_json(to_json(records)) == records


def test_nested_records_are_typed_again() -> None:
    (post, *_) = from_json(to_json(page_reading().records))
    assert isinstance(post, Post)
    assert isinstance(post.author, Account)
    assert isinstance(post.quoted, Post)
    assert isinstance(post.quoted.media[0], Media)
    assert isinstance(post.labels, tuple)


def test_fields_that_a_reader_gained_or_lost_do_not_hinder() -> None:
    old = '[["Word",{"text":"a","x":1,"y":2,"width":3,"height":4,"confidence":5,"line":6}]]'
    assert from_json(old) == (Word("a", 1, 2, 3, 4, 5, 6),)
    assert from_json(old.replace('"x":1', '"x":1,"tilt":9')) == (Word("a", 1, 2, 3, 4, 5, 6),)


@pytest.mark.parametrize(
    "text", ["", "{", "5", "[5]", '[["Dream",{}]]', '[["Word",{"text":"a"}]]', '[["Word",5]]', "[[]]"]
)
def test_what_is_no_list_of_records_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotRecords):
        from_json(text)
