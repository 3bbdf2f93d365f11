"""Where the story's addresses are: two invented tables of countries that do not exist, written beside the logs and kept with the demo's archive.

Addresses for documentation belong to nobody, so no real table knows them. Half of the story's attacks have their last hop in one country whose
networks rent out machines, as it happened to campaigns: what may be said of it is an interval.

References:
    - ISO 3166-1: QM to QZ are for private use, so that they are no country's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

RELAY_COUNTRY: Final = "QX"
"""The country with half of the last hops."""

TABLES: Final = ("invented-places", "invented-second-opinion")
DATE: Final = "2017-01-31"

_PLACES: Final = (
    ("192.0.2.0/26", "QX", 64496, "Example Rent-a-Server", "hosting", ""),
    ("192.0.2.64/26", "QX", 64497, "Example Tunnel Company", "", "vpn"),
    ("192.0.2.128/25", "QX", 64498, "Example Telecom", "access", ""),
    ("198.51.100.0/27", "QX", 64499, "Example Friends of Onions", "", "tor_exit"),
    ("198.51.100.32/27", "QX", 64498, "Example Telecom", "access", ""),
    ("198.51.100.64/26", "QX", 64500, "Example Mobile", "mobile", ""),
    ("198.51.100.128/27", "QY", 64501, "Example Cloud North", "hosting", ""),
    ("198.51.100.160/27", "QY", 64502, "Example Broadband", "access", ""),
    ("198.51.100.192/26", "QY", 64502, "Example Broadband", "access", ""),
    ("203.0.113.0/25", "QZ", 64503, "Example Fibre", "access", ""),
    ("203.0.113.128/26", "QW", 64504, "University of Example", "education", ""),
    ("203.0.113.192/26", "QV", 64505, "Example Net South", "access", ""),
    ("2001:db8:bad:1::/64", "QX", 64498, "Example Telecom", "access", ""),
    ("2001:db8:bad:2::/63", "QX", 64498, "Example Telecom", "access", ""),
    ("2001:db8:bad:4::/62", "QX", 64500, "Example Mobile", "mobile", ""),
    ("2001:db8:bad:8::/61", "QX", 64496, "Example Rent-a-Server", "hosting", ""),
    ("2001:db8:bad:10::/60", "QY", 64502, "Example Broadband", "access", ""),
    ("2001:db8:bad:f0::/64", "QV", 64505, "Example Net South", "access", ""),
    ("2001:db8:b0b::/57", "QX", 64498, "Example Telecom", "access", ""),
    ("2001:db8:b0b:80::/57", "QZ", 64503, "Example Fibre", "access", ""),
    ("2001:db8:c00::/38", "QZ", 64503, "Example Fibre", "access", ""),
)  # fmt: skip
"""Network, country, number and name, what it is for, relay."""

_SECOND: Final = (
    ("192.0.2.0/25", "QX"), ("192.0.2.128/26", "QX"), ("192.0.2.192/27", "QX"), ("192.0.2.224/27", "QY"), ("198.51.100.0/25", "QX"),
    ("198.51.100.128/25", "QY"), ("203.0.113.0/25", "QZ"), ("203.0.113.128/26", "QW"), ("203.0.113.192/27", "QV"), ("203.0.113.224/27", "QV"),
    ("2001:db8:bad::/60", "QX"), ("2001:db8:bad:10::/60", "QY"), ("2001:db8:bad:f0::/64", "QV"), ("2001:db8:b0b::/57", "QX"), ("2001:db8:b0b:80::/57", "QZ"), ("2001:db8:c00::/38", "QZ"),
)  # fmt: skip
"""The same in another table, which places one network elsewhere."""

_HEAD: Final = "# Invented by vigie demo / inventé par vigie demo: no such country, no such network.\n"


def write_places(folder: Path) -> tuple[Path, ...]:
    """Write both tables.

    Args:
        folder: is made.

    Returns:
        the files, the first table first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["network,country,asn,network_name,kind,relay", *(",".join(map(str, row)) for row in _PLACES)]
    second = ["network,country", *(",".join(row) for row in _SECOND)]
    paths = tuple(folder / f"{name}.csv" for name in TABLES)
    for path, lines in zip(paths, (rows, second), strict=True):
        path.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return paths


def keep_places(folder: Path, archive: Path) -> None:
    """Keep the tables of a demo with its archive, so that `--geo` need not be given.

    Args:
        folder: of the tables.
        archive: its folder.

    Raises:
        TableError: they cannot be read or kept.
    """
    import datetime as dt

    from vigie.origins.geo_file import geo_table
    from vigie.origins.store import keep_table

    for name in TABLES:
        keep_table(archive / "origins", geo_table(folder / f"{name}.csv", dt.date.fromisoformat(DATE)))
