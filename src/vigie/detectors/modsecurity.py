"""What ModSecurity or Coraza said of a request, as one signal a request: its many lines share a `unique_id`.

The rule set's tags name the family. Lines that only add up scores (rules 949…, 959…, 980…) say nothing of their own, and where
rules of several families spoke, the family with the most of them stands: one request is one thing in the access log too.

References:
    - https://coreruleset.org/docs/2-how-crs-works/ (rule ids, tags, anomaly scores)
    - https://github.com/owasp-modsecurity/ModSecurity/wiki
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.window import Evidence, Window, signals
from vigie.records import NOTICE, TALLY, Tally
from vigie.records.place import normalised_path
from vigie.records.tally import counted

MINUTES: Final = 10

FAMILIES: Final = (
    ("secret_probe", r"^930130 ", ""),
    ("sql_injection", r"^942", r"attack-sqli|/SQL_INJECTION"),
    ("cross_site_scripting", r"^941", r"attack-xss|WEB_ATTACK/XSS"),
    ("path_traversal", r"^930", r"attack-lfi|/DIR_TRAVERSAL|/FILE_INJECTION"),
    ("file_inclusion", r"^931", r"attack-rfi|WEB_ATTACK/RFI"),
    ("command_injection", r"^(932|933|944)", r"attack-rce|attack-injection-(php|java|generic)|/COMMAND_INJECTION|/PHP_INJECTION"),
    ("request_forgery", r"^93411", r"attack-ssrf"),
    ("content_discovery", r"^913", r"attack-reputation-(scanner|crawler)|reputation-scanner|AUTOMATION/SECURITY_SCANNER"),
    ("protocol_abuse", r"^92[01]", r"attack-protocol|attack-multipart|PROTOCOL_VIOLATION|attack-deprecated"),
)
"""Family → ids and tags of rules. The first that fits; a rule that fits none (leaks of answers, an administrator's own) is no signal."""

_SCORES: Final = r"^(949|959|980|901|905|910|912)"
_TRUST: Final = {"0": 0.8, "1": 0.8, "2": 0.8, "3": 0.6, "4": 0.4, "5": 0.3, "CRITICAL": 0.8, "ERROR": 0.6, "WARNING": 0.4, "NOTICE": 0.3}
"""Severity → confidence."""
_PARAMETER: Final = r"(?:against variable `|\bat |found within )ARGS(?:_GET)?(?:_NAMES)?:([\w.\[\]-]{1,64})"


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Rules that spoke, by site, source, request, family and place.

    Args:
        batch: rows of `NOTICE`.

    Returns:
        rows of `TALLY`; `key` is `unique_id family severity target`, `evidence` the message from its rule's id on.
    """
    mask = pc.fill_null(pc.equal(batch.column("event_code").cast(pa.string()), "ModSecurity"), False)
    rows = batch.filter(mask)
    if not rows.num_rows:
        return TALLY.empty()
    message = pl.Series(rows.column("message"))
    facts = pl.DataFrame(
        {
            # the connector writes file, line and id side by side; a value that imitates them stands before or behind
            "rule": message.str.extract(r'\[file "[^"]*"\] \[line "\d+"\] \[id "(\d{1,9})"\]').fill_null(message.str.extract(r'\[id "(\d{1,9})"\]')),
            "tags": message.str.extract(r'((?:\[tag "[^"]*"\] ?)+)').fill_null(""),
            "severity": message.str.extract(r'\[severity "(\w{1,12})"\]').fill_null("5"),
            "request": message.str.extract(r'^.*\[unique_id "([\w.@+-]{1,64})"\]'),
            "parameter": message.str.extract(_PARAMETER),
            "url": pl.Series(rows.column("url_original")),
            "connection": pl.Series(rows.column("connection_id")),
            "seen": pl.Series(rows.column("seen_at")).dt.epoch("s"),
            "evidence": message.str.extract(r'(\[id "\d.*)$').fill_null(message),
        }
    )
    named = pl.col("rule") + " " + pl.col("tags")
    family = pl.coalesce(
        *(pl.when(named.str.contains(ids) | (named.str.contains(tags) if tags else pl.lit(value=False))).then(pl.lit(family)) for family, ids, tags in FAMILIES)
    )
    lone = pl.concat_str(pl.lit("-"), pl.col("seen"), pl.lit("-"), pl.col("connection").fill_null(0))
    facts = facts.with_columns(family=pl.when(~pl.col("rule").str.contains(_SCORES)).then(family), request=pl.col("request").fill_null(lone))
    facts = facts.with_columns(target=_targets(facts["url"], facts["parameter"]))
    wanted = facts["family"].is_not_null()
    if not wanted.any():
        return TALLY.empty()
    spoken = facts.filter(wanted)
    key = spoken.select(pl.concat_str("request", "family", "severity", "target", separator=" ")).to_series()
    return counted(
        "modsecurity", rows.filter(wanted.to_arrow()), key.to_arrow().cast(pa.string()), MINUTES, evidence=spoken["evidence"].to_arrow().cast(pa.string())
    )


def _targets(urls: pl.Series, parameters: pl.Series) -> pl.Series:
    """Places as the access log's detectors name them: the path, and the parameter when it stands in the query (or no query is known)."""
    encoded = urls.to_arrow().cast(pa.string()).dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    paths = pa.array([normalised_path(text) for text in texts], pa.string()).take(encoded.indices)
    frame = pl.DataFrame({"path": pl.Series(paths).fill_null("-"), "url": urls.fill_null(""), "parameter": parameters})
    query = "&" + frame["url"].str.replace(r"^[^?]*\??", "")
    asked = frame.with_columns(query=query).select(
        (pl.col("query") == "&") | pl.col("query").str.contains(pl.concat_str(pl.lit("&"), pl.col("parameter"), pl.lit("=")), literal=True)
    ).to_series()
    frame = frame.with_columns(asked=asked)
    whole = pl.when(pl.col("parameter").is_not_null() & pl.col("asked")).then(pl.concat_str("path", pl.lit(" ?"), "parameter")).otherwise(pl.col("path"))
    return frame.select(whole).to_series()


RULES_SPOKEN = Tally("modsecurity", NOTICE, count)
"""Rules of ModSecurity or Coraza that matched, without those that only add up scores."""


def verdicts(table: pa.Table) -> pa.RecordBatch:
    """What the firewall said of each request of one source on one site.

    Args:
        table: rows of `TALLY` of one site and source.

    Returns:
        rows of `SIGNAL`, one for each request.
    """
    rows = table.to_pylist()
    requests: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        requests.setdefault(row["key"].split(" ", 1)[0], []).append(number)
    by_family: dict[str, list[Evidence]] = {}
    for members in requests.values():
        family, evidence = _verdict(rows, members)
        by_family.setdefault(family, []).append(evidence)
    batches = [signals("modsecurity.verdict", family, table, found) for family, found in sorted(by_family.items())]
    return pa.Table.from_batches(batches).unify_dictionaries().combine_chunks().to_batches()[0]


def _verdict(rows: list[dict[str, Any]], members: list[int]) -> tuple[str, Evidence]:
    order = [family for family, _, _ in FAMILIES]
    votes: Counter[str] = Counter()
    for number in members:
        votes[rows[number]["key"].split(" ", 2)[1]] += rows[number]["count"]
    family = min(votes, key=lambda name: (-votes[name], order.index(name)))
    mine = [number for number in members if rows[number]["key"].split(" ", 2)[1] == family]
    targets = sorted({rows[number]["key"].split(" ", 3)[3] for number in mine}, key=lambda target: (" ?" not in target, target))
    trust = max(_TRUST.get(rows[number]["key"].split(" ", 3)[2].upper(), 0.3) for number in mine)
    text = f"{sum(votes.values()):,} rule{'s' if sum(votes.values()) > 1 else ''} of the web application firewall spoke, {votes[family]:,} of this family"
    return family, Evidence(mine, f"{family}.modsecurity", targets[0], trust, "firewall", text)


WINDOW = Window("modsecurity.verdict", "", (RULES_SPOKEN,), 1, verdicts)
"""One signal a request; the family is each verdict's own."""
