"""Who is behind a code, and where an event takes place, for sources that publish neither.

Facts of the seasons 2018 to 2026, compiled for this package. A code that is missing here keeps its code as its name.
"""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where a Grand Prix takes place."""

    country: str
    location: str
    circuit: str


_NAMES = """
AIT Jack Aitken|ALB Alexander Albon|ALO Fernando Alonso|ANT Kimi Antonelli|BEA Oliver Bearman|BOR Gabriel Bortoleto
BOT Valtteri Bottas|COL Franco Colapinto|DEV Nyck de Vries|DOO Jack Doohan|ERI Marcus Ericsson|FIT Pietro Fittipaldi
GAS Pierre Gasly|GIO Antonio Giovinazzi|GRO Romain Grosjean|HAD Isack Hadjar|HAM Lewis Hamilton|HAR Brendon Hartley
HUL Nico Hülkenberg|KUB Robert Kubica|KVY Daniil Kvyat|LAT Nicholas Latifi|LAW Liam Lawson|LEC Charles Leclerc
LIN Arvid Lindblad|MAG Kevin Magnussen|MAZ Nikita Mazepin|MSC Mick Schumacher|NOR Lando Norris|OCO Esteban Ocon
PER Sergio Pérez|PIA Oscar Piastri|RAI Kimi Räikkönen|RIC Daniel Ricciardo|RUS George Russell|SAI Carlos Sainz
SAR Logan Sargeant|SIR Sergey Sirotkin|STR Lance Stroll|TSU Yuki Tsunoda|VAN Stoffel Vandoorne|VER Max Verstappen
VET Sebastian Vettel|ZHO Zhou Guanyu
"""
NAMES = {entry[:3]: entry[4:] for entry in _NAMES.replace("\n", "|").split("|") if entry}

TEAM_COLORS = {
    "alfa romeo": "#b12039",
    "alphatauri": "#5e8faa",
    "alpine": "#00a1e8",
    "aston martin": "#229971",
    "audi": "#c4373b",
    "cadillac": "#9aa5ad",
    "ferrari": "#ed1131",
    "force india": "#f596c8",
    "haas": "#9c9fa2",
    "kick sauber": "#01c00e",
    "mclaren": "#f47600",
    "mercedes": "#00d7b6",
    "racing bulls": "#6c98ff",
    "racing point": "#f596c8",
    "rb": "#6692ff",
    "red bull": "#4781d7",
    "renault": "#fff500",
    "sauber": "#01c00e",
    "toro rosso": "#469bff",
    "williams": "#1868db",
}

_PLACES = """
70th Anniversary|Great Britain|Silverstone|Silverstone Circuit|2020
Abu Dhabi|United Arab Emirates|Yas Island|Yas Marina Circuit
Australian|Australia|Melbourne|Albert Park Circuit
Austrian|Austria|Spielberg|Red Bull Ring
Azerbaijan|Azerbaijan|Baku|Baku City Circuit
Bahrain|Bahrain|Sakhir|Bahrain International Circuit
Barcelona|Spain|Barcelona|Circuit de Barcelona-Catalunya|2026-
Belgian|Belgium|Spa-Francorchamps|Circuit de Spa-Francorchamps
Brazilian|Brazil|São Paulo|Autódromo José Carlos Pace (Interlagos)|2018-2019
British|Great Britain|Silverstone|Silverstone Circuit
Canadian|Canada|Montréal|Circuit Gilles Villeneuve
Chinese|China|Shanghai|Shanghai International Circuit
Dutch|Netherlands|Zandvoort|Circuit Zandvoort|2021-
Eifel|Germany|Nürburg|Nürburgring|2020
Emilia Romagna|Italy|Imola|Autodromo Enzo e Dino Ferrari|2020-2025
French|France|Le Castellet|Circuit Paul Ricard|2018-2022
German|Germany|Hockenheim|Hockenheimring|2018-2019
Hungarian|Hungary|Budapest|Hungaroring
Italian|Italy|Monza|Autodromo Nazionale Monza
Japanese|Japan|Suzuka|Suzuka Circuit
Las Vegas|United States|Las Vegas|Las Vegas Strip Circuit|2023-
Mexican|Mexico|Mexico City|Autódromo Hermanos Rodríguez|2018-2019
Mexico City|Mexico|Mexico City|Autódromo Hermanos Rodríguez|2021-
Miami|United States|Miami|Miami International Autodrome|2022-
Monaco|Monaco|Monaco|Circuit de Monaco
Portuguese|Portugal|Portimão|Autódromo Internacional do Algarve|2020-2021
Qatar|Qatar|Lusail|Lusail International Circuit|2021-
Russian|Russia|Sochi|Sochi Autodrom|2018-2021
Sakhir|Bahrain|Sakhir|Bahrain International Circuit, outer|2020
São Paulo|Brazil|São Paulo|Autódromo José Carlos Pace (Interlagos)|2021-
Saudi Arabian|Saudi Arabia|Jeddah|Jeddah Corniche Circuit|2021-
Singapore|Singapore|Marina Bay|Marina Bay Street Circuit
Spanish|Spain|Barcelona|Circuit de Barcelona-Catalunya
Styrian|Austria|Spielberg|Red Bull Ring|2020-2021
Turkish|Turkey|Istanbul|Istanbul Park|2020-2021
Tuscan|Italy|Mugello|Autodromo Internazionale del Mugello|2020
United States|United States|Austin|Circuit of the Americas
"""
_ROWS = [row.split("|") for row in _PLACES.strip().splitlines()]  # event, country, town, circuit, seasons where not all
PLACES = {f"{row[0]} Grand Prix": Place(*row[1:4]) for row in _ROWS}  # the 2026 Spanish one is in Madrid: see place()
_SEASONS = {f"{row[0]} Grand Prix": row[4] for row in _ROWS if len(row) > 4}


def events(year: int) -> list[str]:
    """Return the events that a season can have: a town or country then mostly means one of them.

    Examples
    --------
    >>> "Sakhir Grand Prix" in events(2020), "Sakhir Grand Prix" in events(2025)
    (True, False)
    """

    def held(event: str) -> bool:
        first, _, last = _SEASONS.get(event, "-").partition("-")
        if "-" not in _SEASONS.get(event, "-"):
            last = first
        return int(first or 0) <= year <= int(last or 9999)

    return [event for event in PLACES if held(event)]


def place(event: str, year: int) -> Place | None:
    """Return where an event takes place, or None for an event that is not in the list."""
    if event == "Spanish Grand Prix" and year >= 2026:
        return Place("Spain", "Madrid", "Madring")
    if event == "Bahrain Grand Prix" and year == 2026:  # moved in the season, under its name
        return Place("Malaysia", "Kuala Lumpur", "Sepang International Circuit")
    return PLACES.get(event)


def team_color(team: str) -> str | None:
    """Return the colour of a team as #rrggbb, matched by the part of its name that stays over the years.

    Examples
    --------
    >>> team_color("Red Bull Racing")
    '#4781d7'
    """
    name = team.lower()
    if name in TEAM_COLORS:
        return TEAM_COLORS[name]
    found = [key for key in TEAM_COLORS if name.startswith(key) or key in name.split(" f1")[0]]
    return TEAM_COLORS[max(found, key=len)] if found else None


def usual_name(code: str, published: str | None) -> str | None:
    """Return the name that a driver has in every source: names are published with and without accents, in either order.

    Examples
    --------
    >>> usual_name("ZHO", "Guanyu ZHOU"), usual_name("NOR", None), usual_name("SCH", "Mick Schumacher")
    ('Zhou Guanyu', 'Lando Norris', 'Mick Schumacher')
    """
    usual = NAMES.get(code)
    if usual and (published is None or set(driver_id(usual).split("-")) & set(driver_id(published).split("-"))):
        return usual
    return published


def driver_id(full_name: str) -> str:
    """Return an identifier that is stable over seasons: the name in ASCII, lower case, with dashes.

    Examples
    --------
    >>> driver_id("Sergio Pérez")
    'sergio-perez'
    """
    import unicodedata

    plain = unicodedata.normalize("NFKD", full_name).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", "-")
