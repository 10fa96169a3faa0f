"""The one HTML file: opened from the disk with the network off, it is the dashboard."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

_MAP = """() => [...document.querySelectorAll(".f1nb-map canvas")].map((canvas) => canvas.toDataURL()).join()"""


@pytest.fixture(scope="module")
def simulated_file(f1nb_command, home: Path) -> Path:
    path = home / "simulated.html"
    f1nb_command("export", "html", "--simulated", "--out", str(path))
    return path


@pytest.fixture(scope="module")
def dutch_file(f1nb_command, dutch_query, home: Path) -> Path:
    path = home / "dutch.html"
    f1nb_command("export", "html", "2025", "Dutch", "R", "--out", str(path))
    return path


@pytest.fixture(scope="module")
def simulated_page(open_page, simulated_file: Path):
    return open_page(simulated_file.as_uri(), offline=True, color_scheme="dark").wait_until_drawn()


@pytest.fixture(scope="module")
def dutch_page(open_page, dutch_file: Path):
    return open_page(dutch_file.as_uri(), offline=True, color_scheme="light").wait_until_drawn()


@pytest.fixture(params=["simulated", "dutch"])
def page(request: pytest.FixtureRequest):
    return request.getfixturevalue(f"{request.param}_page")


def test_it_plays_without_network_and_asks_for_nothing(page):
    page.press("PageDown")
    before, picture = page.clock_s, page.page.evaluate(_MAP)
    page.play(1.5)
    assert before < page.clock_s < before + 60
    assert page.page.evaluate(_MAP) != picture
    assert page.requests == []


def test_it_says_nothing_a_reader_cannot_understand(page):
    for key in ("PageDown", "End", "Home"):
        page.press(key)
        page.page.wait_for_timeout(600)
        assert page.slips() == []


def test_the_gaps_at_the_flag_are_the_official_ones(dutch_page):
    dutch_page.press("End")
    dutch_page.wait_for_order(["PIA", "VER", "HAD", "RUS", "ALB", "ANT", "BEA", "STR"])
    for driver, gap in {"VER": "+1.271", "HAD": "+3.233", "RUS": "+5.654", "ALB": "+6.327", "BEA": "+9.044"}.items():
        assert gap in dutch_page.row(driver).inner_text()


def test_a_race_fits_into_six_megabytes(dutch_file):
    assert dutch_file.stat().st_size <= 6_000_000


def test_the_theme_follows_the_system(simulated_page, dutch_page):
    assert simulated_page.is_dark()
    assert not dutch_page.is_dark()
    dutch_page.page.emulate_media(color_scheme="dark")
    dutch_page.page.wait_for_selector('body[data-jp-theme-light="false"]')


def test_the_address_overrides_the_system(open_page, simulated_file):
    assert not open_page(f"{simulated_file.as_uri()}?theme=light", color_scheme="dark").wait_until_drawn().is_dark()


def test_nothing_hangs_over_the_edge_of_a_phone(page):
    page.page.set_viewport_size({"width": 390, "height": 844})
    page.page.wait_for_timeout(500)
    over = page.overflow_px()
    page.page.set_viewport_size({"width": 1440, "height": 900})
    assert over <= 0


def test_the_header_lists_what_was_found_in_the_data(dutch_page, simulated_page):
    for page, label, text in (
        (dutch_page, "Data: 1 note", "It is not known which lap times were deleted"),
        (simulated_page, "Data: nothing wrong", "Nothing contradicts itself"),
    ):
        badge = page.page.get_by_role("button", name=label)
        badge.focus()
        page.page.keyboard.press("Enter")
        found = page.page.get_by_role("dialog", name="Data of this session")
        found.wait_for(state="visible")
        assert text in found.inner_text()
        page.page.keyboard.press("Escape")
        found.wait_for(state="hidden")
