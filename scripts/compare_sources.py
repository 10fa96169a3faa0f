"""Compare the official archive, as f1nb reads it, with FastF1 and with the official results; write docs/sources.md.

Wants the folder of real data (F1NB_TEST_DATA, by default ../shared/data), and fails when it finds a difference that `WHY` does
not explain.
"""
# ruff: noqa: E501 - the sentences of the page

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import polars as pl

import f1nb
from f1nb.session import Session

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "sources.md"
DATA = Path(os.environ.get("F1NB_TEST_DATA") or ROOT.parent / "shared" / "data").resolve()


class Entry(NamedTuple):
    """A session of the mirror, and its round."""

    year: int
    event: str
    kind: str
    round: int

    def __str__(self) -> str:
        return f"{self.year} {self.event} {self.kind}"


SESSIONS = (
    Entry(2018, "Azerbaijan", "R", 4), Entry(2019, "Italian", "Q", 14), Entry(2020, "70th Anniversary", "FP2", 5),
    Entry(2022, "British", "FP1", 10), Entry(2023, "Azerbaijan", "Q", 4), Entry(2023, "Azerbaijan", "SQ", 4),
    Entry(2023, "Azerbaijan", "S", 4), Entry(2024, "British", "FP1", 12), Entry(2024, "Spanish", "Q", 10),
    Entry(2025, "Miami", "S", 6),
)  # fmt: skip
COLUMNS = {
    "lap time": ["lap_time_s"],
    "sectors": ["sector_1_time_s", "sector_2_time_s", "sector_3_time_s"],
    "position": ["position"],
    "stint, compound": ["stint", "compound"],
    "tyre age, new": ["tyre_age_laps", "fresh_tyre"],
    "deleted": ["is_deleted"],
    "pit in, out": ["pit_in_time_s", "pit_out_time_s"],
    "speeds": ["speed_i1_kmh", "speed_i2_kmh", "speed_fl_kmh", "speed_st_kmh"],
}
KINDS = {"R": "race", "S": "sprint", "Q": "qualifying", "SQ": "sprint_qualifying"}
ROWS = "rows"

_IN_LAP = (
    "Last laps that end in the garage or beside the track: they count officially (every driver's number of rows is the official "
    "number of laps), and FastF1 leaves them out."
)
_STOPPED = (
    "brought back to the pits after it had stopped, the car's line was sent anew with the third sector of the lap before. It never "
    "got to the line, and there is no official time; FastF1 takes the sector, and the sum as a lap time."
)
_PIT_ENTRY = "The pit entry came minutes after the line: it belongs to the lap that was begun there."
WHY: dict[tuple[str, str], str] = {
    ("2018 Azerbaijan R", ROWS): "Crashed on lap 1 without any time: FastF1 generates a lap, the archive has none.",
    (
        "2018 Azerbaijan R",
        "lap time",
    ): "Lap 1 is not timed. FastF1 takes its time from Ergast (right, but from lights to line); "
    "f1nb leaves it without, as all sources have it, and lap 1 shows no pace anyway.",
    ("2018 Azerbaijan R", "sectors"): "First sectors of lap 1 are lap time less the others in FastF1. SAI's of lap 8: FastF1 "
    "takes that of lap 9, which came 3 s after the line; the archive's adds up to the lap time. HUL and GRO drove a first sector "
    "and crashed; FastF1 drops it.",
    (
        "2018 Azerbaijan R",
        "position",
    ): "All of them are STR and the cars around him: FastF1's clock has him 0.57 s early in the "
    "whole race, see his gap below. The archive's order is that of the gaps on the screen.",
    ("2018 Azerbaijan R", "tyre age, new"): "Sets that were used before: the feed says StartLaps 4 of BOT's first set, so "
    "it is in its 5th lap on lap 1, which its TotalLaps confirm; FastF1 counts one less. RAI's last set is new: it was fitted "
    "with TotalLaps 0; FastF1 knows no age and takes it for used.",
    ("2018 Azerbaijan R", "speeds"): "FastF1 repeats the speed of the lap before, at the line five times: some of "
    "these were cleared from the screen, some perhaps the same again, and f1nb has none. SAI's is that of the next lap, like his "
    "first sector. GRO and HUL drove past the trap before they crashed; FastF1 drops it.",
    ("2019 Italian Q", "lap time"): f"RAI: {_STOPPED}",
    ("2019 Italian Q", "sectors"): f"RAI: {_STOPPED} ALB: a line that was sent once more half a minute into the lap had the "
    "third sector of the lap before; FastF1 keeps it.",
    ("2019 Italian Q", "pit in, out"): _PIT_ENTRY,
    ("2019 Italian Q", "speeds"): "Laps that were not finished: FastF1 shows the speed of the lap before.",
    ("2020 70th Anniversary FP2", ROWS): _IN_LAP,
    ("2022 British FP1", ROWS): _IN_LAP,
    ("2023 Azerbaijan Q", "lap time"): f"HAM: {_STOPPED}",
    ("2023 Azerbaijan Q", "sectors"): f"HAM: {_STOPPED}",
    ("2023 Azerbaijan Q", "speeds"): "DEV crashed; FastF1 drops the speed.",
    (
        "2023 Azerbaijan SQ",
        "lap time",
    ): "LEC and VER stood on the track: 2:59.256 and 3:38.662 were published and agree with the "
    "clock. FastF1 drops them. They are no pace in f1nb either (outliers).",
    ("2023 Azerbaijan SQ", "sectors"): "The second sector of these two laps was not sent: f1nb takes lap time less the others, "
    "and says so in table repairs.",
    (
        "2023 Azerbaijan SQ",
        "pit in, out",
    ): "DEV and ZHO stopped under the red flag; the feed says when their cars were in the pits.",
    (
        "2023 Azerbaijan S",
        "lap time",
    ): "TSU's 5:40.973, published, with a stop in it, and as long as the clock says. FastF1 drops it.",
    (
        "2024 Spanish Q",
        "deleted",
    ): "Race control deleted both: SAI's time 16:05.442, which is his out lap, and PIA's lap without "
    "a time. FastF1 looks for equal lap times only. Race control counts one lap more than the timing here; the clock in the "
    "message tells which lap it is.",
    ("2025 Miami S", ROWS): _IN_LAP,
    (
        "2025 Miami S",
        "deleted",
    ): "Race control deleted lap 13 of ANT without naming a time; FastF1 looks for equal lap times only.",
}

