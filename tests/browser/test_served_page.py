"""The dashboard as the server shows it: a kernel draws it once, and the browser plays it alone."""

from urllib.parse import urlencode

import pytest

pytestmark = pytest.mark.browser

AFTER_LAP_20_S = 1580  # every car has finished lap 20 and nobody lap 21
ORDER_OF_LAP_20 = "PIA NOR VER HAD LEC RUS HAM LAW SAI ALB ANT GAS OCO BOR BEA STR ALO TSU COL HUL"


@pytest.fixture(scope="module")
def open_dashboard(open_page, server):
    def open_(query: dict[str, str]):
        return open_page(f"{server}?{urlencode(query, safe=',')}").wait_until_drawn()

    return open_


@pytest.fixture(scope="module")
def simulated_page(open_dashboard):
    return open_dashboard({"event": "simulated", "theme": "light"})


@pytest.fixture(scope="module")
def dutch_page(open_dashboard, dutch_query):
    return open_dashboard({**dutch_query, "t": str(AFTER_LAP_20_S), "drivers": "NOR,PIA", "theme": "dark"})


@pytest.fixture(params=["simulated", "dutch"])
def dashboard(request: pytest.FixtureRequest):
    return request.getfixturevalue(f"{request.param}_page")


def test_the_address_is_a_bookmark(dutch_page):
    assert dutch_page.clock_s == AFTER_LAP_20_S
    assert " ".join(dutch_page.order()) == ORDER_OF_LAP_20
    assert dutch_page.selected() == {"NOR", "PIA"}
    assert dutch_page.is_dark()


def test_it_plays_without_a_word_to_the_kernel(dashboard):
    dashboard.page.get_by_role("button", name="Play", exact=True).first.click()
    dashboard.page.wait_for_timeout(1000)
    before, frames, requests = dashboard.clock_s, dashboard.frames, len(dashboard.requests)
    dashboard.page.wait_for_timeout(3000)
    played, said, asked = dashboard.clock_s - before, dashboard.frames - frames, len(dashboard.requests) - requests
    dashboard.page.get_by_role("button", name="Pause", exact=True).first.click()
    assert played > 0
    assert said == 0
    assert asked == 0


def test_it_says_nothing_a_reader_cannot_understand(dashboard):
    for key in ("Home", "PageDown", "End"):
        dashboard.press(key)
        dashboard.page.wait_for_timeout(600)
        assert dashboard.slips() == []


def test_the_order_follows_the_clock(dutch_page):
    dutch_page.press("End")
    dutch_page.wait_for_order(["PIA", "VER", "HAD", "RUS", "ALB", "ANT", "BEA", "STR"])
    dutch_page.press("Home")
    dutch_page.wait_for_order(["PIA", "NOR", "VER", "HAD"])


def test_dark_and_light_change_places(simulated_page):
    colour = "getComputedStyle(document.querySelector('.f1nb-panel')).backgroundColor"
    assert not simulated_page.is_dark()
    light = simulated_page.page.evaluate(colour)
    simulated_page.page.get_by_role("button", name="Dark or light").first.click()
    assert simulated_page.is_dark()
    assert simulated_page.page.evaluate(colour) != light


def test_only_the_simulated_race_says_that_it_is(simulated_page, dutch_page):
    assert "SIMULATED" in simulated_page.page.locator("body").inner_text()
    assert "SIMULATED" not in dutch_page.page.locator("body").inner_text()


def test_the_other_pages_can_be_opened(dashboard):
    for tab in dashboard.page.get_by_role("tab").all():
        tab.click()
        dashboard.page.wait_for_timeout(300)
        assert dashboard.slips() == []
    dashboard.page.get_by_role("tab").first.click()


def test_nothing_hangs_over_the_edge_of_a_phone(dashboard):
    dashboard.page.set_viewport_size({"width": 390, "height": 844})
    dashboard.page.wait_for_timeout(500)
    over = dashboard.overflow_px()
    dashboard.page.set_viewport_size({"width": 1440, "height": 900})
    assert over <= 0


def test_what_is_sought_and_selected_survives_a_reload(simulated_page):
    simulated_page.press("Home", "PageDown")
    driver = next(code for code in simulated_page.order() if code not in simulated_page.selected())
    simulated_page.row(driver).click()
    simulated_page.page.wait_for_url(lambda url: "t=" in url and driver in url)
    shown, selected = simulated_page.clock_s, simulated_page.selected()
    assert driver in selected
    simulated_page.page.reload()
    simulated_page.wait_until_drawn()
    assert simulated_page.clock_s == pytest.approx(shown, abs=1)
    assert simulated_page.selected() == selected


def test_a_session_that_is_not_there_is_a_page_that_says_so(open_page, server):
    page = open_page(f"{server}?year=1987&event=nowhere&session=R").page
    page.get_by_text("This session cannot be shown").wait_for(timeout=60_000)
