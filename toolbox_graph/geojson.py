"""Where on Earth is what a row tells of?

A row has a point in a column of that name, written as WKT (GeoSPARQL 1.1, section 8.5.1), or latitude and longitude in
two. GeoJSON has longitude first and knows no other reference than WGS 84 (RFC 7946, sections 3.1.1 and 4).
"""

import json
import re
from collections.abc import Mapping, Sequence

from toolbox_graph.store.quads import value_of

POINTS = ("point", "wkt", "geometry", "location", "coordinates")
LATITUDES, LONGITUDES = ("lat", "latitude"), ("long", "lon", "lng", "longitude")
"""The names of columns that say where something is."""

POINT = re.compile(
    r"\s*(?:<(?P<crs>[^>]*)>)?\s*POINT\s*Z?\s*\(\s*(?P<numbers>[^()]*?)\s*\)\s*", re.IGNORECASE | re.ASCII
)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)

LONGITUDE_FIRST = ("", "http://www.opengis.net/def/crs/OGC/1.3/CRS84")
LATITUDE_FIRST = ("http://www.opengis.net/def/crs/EPSG/0/4326",)
"""The systems of reference that are WGS 84, by the order of their axes."""

NOWHERE = "null"
"""The place of what has none (RFC 7946, section 3.2)."""


def fits(columns: Sequence[str]) -> bool:
    """Return whether a table with some columns says where things are."""
    return bool(_columns(columns))


def located(row: Mapping[str, str]) -> tuple[Mapping[str, str], str]:
    """Return a row without the columns that say where it is, and that as a geometry of GeoJSON."""
    names = _columns(list(row))
    rest = {name: term for name, term in row.items() if name not in names}
    terms = [row[name] for name in names]
    texts = [value_of(term) if term.startswith('"') else term for term in terms]
    return rest, _pair(texts[1], texts[0]) if len(texts) == 2 else point(texts[0])


def _columns(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that say where things are: one with a point, or one with latitudes and one with longitudes."""
    for name in POINTS:
        if name in columns:
            return (name,)
    latitude, longitude = (next((name for name in names if name in columns), "") for names in (LATITUDES, LONGITUDES))
    return (latitude, longitude) if latitude and longitude else ()


def point(text: str) -> str:
    """Return a point in WKT as a geometry of GeoJSON; what is none, or in another system of reference, is nowhere.

    >>> point("Point(2.3522 48.8566)")
    '{"type": "Point", "coordinates": [2.3522, 48.8566]}'
    >>> point("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(48.8566 2.3522)")
    '{"type": "Point", "coordinates": [2.3522, 48.8566]}'
    """
    found = POINT.fullmatch(text)
    numbers = found["numbers"].split() if found else []
    if not found or len(numbers) not in {2, 3}:
        return NOWHERE
    if (found["crs"] or "") in LONGITUDE_FIRST:
        return _pair(*numbers)
    return _pair(numbers[1], numbers[0], *numbers[2:]) if found["crs"] in LATITUDE_FIRST else NOWHERE


def _pair(longitude: str, latitude: str, *height: str) -> str:
    written = (longitude, latitude, *height)
    if not all(NUMBER.fullmatch(number) for number in written):
        return NOWHERE
    numbers = [float(number) for number in written]
    if abs(numbers[0]) > 180 or abs(numbers[1]) > 90:
        return NOWHERE
    return json.dumps({"type": "Point", "coordinates": numbers})
