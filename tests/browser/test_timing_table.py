"""The timing table of a real qualifying: what it shows in each part, and what a viewer can do with it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

import f1nb
from f1nb.session import Session

pytestmark = pytest.mark.browser

_OUT_IN_Q1 = ["MAG", "TSU", "RIC", "ALB", "SAR"]
_OUT_IN_Q2 = ["ALO", "BOT", "HUL", "STR", "ZHO"]
_MARKED = """() => Object.fromEntries(["is-last-safe", "is-drop", "is-out"].map((mark) =>
  [mark, [...document.querySelectorAll(`tr.${mark}`)].map((row) => row.dataset.driver)]))"""
_HEADS = """() => [...document.querySelectorAll("thead th")].filter((head) => !head.hidden).map((head) => head.dataset.col)"""


@pytest.fixture(scope="module")
def qualifying(home: Path, mirror: Path) -> Session:
    """Return the qualifying of the Spanish Grand Prix 2024."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("F1NB_ARCHIVE", str(mirror))
        return f1nb.load(2024, "Spain", "Q", source="archive")


@pytest.fixture(scope="module")
def at(open_page, qualifying: Session, tmp_path_factory: pytest.TempPathFactory) -> Callable:
    """Return a function that opens the table at a moment."""
    folder = tmp_path_factory.mktemp("timing")

    def open_at(time_s: float, **options: object):
        table = f1nb.TimingTable(qualifying)
        table.clock.time_s = time_s
        path = table.to_html(folder / f"{time_s:.0f}.html")
        table.close()
        page = open_page(path.as_uri(), **options)
        page.row().first.wait_for()
        return page

    return open_at


def cell(page, driver: str, column: str):
    return page.row(driver).locator(f'[data-col="{column}"]')


def test_the_first_part(at):
    page = at(900)
    marked = page.page.evaluate(_MARKED)
    order = page.order()
    assert marked == {"is-last-safe": [order[14]], "is-drop": order[15:], "is-out": []}
    last_safe, first_out = order[14], order[15]
    need, hand = (cell(page, driver, "cutoff").inner_text() for driver in (first_out, last_safe))
    assert need.replace("−", "+") == hand  # what one needs is what the other has in hand
    assert need.startswith("−")
    assert "q2" not in page.page.evaluate(_HEADS)
    assert page.slips() == []


def test_the_second_part(at):
    page = at(2000)
    marked = page.page.evaluate(_MARKED)
    order = page.order()
    assert order[15:] == _OUT_IN_Q1 == marked["is-out"]
    assert marked["is-last-safe"] == [order[9]]
    assert marked["is-drop"] == order[10:15]
    assert cell(page, "MAG", "state").inner_text() == "OUT Q1"
    assert re.fullmatch(r"1:1\d\.\d{3}", cell(page, "MAG", "q1").inner_text())
    assert cell(page, "MAG", "q2").inner_text() == ""
    assert "q3" not in page.page.evaluate(_HEADS)


def test_the_third_part_and_a_deleted_lap(at):
    before, after = at(3150), at(3170)
    for page, is_struck in ((before, False), (after, True)):
        assert page.page.evaluate(_MARKED)["is-drop"] == []
        assert page.page.evaluate(_MARKED)["is-out"] == _OUT_IN_Q2 + _OUT_IN_Q1
        for column in ("q3", "last"):
            found = cell(page, "PIA", column)
            assert found.inner_text() == "1:12.542"
            assert found.locator("s").count() == is_struck
    assert cell(after, "PIA", "q3").locator("s").get_attribute("title") == "deleted: track limits at turn 10"
    hot = [driver for driver in after.order() if cell(after, driver, "state").inner_text().startswith("HOT")]
    assert set(hot) == {"HAM", "RUS", "NOR", "LEC"}


def test_the_end_is_the_classification(at, qualifying):
    page = at(qualifying.end_time_s)
    result = qualifying.results.sort("position")
    assert page.order() == result["driver"].to_list()
    for driver, *times in result.select("driver", "q1_time_s", "q2_time_s", "q3_time_s").iter_rows():
        for part, time_s in enumerate(times, 1):
            shown = cell(page, driver, f"q{part}").inner_text().lstrip("◆")
            assert shown == ("" if time_s is None and driver != "PIA" else "–" if time_s is None else f"1:{time_s - 60:06.3f}")
    assert cell(page, "NOR", "q3").locator('[data-k="best"]').count() == 1


def test_layouts_are_chosen_and_kept(at):
    page = at(1000)
    page.page.get_by_role("button", name="Choose columns").click()
    layouts = page.page.get_by_role("group", name="Layout")
    assert layouts.get_by_role("button", name="Qualifying").get_attribute("aria-pressed") == "true"
    layouts.get_by_role("button", name="Sectors").click()
    assert {"ideal", "speed_st", "mini_sectors"} <= set(page.page.evaluate(_HEADS))
    page.page.get_by_role("checkbox", name="Speed trap on the straight").uncheck()
    chosen = page.page.evaluate(_HEADS)
    assert "speed_st" not in chosen
    page.page.reload()
    page.row().first.wait_for()
    assert page.page.evaluate(_HEADS) == chosen


def test_the_key_c_compares_with_a_driver(at):
    page = at(1010, width=1440)
    expect(page.page.locator('thead [data-col="compare"]')).to_be_hidden()
    first, second = page.order()[:2]
    page.row(second).locator('[data-col="driver"] button').focus()
    page.page.keyboard.press("c")  # the column comes with it
    expect(page.page.locator('thead [data-col="compare"]')).to_be_visible()
    assert page.page.locator('thead [data-col="compare"]').inner_text() == f"vs {second}"
    gap = cell(page, second, "gap").inner_text()
    assert cell(page, first, "compare").inner_text() == gap.replace("+", "−")
    page.row(first).locator(".f1nb-vs").click()
    assert cell(page, second, "compare").inner_text() == gap
    assert page.selected() == set()  # to compare is not to select


def test_nothing_hangs_over_on_a_phone(at):
    page = at(905, width=390, height=844)
    assert page.overflow_px() <= 0
    assert {"gap", "cutoff"} <= set(page.page.evaluate(_HEADS))
