"""Where the real data are: never in this repository."""

from __future__ import annotations

import os
from pathlib import Path

DATA = Path(os.environ.get("F1NB_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data").resolve()
