"""Make the tables of countries and networks that come with vigie.

Run, with the three packages of docs/origins.md fetched into a folder outside the project (their names and versions are in PACKAGES):
    .venv/bin/python tools/build_origins.py FOLDER

Each package is checked against its digest, read as text (numbers of IPv6 do not fit a float), made disjoint (the narrowest range wins),
neighbours that say the same are joined, and everything is written to src/vigie/origins/data with its notices.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from vigie.origins.addresses import halves_of
from vigie.origins.ranges import ranges

VERSION = "2.3.2026061719"
DATE = "2026-06-17"
LICENCE = {
    "asn-country": "CC BY 4.0, Number Resource Organization (nro.net)",
    "geo-whois-asn-country": "CC BY 4.0, Number Resource Organization (nro.net)",
    "asn": "CC BY 4.0, RouteViews (routeviews.org), NRO (nro.net), DB-IP (db-ip.com)",
}
PACKAGES = {
    "asn-country": "KN/mUGqf/nwkI0RDvv4knOc5xGXxbooU1MlTXThEJcJVyWxHoCx6oRed8p7NguGKZRpQPmZWdWw/zslHZsUC6Q==",
    "geo-whois-asn-country": "9MQ3r2q+GDLwW+Mye5duWnHe3n1qB1ZcNUcM9P58CpdW86Gt44AgfIrem6Pcy/tbCHhQ70RJCLngQQyYnaEjbw==",
    "asn": "PpqYi7wyEyWwunXBtl+y3Vi403SvNywotWwvmiYCOUtE0SVol/Sf492Ee+eErEznmGapxEQB2SAfrpXuZ9a+vQ==",
}
"""Package (of the scope ip-location-db) and the SHA-512 of its archive."""

OUT = Path(__file__).resolve().parents[1] / "src" / "vigie" / "origins" / "data"


def members(folder: Path, name: str) -> dict[str, bytes]:
    """Files of a package, after its digest was checked."""
    path = folder / f"ip-location-db-{name}-{VERSION}.tgz"
    raw = path.read_bytes()
    if base64.b64encode(hashlib.sha512(raw).digest()).decode() != PACKAGES[name]:
        raise SystemExit(f"{path}: not the package that is asked for")
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        return {member.name.removeprefix("package/"): archive.extractfile(member).read() for member in archive if member.isfile()}  # type: ignore[union-attr]


def rows_of(data: bytes, names: tuple[str, ...]) -> pl.DataFrame:
    """Lines of a file as text."""
    return pl.read_csv(data, has_header=False, new_columns=list(names), infer_schema=False, quote_char='"')


def numbers(column: pl.Series, six: bool) -> np.ndarray:
    """Numbers of a column of digits."""
    if not six:
        return column.cast(pl.UInt32).to_numpy()
    return np.frombuffer(b"".join(int(one).to_bytes(16, "big") for one in column.to_list()), "S16")


def plus_one(values: np.ndarray) -> np.ndarray:
    """The address after each."""
    if values.dtype.kind != "S":
        return values + np.uint32(1)
    raw = values.tobytes()
    return np.frombuffer(b"".join(((int.from_bytes(raw[at : at + 16], "big") + 1) % 2**128).to_bytes(16, "big") for at in range(0, len(raw), 16)), "S16")


def compact(start: np.ndarray, end: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Disjoint ranges, neighbours of one value joined."""
    found = ranges(start, end)
    said = value[found.row]
    new = np.ones(len(said), bool)
    new[1:] = (said[1:] != said[:-1]) | (plus_one(found.end[:-1]) != found.start[1:])
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(said)) - 1
    return found.start[first], found.end[last], said[first]


def write(table: pa.Table, name: str, six: bool | None) -> None:
    """A file as small as Parquet makes it."""
    places = [] if six is None else ["start_hi", "start_lo", "end_hi", "end_lo"] if six else ["start", "end"]
    dictionary = [column for column in table.column_names if column in ("cc", "asn") and places]
    pq.write_table(
        table, OUT / f"{name}.parquet", compression="zstd", compression_level=19, use_dictionary=dictionary,
        column_encoding=dict.fromkeys(places or ["asn"], "DELTA_BINARY_PACKED"), write_statistics=False,
    )


def main(folder: Path) -> None:
    """Build all."""
    OUT.mkdir(parents=True, exist_ok=True)
    about: dict[str, dict[str, object]] = {}
    for name, digest in PACKAGES.items():
        parts = members(folder, name)
        about[name] = {"package": f"@ip-location-db/{name}", "version": VERSION, "date": DATE, "licence": LICENCE[name], "sha512": digest}
        names: pl.DataFrame | None = None
        for family in (4, 6):
            said = "asn" if name == "asn" else "cc"
            columns = ("start", "end", said, "org") if name == "asn" else ("start", "end", said)
            rows = rows_of(parts[f"{name}-ipv{family}-num.csv"], columns)
            six = family == 6
            value = rows[said].cast(pl.UInt32).to_numpy() if name == "asn" else rows[said].to_numpy()
            start, end, value = compact(numbers(rows["start"], six), numbers(rows["end"], six), value)
            if six:
                (hi, lo), (last_hi, last_lo) = halves_of(start), halves_of(end)
                places = {"start_hi": hi, "start_lo": lo, "end_hi": last_hi, "end_lo": last_lo}
            else:
                places = {"start": start, "end": end}
            write(pa.table({**places, said: pa.array(value, pa.uint32() if name == "asn" else pa.string())}), f"{name}-ipv{family}", six)
            about[name][f"ipv{family}"] = len(start)
            if name == "asn":
                mine = rows.select(pl.col("asn").cast(pl.UInt32), "org")
                names = mine if names is None else pl.concat([names, mine])
        if names is not None:
            kept = names.filter(pl.col("org").is_not_null()).unique("asn", keep="first", maintain_order=True).sort("asn")
            write(kept.select("asn", pl.col("org").str.slice(0, 120)).to_arrow().cast(pa.schema([("asn", pa.uint32()), ("org", pa.string())])), "asn-names", None)
            about[name]["names"] = kept.height
        for notice in ("NRO_LICENSE", "ROUTEVIEWS-LICENSE", "DBIP-LICENSE", "MODIFICATIONS"):
            if notice in parts:
                (OUT / notice).write_bytes(parts[notice].rstrip() + b"\n")
    (OUT / "about.json").write_text(json.dumps({"tables": about}, indent=1) + "\n", "utf-8")
    total = sum(path.stat().st_size for path in OUT.iterdir())
    for path in sorted(OUT.iterdir()):
        sys.stdout.write(f"{path.stat().st_size:>10,}  {path.name}\n")
    sys.stdout.write(f"{total:>10,}  in all\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