HEAD = """# Sources compared

Written by `scripts/compare_sources.py`, which fails when a difference has no explanation. The ten sessions are those of the
test data with lap timing: a race, two sprints, three qualifyings, a shootout and three practices of 2018 to 2025, with rain,
red flags and safety cars. *archive* is f1nb's own reader of the official `.jsonStream` files, *FastF1* is source `fastf1` (FastF1 {fastf1}); both went
through the same ledger. Nothing is rounded away: two values are equal when they are the same to the millisecond.
Official results are F1DB's ([F1DB](https://www.f1db.com), CC BY 4.0), which had no part in either.

## Which one is used

Laps, timing, stints, messages and all that is on the session clock: **archive**, else TracingInsights' archive where it has the
session, else FastF1. Results: **Jolpica**, else FastF1, else the last state of the official screen. Circuit: **FastF1**. The
order is `BEST` in `f1nb/gathering.py`; `data_sets` says of each session which source every table came from.

Archive goes before FastF1 because in what follows it is right wherever the two differ, but for the lap times of lap 1, which
FastF1 has from Ergast, and a few speeds. It is also what the others are made from.

"""
_AGAINST = """## Against FastF1

Laps that both have; *n = d≠* says that n laps have a value in either source and d of them differ.

"""
_OFFICIAL = """## Against the official results

*places*: cars whose place is the official one, in the archive alone and in what `f1nb.load` gives. *laps*: drivers whose number
of laps is the official one. *best times*: q1 to q3 in qualifying, fastest laps elsewhere. *gap*: the largest difference
between the gap of two cars at the line on the last lap and the official gap of the result, time penalties taken off, in
milliseconds; no source is told what the gap of the result is.

"""
_NOTES = """
- The archive's own places after a race are those of the screen when the recording ends. Of the penalties given after the 2025
  Miami sprint it knows VER's and not those of ALB, LAW and BEA, which moves eleven cars; the official result goes before it.
- Q3 of RAI in 2019 has no time: he crashed. F1DB gives no place to those without a time in Q1 (2019 VER, 2023 DEV), Jolpica and
  the screen give them the last one.
- Jolpica lists the gap of RUS and HAM in the 2023 sprint to the car ahead instead of to the winner, and BOT of 2018, who stopped
  three laps before the end, as not classified, which he was. Both are put right in `f1nb/sources/jolpica.py`: gaps have the order
  of the places, and nine tenths of the distance are enough (true of all 4,222 results since 2018).
- In the wet first practice of 2022 TSU, VET, RIC, NOR and HAM set a time that the timing never counted. No message deletes it, so
  table `laps` does not know; the result does, because it is what the screen showed. FastF1 has neither.

"""
_CLOCK = """## The clock

Both begin at the same message, "Started". In a race FastF1 and f1nb both lay the laps of each car so that the gaps at the line
are those of the screen; f1nb takes all gaps of all cars together (`f1nb/sources/archive/gaps.py`). Elsewhere the message that
was least late tells where a run of timed laps lies. The table has the difference of the ends of laps, archive less FastF1.

"""


