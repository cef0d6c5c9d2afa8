"""Every place that a description of a layout names can be looked for: a selector that is none would fail on a page."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields

import pytest

import extractors
from extractors.blocks import Shape, parted
from extractors.documents import selector

BARE = ("post", "drop", "skip", "gone", "clock_drop")  # fields that are CSS alone


def shapes() -> Iterator[tuple[str, Shape]]:
    for module in pkgutil.walk_packages(extractors.__path__, "extractors."):
        held = vars(importlib.import_module(module.name))
        yield from ((f"{module.name} {name}", value) for name, value in held.items() if isinstance(value, Shape))


def selectors(shape: Shape) -> Iterator[str]:
    for field in fields(shape):
        value = getattr(shape, field.name)
        if field.name in BARE:
            yield value
        elif field.name == "labels":
            yield from value.values()
        elif field.name in ("counts", "tags"):
            yield from (parted(place)[0] for places in value.values() for place in places)
        elif isinstance(value, tuple):
            yield from (parted(place)[0] for place in value)


@pytest.mark.parametrize(("name", "shape"), list(shapes()), ids=[name for name, _ in shapes()])
def test_every_place_of_a_layout_is_css(name: str, shape: Shape) -> None:
    looked_for = [css for css in selectors(shape) if css]
    assert looked_for
    for css in looked_for:
        selector(css)


@pytest.mark.parametrize(
    ("place", "parts"),
    [
        (".author a@href", (".author a", "href")),
        ("@data-id", ("", "data-id")),
        ("a[href*='/@']", ("a[href*='/@']", "")),
        ("a[href^='/@'] @href", ("a[href^='/@']", "href")),
    ],
)
def test_an_at_sign_in_a_value_names_no_attribute(place: str, parts: tuple[str, str]) -> None:
    assert parted(place) == parts
