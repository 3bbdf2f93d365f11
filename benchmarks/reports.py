"""How long the exports take and how large they are: a bundle of about 2,000 objects, and optionally those of an archive, validated whole.

Run: .venv/bin/python benchmarks/reports.py [ARCHIVE]
"""

from __future__ import annotations

import dataclasses
import json
import sys
import time
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vigie.attacks.count import Count, Period, Step
from vigie.attacks.settings import Settings
from vigie.attacks.trend import Trend
from vigie.reports import cert, ecs, html, indicators, misp, ocsf, press, stix
from vigie.reports.document import as_html, as_text
from vigie.reports.facts import NOT_LOOKED, Attack, Custody, Family, Report, Source, Unknown, checked
from vigie.reports.marking import Marking
from vigie.reports.organisation import Incident, Organisation

START = datetime(2017, 1, 15, tzinfo=UTC)


def invented(sources: int) -> Report:
    """A report with so many indicators and as many attacks."""
    unknown = Unknown(NOT_LOOKED, "logs")
    seen = tuple(
        Source(f"2001:db8:{n // 65536:x}:{n % 65536:x}::1", "indicator", "", ("sql_injection",), 1, 3, START, START + timedelta(hours=1), "QX", "QX", "Example", 64496 + n % 9, "", "", 90)
        for n in range(1, sources + 1)
    )
    attacks = tuple(
        Attack(f"a{n:015x}", "sql_injection", "union", "tool", "sqlmap", START, START + timedelta(hours=1), "www.example", "no sign", 3, 3, 1, 3, 0.9, 1, (one.address,), ("sql_injection.union",), ("/agenda ?id",))
        for n, one in enumerate(seen)
    )
    steps = tuple(Step(name, unit, sources) for name, unit in (("lines", "line"), ("records", "record"), ("suspicious records", "record"), ("signals", "signal"), ("attempts", "attempt"), ("attacks", "attack")))
    count = Count(sources, START, START + timedelta(days=30), steps, sources, sources, ("2017-01-15", sources), (("2017-01-15", sources),), Trend("too few days", None, None, 0), settings=Settings())
    family = Family("sql_injection", sources, sources, 3 * sources, 3 * sources, START, START + timedelta(hours=1), sources, 0, 0, 3, (("sql_injection.union", 3 * sources),), (("sqlmap", sources),), ("T1190",))
    return checked(
        Report(
            "0" * 12, START, START, Period(), Marking("amber", "amber"), "voluntary", "", Organisation("Example"), Incident(), count, (family,), seen, 0, attacks, (), 1, (), True, True, True,
            unknown, unknown, unknown, unknown, unknown, unknown, (), unknown, Custody("", 0, "0" * 64, "vigie"),
        )
    )  # fmt: skip


def measured(name: str, make) -> str:
    """Seconds of processor time and size of one export."""
    before = time.process_time()
    text = make()
    print(f"  {name:<6} {time.process_time() - before:8.2f} s  {len(text.encode()) / 1e6:8.2f} MB")
    return text


def measure(report: Report) -> None:
    """All exports of a report, and what the strict validator takes for the bundle."""
    text = measured("stix", lambda: stix.stix(report))
    measured("misp", lambda: misp.misp(report))
    measured("ecs", lambda: "".join(ecs.ecs(report)))
    measured("ocsf", lambda: "".join(ocsf.ocsf(report)))
    measured("csv", lambda: indicators.indicators(report))
    measured("cert", lambda: as_text(cert.cert(report, "en")))
    measured("html", lambda: as_html(html.html(report, "en")))
    measured("press", lambda: as_html(press.press(report, "en")))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from stix2validator import ValidationOptions, validate_string

        before = time.process_time()
        valid = validate_string(text, ValidationOptions(version="2.1", strict=True)).is_valid
    print(f"  {len(json.loads(text)['objects'])} objects validated in {time.process_time() - before:.1f} s of processor: {'valid' if valid else 'NOT VALID'}")


def main() -> None:
    """Measure the invented report, then that of an archive."""
    stix.stix(dataclasses.replace(invented(1)))  # modules are loaded
    print("about 2,000 objects, invented:")
    measure(invented(398))
    for folder in sys.argv[1:]:
        from vigie.archive.archive import Archive
        from vigie.archive.catalogue import Catalogue
        from vigie.reports.gather import Asked, gathered

        before = time.process_time()
        with Catalogue(Archive(Path(folder))) as catalogue:
            report = gathered(catalogue, Asked(Marking("amber", "amber"), START, b"k" * 32))
        print(f"{folder}: facts taken in {time.process_time() - before:.1f} s of processor")
        measure(report)


if __name__ == "__main__":
    main()
