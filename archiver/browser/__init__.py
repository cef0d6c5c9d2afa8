"""Visit a page with Chromium and bring back what was there. The only room that knows Playwright; it never keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.browser.find import BrowserFound, find_browser
from archiver.browser.request import Limits, VisitRequest
from archiver.browser.warm import start_in_worker, visit_in_worker
from archiver.later import later

if TYPE_CHECKING:
    from archiver.browser.browser import Browser, visit_alone
    from archiver.browser.signing_in import Attend, has_screen, is_for, sign_in, until_closed

__all__ = [
    "Attend",
    "Browser",
    "BrowserFound",
    "Limits",
    "VisitRequest",
    "find_browser",
    "has_screen",
    "is_for",
    "sign_in",
    "start_in_worker",
    "until_closed",
    "visit_alone",
    "visit_in_worker",
]

# Whoever only asks for visits has no use for Playwright, which takes a quarter of a second to load.
__getattr__ = later(
    __name__,
    {"Browser": "browser", "visit_alone": "browser"}
    | dict.fromkeys(("Attend", "has_screen", "is_for", "sign_in", "until_closed"), "signing_in"),
)
