"""What the official timing writes as a code: the status of the track, a tyre, a car's number."""

from __future__ import annotations

from collections.abc import Iterable

from f1nb.schema import COMPOUNDS

TRACK_STATUS = {"1": "clear", "2": "yellow", "4": "safety_car", "5": "red", "6": "vsc", "7": "vsc_ending"}
SEVERITY = ("red", "safety_car", "vsc", "vsc_ending", "yellow", "clear")

# race numbers that belonged to one driver, or to several in turn; seasons where not all
_NUMBERS = """
1 VER 2022-2025|1 NOR 2026-|2 VAN 2018|2 SAR 2023-2024|3 RIC -2024|3 VER 2026-|4 NOR 2019-2025|5 VET -2022|5 BOR 2025-
6 LAT 2020-2022|6 HAD 2025-|7 RAI -2021|7 DOO 2025|8 GRO -2020|9 ERI 2018|9 MAZ 2021|10 GAS|11 PER|12 ANT 2025-|14 ALO|16 LEC
18 STR|20 MAG -2024|21 DEV 2023|22 TSU 2021-|23 ALB 2019-|24 ZHO 2022-2024|26 KVY 2019-2020|27 HUL|28 HAR 2018
30 LAW 2024-|31 OCO|33 VER -2021|35 SIR 2018|38 BEA 2024|40 LAW 2023|41 LIN 2026-|43 COL 2024-|44 HAM|45 DEV 2022
47 MSC 2021-2022|50 BEA 2024|51 FIT 2020|55 SAI|61 DOO 2024|63 RUS 2019-|77 BOT|81 PIA 2023-|87 BEA 2025-|88 KUB 2019-2021
89 AIT 2020|99 GIO 2019-2021
"""
_CODES = [(row + " -").split()[:3] for row in _NUMBERS.strip().replace("\n", "|").split("|")]


def driver_code(number: str, year: int) -> str | None:
    """Return who raced with a number in a season, None when that is not known here.

    Examples
    --------
    >>> driver_code("1", 2025), driver_code("1", 2026), driver_code("98", 2026)
    ('VER', 'NOR', None)
    """
    for known, code, seasons in _CODES:
        first, dash, last = seasons.partition("-")
        if known == number and int(first or 0) <= year <= int(last or (9999 if dash else first)):
            return code
    return None


def statuses_met(codes: Iterable[str]) -> list[str] | None:
    """Return the statuses of the track that a lap met, the most severe first; None when it says nothing.

    Examples
    --------
    >>> statuses_met("124"), statuses_met("")
    (['safety_car', 'yellow', 'clear'], None)
    """
    met = {TRACK_STATUS[code] for code in codes if code in TRACK_STATUS}
    return sorted(met, key=SEVERITY.index) or None


def compound(name: str | None) -> str | None:
    """Return a tyre as the schema names it; None for test tyres and everything else that is no name of one.

    Examples
    --------
    >>> compound("hypersoft"), compound("TEST-UNKNOWN"), compound(None)
    ('HYPERSOFT', None, None)
    """
    upper = (name or "").upper()
    return upper if upper in COMPOUNDS else None
