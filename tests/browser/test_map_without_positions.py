"""The track map of a session without positions: cars by mini-sectors, on a loop."""

from __future__ import annotations

from pathlib import Path

import pytest

import f1nb

pytestmark = pytest.mark.browser

_HAS_COLOR = """([red, green, blue]) => {
  const canvas = document.querySelector(".f1nb-map canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < data.length; i += 4)
    if (Math.abs(data[i] - red) + Math.abs(data[i + 1] - green) + Math.abs(data[i + 2] - blue) < 12) return true;
  return false;
}"""


@pytest.fixture(scope="module")
def miami(mirror: Path, home: Path) -> f1nb.Session:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("F1NB_ARCHIVE", str(mirror))
        return f1nb.load(2025, "Miami", "S", source="archive")


@pytest.fixture(scope="module", params=[1000, 390])
def page(request: pytest.FixtureRequest, open_page, miami: f1nb.Session, tmp_path_factory: pytest.TempPathFactory):
    clock = f1nb.Clock(miami)
    clock.time_s = 1000.0
    path = tmp_path_factory.mktemp("map") / "map.html"
    f1nb.TrackMap(miami, clock=clock, selection=f1nb.Selection()).to_html(path, theme="dark")
    opened = open_page(path.as_uri(), width=request.param, height=600, offline=True)
    opened.page.wait_for_selector('.f1nb-map [role="img"][aria-label*="lead"]')
    return opened


def test_it_is_not_empty_and_says_how_cars_are_placed(page, miami):
    label = page.page.locator('.f1nb-map [role="img"]').get_attribute("aria-label")
    at = miami.at(time_s=1000).timing
    places = at.filter(at["field"] == "position").group_by("driver", maintain_order=True).last().sort("value")
    assert f"by mini-sectors. {', '.join(places['driver'][:3])} lead" in label
    text = page.page.inner_text("body")
    assert "by mini-sectors" in text
    assert "this circuit’s shape is not known" in text
    color = miami.drivers.filter(miami.drivers["driver"] == "NOR")["team_color"][0]
    assert page.page.evaluate(_HAS_COLOR, [int(color[i : i + 2], 16) for i in (1, 3, 5)])


def test_it_says_where_the_followed_car_would_come_out(page):
    page.page.get_by_role("button", name="Pit exit").click()
    assert "Select or follow a car" in page.page.inner_text(".f1nb-map-out")
    page.page.get_by_label("Follow a car").select_option("NOR")
    said = page.page.inner_text(".f1nb-map-out")
    assert "NOR would come out P" in said
    assert "behind" in said
    assert "±" in said
    page.page.get_by_label("Follow a car").select_option("")
    page.page.get_by_role("button", name="Pit exit").click()
    assert not page.page.is_visible(".f1nb-map-out")


def test_nothing_hangs_over_the_edge(page):
    assert page.overflow_px() <= 0
    assert page.slips() == []
