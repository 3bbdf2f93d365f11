"""Guessed passwords, whatever the content system: what shows is not one failed log-in but how many, how fast, from how many.

An access log rarely says that a password was wrong, so outcomes are read from the answer: WordPress answers 200 with the form
again when the log-in failed and 302 when it worked; other doors answer 401, 403, 422 or 429, or the form again with 200.
A door that only editors use (WordPress, Joomla, TYPO3, SPIP) is judged more strictly than one that every reader may use.

References:
    - CAPEC-49, CAPEC-565, ATT&CK T1110.
    - https://developer.wordpress.org/reference/functions/wp_signon/
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, cast

import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.window import Evidence, Window, runs, signals
from vigie.records import ACCESS, Tally
from vigie.records.tally import counted

MINUTES: Final = 10
"""Length of an interval of the tally."""
_INTERVAL = timedelta(minutes=MINUTES)
QUICK, SLOW = 5, 8
"""Failures of one source that convince: within one interval, or within one run without a pause of an hour."""
REMOTE_CONTROL = 20
"""Calls of xmlrpc.php within one interval that convince (mobile applications and plug-ins make a few)."""

_EDITORS = (
    r"(?i)^[^?]{0,200}/(wp-login\.php|administrator/(index\.php)?|user/login|typo3/(index\.php|login)?|ecrire/?|admin/(login|index)[\w.]{0,6}|xmlrpc\.php)/?(\?|$)"
    r"|(?i)[?&]page=(login|connexion|identifiants)\b"
)
_READERS = (
    r"(?i)^[^?]{0,200}/(log-?in|sign-?in|sign_in|connexion|se-connecter|identification|auth(enticate|entification|orize)?|sessions?(/new)?"
    r"|token|j_security_check|(log-?in|signin|connexion|auth)\.(php|aspx?|jsp|do|cgi|html?))/?(\?|$)"
)
DOORS = f"{_EDITORS}|{_READERS}"
"""Targets, or paths alone, of pages where somebody logs in."""
_FAILED = pa.array([200, 400, 401, 403, 422, 429, 503], pa.int16())
_PASSED = pa.array([301, 302, 303], pa.int16())


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Log-ins that failed or may have worked, by site, source and ten minutes.

    Args:
        batch: rows of `ACCESS`.

    Returns:
        rows of `TALLY`; `key` is `outcome class path`: outcome `failed` or `passed`, class `editors`, `readers` or `remote`.
    """
    status = batch.column("http_status")
    posted = pc.equal(batch.column("http_method").cast(pa.string()), "POST")
    challenged = pc.and_(pc.equal(status, 401), pc.or_(posted, pc.is_valid(batch.column("user_name"))))
    rows = batch.filter(pc.fill_null(pc.or_(posted, challenged), False))
    if not rows.num_rows:
        return counted("logins", rows, pa.array([], pa.string()), MINUTES, evidence=pa.array([], pa.string()))
    target, status = pc.fill_null(rows.column("url_original"), ""), rows.column("http_status")
    editors, readers = pc.match_substring_regex(target, _EDITORS), pc.match_substring_regex(target, _READERS)
    door = pc.if_else(
        pc.match_substring_regex(target, r"(?i)/xmlrpc\.php(\?|$)"), "remote", pc.if_else(editors, "editors", pc.if_else(readers, "readers", None))
    )
    door = pc.coalesce(door, pc.if_else(pc.fill_null(pc.equal(status, 401), False), pa.scalar("readers"), pa.scalar(None, pa.string())))
    outcome = pc.if_else(pc.is_in(status, _FAILED), "failed", pc.if_else(pc.is_in(status, _PASSED), "passed", None))
    path = pc.replace_substring_regex(pc.utf8_slice_codeunits(target, 0, 200), r"[?].*$", "")
    key = pc.binary_join_element_wise(outcome, door, path, " ")
    wanted = pc.is_valid(key)
    return counted("logins", rows.filter(wanted), key.filter(wanted), MINUTES, evidence=target.filter(wanted))


LOGINS = Tally("logins", ACCESS, count)
"""Failed and passed log-ins of each source."""


def guessing(table: pa.Table) -> pa.RecordBatch:
    """Runs of failed log-ins by one source on one site.

    Args:
        table: rows of `TALLY` of one site and source, sorted by first_seen.

    Returns:
        rows of `SIGNAL`: one for each interval of a convincing run, and one where a log-in may have worked behind it.
    """
    rows = table.to_pylist()
    found: list[Evidence] = []
    for run in runs(table):
        found += _run(rows, [n for n in run if not rows[n]["key"].startswith(("failed remote", "passed remote"))], QUICK, SLOW, "guessing")
        found += _run(rows, [n for n in run if rows[n]["key"].startswith("failed remote")], REMOTE_CONTROL, 4 * REMOTE_CONTROL, "xmlrpc")
    return signals("login_guessing.window", "login_guessing", table, found)


def _run(rows: list[dict[str, object]], run: list[int], quick: int, slow: int, kind: str) -> list[Evidence]:
    failed = [n for n in run if str(rows[n]["key"]).startswith("failed")]
    tries = sum(_number(rows[n]["count"]) for n in failed)
    intervals: dict[object, list[int]] = {}
    for n in failed:
        intervals.setdefault(rows[n]["bucket"], []).append(n)
    fastest = quickest(rows, failed)
    if tries < slow and fastest < quick:
        return []
    target = _path(rows[max(failed, key=lambda n: _number(rows[n]["count"]))])
    sure = 0.9 if tries >= 20 else 0.7 if tries >= 10 else 0.5
    found = [
        Evidence(part, f"login_guessing.{kind}", target, sure, kind, f"{tries:,} failed log-ins in one run, at most {fastest:,} in {MINUTES} minutes")
        for part in intervals.values()
    ]
    last = failed[-1]
    later = [n for n in run if str(rows[n]["key"]).startswith("passed") and n > failed[0] and _path(rows[n]) == target and n >= last - 1]
    if later and kind == "guessing":
        text = f"a log-in may have worked after {tries:,} that failed: ask whose it was"
        found.append(Evidence(later[:1], "login_guessing.success", target, 0.6, "success_after_failures", text))
    return found


def quickest(rows: list[dict[str, object]], picked: list[int]) -> int:
    """Most records that fell within ten minutes: of one interval, or of two neighbours that together span no more."""
    spans: dict[datetime, tuple[datetime, datetime, int]] = {}
    for n in picked:
        bucket, first, last = (cast("datetime", rows[n][name]) for name in ("bucket", "first_seen", "last_seen"))
        low, high, count = spans.get(bucket, (first, last, 0))
        spans[bucket] = (min(low, first), max(high, last), count + _number(rows[n]["count"]))
    best = 0
    for bucket, (low, _, count) in spans.items():
        following = spans.get(bucket + _INTERVAL)
        near = following is not None and following[1] - low <= _INTERVAL
        best = max(best, count + (following[2] if near and following is not None else 0))
    return best


def _path(row: dict[str, object]) -> str:
    return str(row["key"]).split(" ", 2)[2] or "/"


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


WINDOW = Window("login_guessing.window", "login_guessing", (LOGINS,), QUICK, guessing)
"""One source, many failures."""
