"""Commands for single sessions: load, list, open, export."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from f1nb.cli._words import Commands, command, port, session_words


def add(commands: Commands) -> None:
    """Add the commands."""
    load = command(commands, "load", _load, "Load a session into the store.")
    session_words(load)
    load.add_argument(
        "--source",
        default="auto",
        metavar="SOURCE",
        help="auto, archive, tracinginsights, fastf1, or the path of a zip or folder (default: auto, one after the other)",
    )
    load.add_argument("--force", action="store_true", help="load it again although it is in the store")

    dashboard = command(
        commands,
        "dashboard",
        _dashboard,
        "Open a session's dashboard in the browser; without a session the latest season's, the one loaded last, else the "
        "simulated one.",
    )
    session_words(dashboard, optional=True)
    dashboard.add_argument("--simulated", action="store_true", help="the simulated Grand Prix")
    dashboard.add_argument(
        "--live",
        nargs="?",
        const="",
        metavar="URL",
        help="follow the session that is going on, as a feed tells it (default: F1NB_LIVE_URL, else the official one)",
    )
    dashboard.add_argument(
        "--port", type=port, help="port to listen on, on this machine only (default: 8866 or the next free one)"
    )
    dashboard.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")
    dashboard.add_argument("--theme", choices=("dark", "light"), help="default: as the viewer's system")

    command(commands, "sessions", _sessions, "List the sessions in the store.")

    export = commands.add_parser(
        "export", help="Write a session as a file for others.", description="Write a session as a file."
    )
    kinds = export.add_subparsers(title="kinds", metavar="KIND", required=True)
    html = command(kinds, "html", _export_html, "Write the dashboard as one HTML file that plays without server or network.")
    session_words(html, optional=True)
    html.add_argument("--simulated", action="store_true", help="the simulated Grand Prix")
    html.add_argument("--out", type=Path, metavar="FILE", help="default: named after the session, in this folder")
    html.add_argument("--theme", choices=("dark", "light"), help="default: as the viewer's system")


def _load(options: argparse.Namespace) -> None:
    from f1nb.loading import load
    from f1nb.store import Key, Store, find

    began = datetime.now(UTC).replace(microsecond=0)
    session = load(options.year, options.event, options.session, source=options.source, force=options.force)
    key = Key(session.info["year"], session.info["event"], session.info["session"])
    store = find(key) or Store()
    manifest = store.manifest(key)
    if datetime.fromisoformat(manifest["created_utc"]) < began:
        where = "the store" if store.name == Store().name else store.name
        print(f"already in {where}, from {manifest['source']}; --force loads it again")
    samples = session.data_sets.filter(table="telemetry")["rows"].sum()
    print(f"{session.title}: {session.drivers.height} drivers, {session.laps.height:,} laps, {samples:,} samples")


def _named(options: argparse.Namespace) -> dict[str, str]:
    """Return the session that was named on the command line; either all three words or none."""
    words = {k: getattr(options, k) for k in ("year", "event", "session")}
    given = {k: v for k, v in words.items() if v is not None}
    if given and options.simulated:
        options.parser.error("name a session or give --simulated, not both")
    if given and len(given) < len(words):
        options.parser.error("a session is named by year, event and kind, e.g. 2025 Dutch R")
    return given


def _dashboard(options: argparse.Namespace) -> None:
    from f1nb.serve import dashboard_notebook, serve

    named = _named(options)
    if options.live is not None:
        if named or options.simulated:
            options.parser.error("give --live, or name a session")
        _live_dashboard(options)
        return
    if named:
        from f1nb.compose import stored

        key, _ = stored(**named)
        params = {"year": str(key.year), "event": key.event, "session": key.session}
    else:
        from f1nb.loading import simulated_race
        from f1nb.store import catalog

        params = {}
        if options.simulated or not catalog():
            simulated_race()  # before the first viewer waits for it
            params = {"event": "simulated"}
    serve(
        dashboard_notebook("session"),
        port=options.port,
        open_browser=not options.no_browser,
        theme=options.theme,
        params=params,
    )


def _live_dashboard(options: argparse.Namespace) -> None:
    from f1nb.live.feed import address
    from f1nb.serve import dashboard_notebook, serve

    # kernels inherit it; in the page's address anybody could send them somewhere else
    os.environ["F1NB_LIVE_URL"] = url = address(options.live or None)
    print(f"following {url}", flush=True)
    serve(
        dashboard_notebook("live"),
        port=options.port,
        open_browser=not options.no_browser,
        theme=options.theme,
        preheat=False,  # a kernel that waits for a viewer would follow the feed for nobody
    )


def _sessions(_: argparse.Namespace) -> None:
    from f1nb.compose import sessions
    from f1nb.store import Store

    rows = sessions()
    if rows.is_empty():
        print('the store is empty; load a session, e.g. f1nb load 2025 "Dutch Grand Prix" R')
        return
    width = max(len(e) for e in rows["event"])
    here = Store().name
    for year, event, session, source, size_mb, _created, where in rows.iter_rows():
        shared = "" if where == here else f"  shared: {where}"
        print(f"{year}  {event:<{width}}  {session:<3}  {size_mb:5.1f} MB  {source}{shared}")


def _export_html(options: argparse.Namespace) -> None:
    from f1nb.compose import dashboard, stored
    from f1nb.loading import simulated_race
    from f1nb.store import slug

    named = _named(options)
    if not named and not options.simulated:
        options.parser.error("name a session, e.g. 2025 Dutch R, or give --simulated")
    if named:
        key, store = stored(**named)
        session = store.open(key)
    else:
        session = simulated_race()
    path = options.out or Path(f"{slug(session.title)}.html")
    written = dashboard(session).to_html(path, theme=options.theme)
    print(f"{written} ({written.stat().st_size / 1e6:.1f} MB)")
