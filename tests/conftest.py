"""The order of the suite, and its figures: what takes minutes begins first, and what was counted stands at the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

LONG = ("test_every_command_in_readme_runs",)
FIGURE = "figure"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.name not in LONG)


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Takes one sentence with what a test counted, for the end of the run.

    It travels with the test's report: what a worker process prints is seen by nobody.
    """
    return lambda sentence: record_property(FIGURE, sentence)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ended = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    figures = [text for report in ended for name, text in report.user_properties if name == FIGURE]
    if figures:
        terminalreporter.section("figures")
    for sentence in sorted(figures):
        terminalreporter.line(sentence)
