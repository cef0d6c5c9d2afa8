"""Visit a page with Chromium and bring back what was there. The only room that knows Playwright; it never keeps."""

from archiver.browser.browser import Browser, start_in_worker, visit, visit_in_worker
from archiver.browser.find import BrowserFound, find_browser
from archiver.browser.request import Limits, VisitRequest
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
    "visit",
    "visit_in_worker",
]
