"""The way to a page: go to the address, wait for its answer or its file, say what went wrong. Looks at no page."""

from __future__ import annotations

import asyncio
import base64

from playwright.async_api import Error

from archiver.browser.answer import Answers, File
from archiver.browser.chromium import first_line
from archiver.browser.failure import load_failure
from archiver.browser.guard import Guard
from archiver.browser.network import Network
from archiver.browser.record import Record
from archiver.browser.settle import Settling
from archiver.browser.tab import Tab
from archiver.records import Failure

WITHOUT_CONTENT = (204, 205)  # RFC 9110: an answer that never has a body
MIDDLE_SECONDS = 2.0  # for the rest of a page's markup to come
# Chromium stops reading where a script sends the browser on. It goes on to call the document complete, but its markup
# never was at its end: there is no DOMContentLoaded.
UNREAD = "() => performance.getEntriesByType('navigation')[0]?.domContentLoadedEventStart === 0"
EMPTY_ERROR = "ERR_HTTP_RESPONSE_CODE_FAILURE"  # an error status with an empty body: Chromium shows words of its own


async def open_page(tab: Tab, network: Network, answers: Answers, guard: Guard, record: Record) -> None:
    """Leaves in the record: the step, the failure if there was one, and the file if the address gave one."""
    async with record.step("open", record.request.limits.seconds) as note:
        failure = await _navigate(tab, network, answers, guard, record)
        record.answered = record.now()
        if answers.file is not None:
            _keep(answers.file, record)
            note.detail = record.failure.sentence
        elif failure and not is_empty(network):
            record.failure = failure
            note.trouble = failure.sentence
        elif network.answer is not None:
            note.detail = f"HTTP {network.answer.status}"


def is_empty(network: Network) -> bool:
    """An answer with a status and nothing in it: there is no page to keep."""
    answer = network.answer
    return answer is not None and (
        answer.status in WITHOUT_CONTENT or EMPTY_ERROR in network.failed.get(answer.url, "")
    )


async def rest_where_it_is(
    tab: Tab, network: Network, answers: Answers, settling: Settling, record: Record
) -> list[str]:
    """Settle. A page that was held while its script was sending the browser on stops in the middle of its own markup:
    it is shown whole without its scripts. Returns what was late; raises as `Settling.rest` does.
    """
    seconds = record.request.limits.settle_seconds
    resting = asyncio.create_task(settling.rest(seconds))
    held = asyncio.create_task(answers.holds.wait())
    try:
        await asyncio.wait({resting, held}, return_when=asyncio.FIRST_COMPLETED)
        if resting.done() or not await _stopped_in_the_middle(tab, network):
            return await resting
        resting.cancel()
        await asyncio.gather(resting, return_exceptions=True)
        await _show_without_scripts(tab, network, record)
        return await settling.rest(seconds)
    finally:
        for task in (resting, held):
            task.cancel()
        await asyncio.gather(resting, held, return_exceptions=True)


async def _stopped_in_the_middle(tab: Tab, network: Network) -> bool:
    """Whether the markup has all come and is still not read to its end: Chromium waits for the page to leave."""
    try:
        await asyncio.wait_for(network.main_finished.wait(), MIDDLE_SECONDS)
    except TimeoutError:
        return False
    return bool(await tab.run(UNREAD, seconds=MIDDLE_SECONDS))


async def _show_without_scripts(tab: Tab, network: Network, record: Record) -> None:
    assert network.answer is not None  # noqa: S101 - something that was held was let through before
    body = await tab.send("Network.getResponseBody", requestId=network.answer.request_id)
    markup = base64.b64decode(body["body"]).decode("utf-8", "replace") if body["base64Encoded"] else body["body"]
    await tab.send("Emulation.setScriptExecutionDisabled", value=True)
    await tab.send("Page.setDocumentContent", frameId=tab.frame_id, html=markup)
    await tab.send("Emulation.setScriptExecutionDisabled", value=False)  # else our own have no timers; its stay unrun
    record.act("show-without-scripts", "window", "its scripts send every visitor to where nobody answers")
    record.seen.miss("what the page's scripts would have made of it: they send every visitor elsewhere")


async def _navigate(tab: Tab, network: Network, answers: Answers, guard: Guard, record: Record) -> Failure:
    """Go to the address; returns when its page has begun, its file has ended, or it failed."""
    url, limits = record.request.cleaned, record.request.limits
    going = asyncio.create_task(tab.send("Page.navigate", seconds=limits.seconds, url=url))
    answered = asyncio.create_task(answers.answered.wait())
    try:
        await asyncio.wait({going, answered}, timeout=limits.answer_seconds, return_when=asyncio.FIRST_COMPLETED)
        if not going.done() and not answered.done():
            return Failure("timeout", f"{network.asked or url} did not answer within {limits.answer_seconds:.0f} s.")
        await asyncio.wait({going}, timeout=limits.file_seconds)
        if not going.done():
            return Failure("timeout", f"{network.asked or url} began to answer, but no page came of it.")
        reason = str(going.result().get("errorText", ""))
        return load_failure(network.asked or url, reason, guard) if reason else Failure()
    except Error as error:
        return load_failure(network.asked or url, first_line(error), guard)
    finally:
        for task in (going, answered):
            task.cancel()
        await asyncio.gather(going, answered, return_exceptions=True)


def _keep(file: File, record: Record) -> None:
    record.keep("response", file.media_type, bytes(file.data))
    what = f"The address gave a file ({file.media_type}) and no page"
    if file.whole:
        record.failure = Failure("download", f"{what}; the file was kept as it came, {len(file.data):,} bytes.")
        return
    of = f" of {file.stated_length:,}" if file.stated_length else ""
    record.failure = Failure("too-large", f"{what}; the first {len(file.data):,} bytes{of} were kept.")
    record.seen.miss(f"the file after its first {len(file.data):,} bytes{of}")
