"""The app in a real browser: it opens, steps, plays, resets with moved sliders, and gives the run.

Where there is no network, as here, anything it wanted from outside would fail; any request that leaves
this machine fails the test as well.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WAIT = 60_000  # ms


def _missing() -> str:
    for module, extra in (("solara", "app"), ("playwright", "browser")):
        if find_spec(module) is None:
            return f"{module} is not installed: pip install 'crossings[{extra}]'"
    return (
        ""
        if _browser()
        else f"no browser: none of {', '.join(BROWSERS)} is installed (apt-get install chromium)"
    )


def _browser() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def address():
    if reason := _missing():
        pytest.skip(reason)
    program = [sys.executable, "-m", "crossings", "app", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment) as served:
        try:
            assert served.stdout is not None
            found = re.search(r"http://\S+", served.stdout.readline())
            assert found is not None
            yield found[0]
        finally:
            served.terminate()
            served.wait(20)


@pytest.fixture(scope="module")
def browser():
    if reason := _missing():
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=_browser(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser, address):
    """Open the app; fail if anything went wrong in the browser or was asked of another machine."""
    opened = browser.new_page(viewport={"width": 1500, "height": 1300})
    wrong: list[str] = []
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    own = (address, address.replace("http", "ws"), "data:", "blob:")
    opened.on("request", lambda asked: None if asked.url.startswith(own) else wrong.append(asked.url))
    opened.on("response", lambda got: wrong.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    opened.goto(address)
    opened.wait_for_selector("#total-arrivals", timeout=WAIT)
    yield opened
    assert wrong == []
    opened.close()


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def step(page, times=1):
    for _ in range(times):
        before = page.inner_text("#date")
        button(page, "Step").click()
        changed(page, "#date", before)


def changed(page, selector, before):
    page.wait_for_function(
        "([at, was]) => document.querySelector(at).innerText !== was", arg=[selector, before], timeout=WAIT
    )


def arrivals(page):
    return int(page.inner_text("#total-arrivals").replace(",", ""))


def test_it_opens_and_steps(page):
    assert "about to begin on 2025-01-01" in page.inner_text("#date")
    assert arrivals(page) == 0
    step(page, 4)
    assert page.inner_text("#date") == "up to 2025-01-28"
    assert arrivals(page) > 0
    wide = page.evaluate("[...document.images].map(each => each.naturalWidth)")
    assert len([width for width in wide if width > 200]) == 4  # map, weeks, pipeline, beliefs
    assert "not a forecast" in page.inner_text("body")
    assert "page 0" not in page.inner_text("body").lower()


def test_in_a_narrow_window_nothing_lies_on_anything(browser, address):
    opened = browser.new_page(viewport={"width": 1000, "height": 700})
    opened.goto(address)
    opened.wait_for_selector("#total-arrivals", timeout=WAIT)
    opened.wait_for_function("[...document.images].filter(each => each.naturalWidth > 200).length == 4")
    items = [each.bounding_box() for each in opened.locator(".vue-grid-item:visible").all()]
    assert len(items) == 5
    for above, below in pairwise(items):
        assert above["y"] + above["height"] <= below["y"] + 1
    held = opened.locator(".vue-grid-item").first.evaluate("each => each.scrollHeight - each.clientHeight")
    assert held <= 0
    assert "This website runs on" not in opened.inner_text("body")
    opened.close()


def test_a_slider_and_reset_change_the_numbers(page):
    step(page, 5)
    before = arrivals(page)
    page.get_by_role("slider").last.focus()
    page.keyboard.press("End")
    page.wait_for_timeout(1000)
    stood = page.inner_text("#date")
    button(page, "Reset").click()
    changed(page, "#date", stood)
    assert arrivals(page) == 0
    step(page, 5)
    assert 0 < arrivals(page) < before


def test_the_same_numbers_come_again_after_reset(page):
    step(page, 3)
    before, stood = arrivals(page), page.inner_text("#date")
    button(page, "Reset").click()
    changed(page, "#date", stood)
    step(page, 3)
    assert arrivals(page) == before


def test_it_plays_and_pauses(page):
    stood = page.inner_text("#date")
    button(page, "▶").click()
    changed(page, "#date", stood)
    button(page, "❚❚").click()
    button(page, "▶").wait_for(timeout=WAIT)
    page.wait_for_timeout(3000)
    stood = page.inner_text("#date")
    page.wait_for_timeout(2000)
    assert page.inner_text("#date") == stood


def test_another_scenario(page):
    page.get_by_role("button", name="Scenario").click()
    page.get_by_role("option", name="no-policy", exact=True).click()
    page.wait_for_timeout(1000)
    button(page, "Reset").click()
    page.wait_for_function("document.querySelector('#scenario').innerText === 'no-policy'", timeout=WAIT)
    assert "no policy of returns or legal places" in page.inner_text("body")


def test_the_run_can_be_downloaded(page):
    step(page, 2)
    with page.expect_download(timeout=WAIT) as taken:
        page.get_by_role("button", name="Download the run").click()
    with ZipFile(BytesIO(Path(taken.value.path()).read_bytes())) as packed:
        names = packed.namelist()
    assert {"crossings-run/daily.parquet", "crossings-run/provenance.json"} <= set(names)