def load(entry: Entry, source: str, home: str) -> Session:
    """Return a session from one source, kept apart from all others."""
    os.environ["F1NB_HOME"] = f"{home}/{source}"
    return f1nb.load(entry.year, entry.event, entry.kind, source=source)


def differs(column: str) -> pl.Expr:
    """Whether a column of both is another value, or is in one only."""
    return pl.col(column).ne_missing(pl.col(f"{column}_fastf1"))


def against_fastf1(entry: Entry, ours: pl.DataFrame, theirs: pl.DataFrame) -> tuple[list[str], list[str]]:
    """Return the cells of the first table, and one line for each kind of difference."""
    both = ours.join(theirs, on=["driver", "lap"], suffix="_fastf1")
    alone = [a.join(b, on=["driver", "lap"], how="anti") for a, b in ((ours, theirs), (theirs, ours))]
    cells, lines = [f"{ours.height}, {theirs.height}"], []
    if sum(frame.height for frame in alone):
        where = [
            f"{n} {frame.height}: {named(frame)}" for n, frame in zip(("archive", "FastF1"), alone, strict=True) if frame.height
        ]
        lines.append(f"- **{entry}, laps only in** {'; '.join(where)}. {why(entry, ROWS)}")
    for kind, columns in COLUMNS.items():
        known = pl.any_horizontal(pl.col(c).is_not_null() | pl.col(f"{c}_fastf1").is_not_null() for c in columns)
        valued = both.filter(known)
        other = valued.filter(pl.any_horizontal(differs(c) for c in columns))
        cells.append(f"{valued.height} = {other.height}≠" if valued.height else "–")
        if other.height:
            lines.append(f"- **{entry}, {kind}**, {other.height}: {named(other)}. {why(entry, kind)}")
    return cells, lines


def why(entry: Entry, kind: str) -> str:
    """Return the explanation of a difference."""
    try:
        return WHY[str(entry), kind]
    except KeyError:
        sys.exit(f"{entry}: {kind} differs, and nothing in WHY says why")


def named(laps: pl.DataFrame) -> str:
    """Return the laps of each driver in words: ``STR 4, 5, 7, 11-13``."""
    out = []
    for (driver,), own in laps.sort("driver", "lap").group_by("driver", maintain_order=True):
        spans: list[list[int]] = []
        for lap in own["lap"]:
            if spans and spans[-1][-1] == lap - 1:
                spans[-1] = [spans[-1][0], lap]
            else:
                spans.append([lap])
        out.append(f"{driver} {', '.join('–'.join(map(str, dict.fromkeys(span))) for span in spans)}")
    return "; ".join(out) if len(out) < 8 else f"{laps['driver'].n_unique()} drivers, {laps.height} laps"


def official(entry: Entry, drivers: pl.DataFrame) -> pl.DataFrame:
    """Return the official classification with our codes."""
    practice = entry.kind.startswith("FP")
    table = pl.read_parquet(DATA / "f1db" / ("practice_results.parquet" if practice else "results.parquet"))
    own = table.filter(season=entry.year, round=entry.round, session=KINDS.get(entry.kind, entry.kind.lower()))
    return own.with_columns(number=pl.col("driver_number").cast(pl.String)).join(
        drivers.select("number", "driver"), on="number"
    )


def best_times(entry: Entry, sheet: pl.DataFrame, session: Session) -> str:
    """Return how many of the official best times the session has."""
    if entry.kind in {"Q", "SQ"}:
        both = sheet.join(session.results, on="driver")
        pairs = [both.select(ours=pl.col(f"q{n}_time_s"), sheet=pl.col(f"q{n}_ms") / 1000) for n in (1, 2, 3)]
    elif entry.kind.startswith("FP"):
        pairs = [sheet.join(session.results, on="driver", suffix="_ours").select(ours="time_s", sheet=pl.col("time_ms") / 1000)]
    elif entry.kind == "R":
        table = pl.read_parquet(DATA / "f1db" / "fastest_laps.parquet").filter(season=entry.year, round=entry.round)
        best = session.laps.group_by("driver").agg(ours=pl.col("lap_time_s").min())
        fastest = table.with_columns(number=pl.col("driver_number").cast(pl.String)).join(session.drivers, on="number")
        pairs = [fastest.join(best, on="driver").select("ours", sheet=pl.col("time_ms") / 1000)]
    else:
        return "–"
    times = pl.concat(pairs).filter(pl.col("sheet").is_not_null() | pl.col("ours").is_not_null())
    same = times.filter(pl.col("ours").round(3).eq_missing(pl.col("sheet").round(3)))
    return f"{same.height} of {times.height}"


