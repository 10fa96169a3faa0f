"""Write docs/schema.md from f1nb/schema.py; with --check, fail when it is not current."""

import sys
from pathlib import Path

import polars as pl

from f1nb import schema

PAGE = Path(__file__).parent.parent / "docs" / "schema.md"

_HEAD = """# Tables

<!-- Written by scripts/schema_docs.py from f1nb/schema.py; do not edit. -->

Every source returns these tables and nothing else, and everything downstream reads only them. The unit is the suffix of the
name: `_s` seconds, `_m` metres, `_kmh`, `_c` °C, `_hpa`, `_mps` m/s, `_deg`, `_pct`. A name with `_utc` is an instant. A
missing value is null. `time_s` is the session clock: seconds from the session's zero, the same for all tables.
"""

_CODES = [
    (["compound"], schema.COMPOUNDS),
    (["state"], schema.CAR_STATES),
    ([f for f in schema.TIMING_FIELDS if f.endswith("_mark")], schema.MARKS),
]


def kind(dtype: pl.DataType) -> str:
    """Return the type in words."""
    if isinstance(dtype, pl.Enum):
        return "one of " + " ".join(f"`{c}`" for c in dtype.categories)
    if isinstance(dtype, pl.List):
        return "list, " + kind(pl.Schema({"inner": dtype.inner})["inner"])
    if isinstance(dtype, pl.Datetime):
        return "instant, UTC, ms"
    return str(dtype)


def page() -> str:
    """Return the page."""
    parts = [_HEAD]
    for table in schema.TABLES.values():
        order = f" Sorted by {', '.join(f'`{c}`' for c in table.sorted_by)}." if table.sorted_by else ""
        rows = [f"| `{c.name}` | {kind(table.schema[c.name])} | {c.meaning} |" for c in table.columns]
        parts.append(
            "\n".join(
                [f"## {table.name}", "", table.meaning + order, "", "| column | type | meaning |", "|---|---|---|", *rows, ""]
            )
        )
    codes = [f"| {', '.join(fields)} | {', '.join(f'{i} {v}' for i, v in enumerate(values))} |" for fields, values in _CODES]
    parts.append("\n".join(["## Codes in timing", "", "| field | value |", "|---|---|", *codes, ""]))
    return "\n".join(parts)


def main() -> int:
    """Write the page, or say that it is out of date."""
    text = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, "utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text("utf-8") == text:
        return 0
    print(f"{PAGE.name} is out of date: run python scripts/schema_docs.py and commit it", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
