"""The one HTML file: opened from the disk with the network off, it is the dashboard."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

_MAP = """() => {
  const canvases = [...document.querySelectorAll(".f1nb-map canvas")];
  return canvases.map((canvas) => canvas.toDataURL()).join();
}"""


@pytest.fixture(scope="module")
def simulated_file(f1nb_command, home: Path) -> Path:
    path = home / "simulated.html"
    f1nb_command("export", "html", "--simulated", "--out", str(path))
    return path


@pytest.fixture(scope="module")
def dutch_file(f1nb_command, dutch, home: Path) -> Path:
    path = home / "dutch.html"
    f1nb_command("export", "html", "2025", "Dutch", "R", "--out", str(path))
    return path


@pytest.fixture(params=["simulated", "dutch"])
def file(request: pytest.FixtureRequest) -> Path:
    return request.getfixturevalue(f"{request.param}_file")


def test_it_plays_without_network_and_asks_for_nothing(open_page, file):
    page = open_page(file.as_uri(), offline=True).wait_until_drawn()
    page.press("PageDown")
    before, picture = page.clock_s, page.page.evaluate(_MAP)
    page.play(1.5)
    assert before < page.clock_s < before + 60
    assert page.page.evaluate(_MAP) != picture
    assert page.requests == []


def test_it_says_nothing_a_reader_cannot_understand(open_page, file):
    page = open_page(file.as_uri(), offline=True).wait_until_drawn()
    for key in ("PageDown", "End", "Home"):
        page.press(key)
        page.page.wait_for_timeout(600)
        assert page.slips() == []


def test_a_race_fits_into_six_megabytes(dutch_file):
    assert dutch_file.stat().st_size <= 6_000_000


def test_the_gaps_at_the_flag_are_the_official_ones(open_page, dutch_file):
    page = open_page(dutch_file.as_uri(), offline=True).wait_until_drawn()
    page.press("End")
    page.page.wait_for_timeout(1000)
    assert page.order()[:8] == ["PIA", "VER", "HAD", "RUS", "ALB", "ANT", "BEA", "STR"]
    for driver, gap in {"VER": "+1.271", "HAD": "+3.233", "RUS": "+5.654", "ALB": "+6.327", "BEA": "+9.044"}.items():
        assert gap in page.row(driver).inner_text()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_theme_follows_the_system_and_the_address_overrides_it(open_page, simulated_file, theme):
    other = "light" if theme == "dark" else "dark"
    follows = open_page(simulated_file.as_uri(), color_scheme=theme).wait_until_drawn()
    assert follows.is_dark() == (theme == "dark")
    told = open_page(f"{simulated_file.as_uri()}?theme={other}", color_scheme=theme).wait_until_drawn()
    assert told.is_dark() == (other == "dark")


def test_nothing_hangs_over_the_edge_of_a_phone(open_page, file):
    page = open_page(file.as_uri(), width=390, height=844, has_touch=True, is_mobile=True).wait_until_drawn()
    assert page.overflow_px() <= 0