def places(sheet: pl.DataFrame, session: Session) -> str:
    """Return how many cars have their official place."""
    both = sheet.drop_nulls("position").join(session.results.select("driver", ours="position"), on="driver", how="left")
    return f"{both.filter(pl.col('position').eq_missing(pl.col('ours'))).height} of {both.height}"


def lap_counts(sheet: pl.DataFrame, session: Session) -> str:
    """Return for how many drivers the number of laps is the official one; in a race those that were finished."""
    own = session.laps.filter(pl.col("end_time_s").is_not_null()) if session.is_race else session.laps
    both = sheet.join(own.group_by("driver").agg(n=pl.len()), on="driver", how="left")
    same = both.filter(pl.col("laps").fill_null(0) == pl.col("n").fill_null(0))
    return f"{same.height} of {both.height}"


def gap_error_ms(sheet: pl.DataFrame, session: Session) -> str:
    """Return the largest difference between gaps at the line on the last lap and those of the result before penalties."""
    ends = session.laps.filter(lap=session.laps["lap"].max()).select("driver", "end_time_s").drop_nulls()
    penalty_ms = pl.col("time_penalty_ms").fill_null(0)
    both = sheet.drop_nulls("gap_ms").join(ends, on="driver")
    first = ends.join(sheet.filter(position=1), on="driver", how="semi")["end_time_s"].item()
    late = both.select(e=((pl.col("end_time_s") - first) * 1000 - (pl.col("gap_ms") - penalty_ms)).round().abs())
    return f"{late['e'].max():.0f}"


def clock(ours: pl.DataFrame, theirs: pl.DataFrame) -> list[str]:
    """Return how far apart the ends of the same laps are."""
    both = ours.join(theirs, on=["driver", "lap"], suffix="_fastf1")
    apart = (both["end_time_s"] - both["end_time_s_fastf1"]).drop_nulls()
    figures = apart.to_frame("s").select(pl.median("s"), least=pl.min("s"), most=pl.max("s")).row(0)
    near = apart.to_frame("s").filter(pl.col("s").abs() <= 0.2).height
    return [*(f"{s:+.3f}" for s in figures), f"{near / max(len(apart), 1):.0%}"]


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines) + "\n"


def page() -> str:
    """Return the page."""
    import fastf1

    laps, results, clocks, lines = [], [], [], []
    os.environ["F1NB_ARCHIVE"] = str(DATA / "mirror")
    with tempfile.TemporaryDirectory() as home:
        for entry in SESSIONS:
            ours, theirs, both = (load(entry, source, home) for source in ("archive", "fastf1", "auto"))
            cells, more = against_fastf1(entry, ours.laps, theirs.laps)
            sheet = official(entry, ours.drivers)
            laps.append([str(entry), *cells])
            lines += more
            is_race = entry.kind in {"R", "S"}
            gaps = [gap_error_ms(sheet, session) if is_race else "–" for session in (ours, theirs)]
            order = [places(sheet, session) for session in (ours, both)]
            counts = [lap_counts(sheet, session) for session in (ours, theirs)]
            results.append([str(entry), *order, *counts, best_times(entry, sheet, ours), *gaps])
            clocks.append([str(entry), *clock(ours.laps, theirs.laps)])
    heads = ["session", "places: archive", "loaded", "laps: archive", "FastF1", "best times", "gap, ms: archive", "FastF1"]
    return "".join(
        [
            HEAD.format(fastf1=fastf1.__version__),
            _AGAINST,
            table(["session", "laps: archive, FastF1", *COLUMNS], laps),
            "\n### Why\n\n" + "\n".join(lines) + "\n\n",
            _OFFICIAL,
            table(heads, results),
            _NOTES,
            _CLOCK,
            table(["session", "median, s", "least", "most", "within 0.2 s"], clocks),
        ]
    )


if __name__ == "__main__":
    if not (DATA / "mirror").is_dir():
        sys.exit(f"no real data: {DATA / 'mirror'} is missing; set F1NB_TEST_DATA")
    PAGE.write_text(page(), "utf-8")
