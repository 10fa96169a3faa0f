"""The 2025 Australian qualifying, an older export without sectors, tyres' age or positions."""

from __future__ import annotations

import polars as pl

from f1nb.schema import CAR_STATES
from f1nb.session import Session

OFFICIAL = {  # driver: best of the last part reached
    "NOR": 75.096, "PIA": 75.180, "VER": 75.481, "RUS": 75.546, "TSU": 75.670, "ALB": 75.737, "LEC": 75.755, "HAM": 75.973,
    "GAS": 75.980, "SAI": 76.062, "HAD": 76.175, "ALO": 76.453, "STR": 76.483, "DOO": 76.863, "BOR": 77.520, "ANT": 76.525,
    "HUL": 76.579, "LAW": 77.094, "OCO": 77.147, "BEA": None,
}  # fmt: skip


def test_classification_is_the_official_one(australian: Session) -> None:
    best = pl.coalesce("q3_time_s", "q2_time_s", "q1_time_s")
    assert dict(australian.results.select("driver", best).iter_rows()) == OFFICIAL
    assert australian.results["driver"].to_list() == list(OFFICIAL)


def test_cars_are_on_one_clock(australian: Session) -> None:
    """Who drove when: in the third part only ten cars are out, and Norris's lap came after Piastri's."""
    last = australian.laps.filter(pl.col("lap_time_s") < 78).group_by("driver").agg(pl.col("end_time_s").max())
    ends = dict(last.iter_rows())
    assert ends["PIA"] < ends["NOR"]
    assert max(ends, key=ends.__getitem__) in list(OFFICIAL)[:10]
    # the session lasts 18 + 15 + 12 minutes and the breaks between them
    assert 55 * 60 < australian.end_time_s < 70 * 60
    # the samples of all cars fall on the same instants
    samples = australian.telemetry.filter(pl.col("driver").is_in(["NOR", "OCO"])).select("driver", "time_s").collect()
    nor, oco = ({round(t, 3) for t in samples.filter(driver=d)["time_s"]} for d in ("NOR", "OCO"))
    common = [t for t in oco if 300 < t < 1000]
    assert sum(t in nor for t in common) > 0.9 * len(common)


def test_what_the_older_export_lacks_is_null_or_said(australian: Session) -> None:
    assert australian.laps["sector_1_time_s"].is_null().all()
    assert set(australian.laps["compound"].drop_nulls()) == {"SOFT", "MEDIUM"} or "SOFT" in set(australian.laps["compound"])
    states = dict(australian.data_sets.select("table", "state").iter_rows())
    assert states["track_status"] == "not_published"
    assert states["laps"] == "available"


def test_order_during_the_session(australian: Session) -> None:
    """Between the second and the third part: the ten who go on lead, the others stay where they were."""
    log = australian.at(time_s=2800).timing.filter(pl.col("field") == "position")
    places = dict(log.group_by("driver", maintain_order=True).last().select("value", "driver").iter_rows())
    order = [places[p] for p in sorted(places)]
    assert set(order[:10]) == set(list(OFFICIAL)[:10])
    assert order[10:] == list(OFFICIAL)[10:19]


def test_garage_and_out_laps(australian: Session) -> None:
    states = australian.timing.filter(pl.col("driver") == "NOR", pl.col("field") == "state").sort("time_s")["value"]
    names = [CAR_STATES[int(v)] for v in states]
    assert names[:4] == ["garage", "out_lap", "running", "garage"]
    laps = australian.laps.filter(driver="NOR")
    assert laps.filter("is_pit_out")["exclude_reason"].is_in(["out_lap", "no_time"]).all()
    assert laps.filter("is_representative")["lap_time_s"].to_numpy().max() < 78
