"""Small spreadsheets in the form of the official one, for tests of their reader."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
_TAIL = "</office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)

DAILY_HEAD = ["Date", "Migrants arrived", "Boats arrived", "Notes"]
WEEKLY_HEAD = ["Week ending", "Migrants arrived", "Boats arrived", "Migrants prevented", "Events prevented"]
FIRST = date(2024, 1, 1)  # a Monday


def write_ods(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """Write sheets of rows: numbers, dates, texts, None for an empty cell."""
    body = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", _MANIFEST)
        book.writestr("content.xml", _HEAD + body + _TAIL)
    return path


def _row(cells: list[object]) -> str:
    return f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>"


def _cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    kind = f'office:value-type="string"><text:p>{escape(str(value))}</text:p>'
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value}"><text:p>{value}</text:p>'
    elif isinstance(value, (int, float)):
        kind = f'office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
    return f"<table:table-cell {kind}</table:table-cell>"


def two_weeks() -> dict[str, list[list[object]]]:
    """Return both sheets for a fortnight, with titles above and notes beneath, as they are published."""
    people = [0, 50, 0, 0, 120, 61, 0, 0, 0, 0, 55, 0, 0, 0]
    boats = [0, 1, 0, 0, 3, 1, 0, 0, 0, 0, 1, 0, 0, 0]
    days = [FIRST + timedelta(days=k) for k in range(14)]
    daily: list[list[object]] = [["SB_01: daily arrivals"], [None], [*DAILY_HEAD]]
    daily += [[day, p, b, None] for day, p, b in zip(days, people, boats, strict=True)]
    daily += [[None], ["Source: a test"]]
    weekly: list[list[object]] = [["SB_02: weekly"], [*WEEKLY_HEAD]]
    weekly += [[days[6], 231, 5, 90, 4], [days[13], 55, 1, "[z]", "[z]"], ["Note"]]
    return {"Cover": [["Time series"]], "SB_01": daily, "SB_02": weekly}
