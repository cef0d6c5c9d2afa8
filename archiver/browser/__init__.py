"""Visit a page with Chromium and bring back what was there. The only room that knows Playwright; it never keeps."""

from archiver.browser.browser import Browser, visit, visit_in_worker
from archiver.browser.find import BrowserFound, find_browser
from archiver.browser.request import Limits, VisitRequest

__all__ = ["Browser", "BrowserFound", "Limits", "VisitRequest", "find_browser", "visit", "visit_in_worker"]
