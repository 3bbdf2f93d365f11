"""Indicators as CSV: an address a row, and the totals that every other rendering has.

No cell begins a formula. Rows of type `count` come first, so that a list without any indicator still says what was counted; programs that load addresses
take the rows of type `ipv4-addr` and `ipv6-addr`.

References:
    - https://www.rfc-editor.org/rfc/rfc4180
    - https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from vigie.reports.facts import Report, Source
from vigie.words.harmless import csv_text, plain

VALID: Final = timedelta(days=7)
"""How long an address is worth looking for: it changes hands."""
COLUMNS: Final = (
    "type", "value", "number", "valid_from", "valid_until", "families", "attacks", "signals", "confidence", "last_hop", "network", "tlp", "pap", "comment",
)  # fmt: skip


def indicators(report: Report) -> str:
    """The CSV; columns are `COLUMNS`.

    Args:
        report: the facts.
    """
    tlp, pap = report.marking.labels
    empty: dict[str, object] = dict.fromkeys(COLUMNS, "")
    marks = {"tlp": tlp, "pap": pap}
    rows = [{**empty, **marks, "type": "count", "value": name, "number": n, "comment": f"state {report.snapshot}, root {report.custody.root[:16] or '-'}"} for name, n in report.totals.items()]
    rows += [{**empty, **marks, "type": "not an indicator", "value": why, "number": n} for why, n in report.withheld.items()]
    for one in report.indicators:
        rows.append(
            {
                **empty, **marks, "type": kind_of(one.address), "value": one.address, "number": 1, "valid_from": plain(one.first), "valid_until": plain(valid_until(one.last)),
                "families": " ".join(one.families), "attacks": one.attacks, "signals": one.signals, "confidence": one.confidence, "last_hop": one.country,
                "network": network(one), "comment": "last hop, not a sender",
            }
        )  # fmt: skip
    return csv_text(rows, COLUMNS)


def kind_of(address: str) -> str:
    """The STIX type of an address."""
    return "ipv6-addr" if ":" in address else "ipv4-addr"


def valid_until(last: datetime) -> datetime:
    """When an indicator is no longer one."""
    return last + VALID


def network(one: Source) -> str:
    """Number and name of a network."""
    return f"AS{one.asn} {one.network}".strip() if one.asn else one.network
