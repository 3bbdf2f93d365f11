"""How far a try got: a rank from 0 to 7, and what kind of attack it belongs to.

0 one's own, or one's own misconfiguration; 1 the port was reached, nothing was said; 2 something was said that no client says; 3 refused by
a rule, or a log-in begun without a credential; 4 failed on an account that is not there (or is not told to be there); 5 failed on an account
that is there; 6 failures from one's own host beyond its own account, or that do not stop: a springboard?; 7 a valid credential used from
outside. Thresholds that an attacker chooses his pace by (five in ten minutes) are those of the usual blockers.

References:
    - https://www.fail2ban.org (maxretry 5 in findtime 10 minutes)
    - ATT&CK T1110.001 (guessing), T1110.003 (spraying), T1078 (valid accounts).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from vigie.attacks.components import components
from vigie.attacks.guesses import FAILURE, PROBE, REFUSAL, SECOND, START, SUCCESS
from vigie.attacks.own_hosts import bridged, inside, own_hosts

MINUTE: Final = 60 * SECOND
DAY: Final = 24 * 60 * MINUTE
PAUSE: Final = 30 * MINUTE
"""Quiet that ends a run of tries."""
QUICK, SLOW = 5, 8
"""Failures of a source at a remote log-in that convince: within ten minutes, or within one run."""
SPRAYED: Final = 5
"""Accounts of one run, of at most three tries each on average, that make it spraying."""
AFTER: Final = 3
"""Failures of the source on the account that make a success one after failures."""
AFTER_MANY, FROM_MANY = 5, 3
"""Failures on the account in a day, and sources that they came from, that make the first success of another source one after failures."""
SOURCES, EACH = 10, 5
"""Sources that failed on one account in a day, and failures of each at most, that make guessing distributed."""
EDGE: Final = 5
"""Usual gaps of a distributed run (mean of all but the widest tenth): a few tries that lie further off at its ends are no part of it."""
HABIT: Final = 5
"""Successes of an account after which one from a network that was never seen is asked about."""

DEFAULTS: Final = ("root", "postgres", "sa", "admin", "administrator", "mysql", "default", "sys", "system", "oracle")
"""Accounts that every installation of some database has."""
TELLING: Final = ("postgresql", "mongodb", "mssql", "ssh", "pam")
"""Services whose logs tell a wrong password from an account that is not there."""


def judged(tries: pl.DataFrame, ours: tuple[str, ...] = ()) -> pl.DataFrame:
    """Tries with what is said of them.

    Args:
        tries: rows of `TRIES`.
        ours: networks that are one's own.

    Returns:
        the same rows, with `own` (`named`, `local`, `learnt` or ""), `visible` (the log of this server shows successes), `danger` (0 to 7),
        `why` (a word for the reason), `hidden` (the source is a bridge), `kind`, `group` (a text that tries of one distributed attack share, "" for none), `confidence`.
    """
    rows = tries.with_row_index("at").join(own_hosts(tries, ours), on="source", how="left").with_columns(pl.col("own").fill_null(""))
    rows = rows.with_columns(visible=((pl.col("act") == SUCCESS) & (pl.col("reason") == "")).any().over("asset"))
    rows = _kinds(_ranked(_misconfigured(_successes(_placed(rows)))))
    return _sure(_distributed(rows)).sort("at").drop("at", "inside", "mine", "late", "new", "there")


def _placed(rows: pl.DataFrame) -> pl.DataFrame:
    sources = rows["source"].unique().to_list()
    private, hidden = [one for one in sources if inside(one)], [one for one in sources if bridged(one)]
    there = ((pl.col("act") == SUCCESS).any().over("asset", "account") | pl.col("account").str.to_lowercase().is_in(DEFAULTS)) & (pl.col("account") != "")
    return rows.with_columns(inside=pl.col("source").is_in(private), hidden=pl.col("source").is_in(hidden), there=there)


def _misconfigured(rows: pl.DataFrame) -> pl.DataFrame:
    """`mine`: failures of one's own host that are those of its own account and stop (or are too few to say)."""
    own = rows.filter(pl.col("own") != "")
    passed = own.filter(pl.col("act") == SUCCESS)
    accounts = passed.group_by("asset", "source", "account").agg(bases=pl.col("database").unique())
    last = passed.group_by("asset", "source").agg(passed=pl.col("until").max())
    wrong = own.filter(pl.col("act").is_in([FAILURE, REFUSAL])).join(accounts, on=["asset", "source", "account"], how="left").join(last, on=["asset", "source"], how="left")
    ends = rows.group_by("asset").agg(end=pl.col("until").max())
    wrong = wrong.join(ends, on="asset").with_columns(final=pl.col("until").max().over("asset", "source"), guessed=pl.col("account").n_unique().over("asset", "source"))
    base = (pl.col("database") == "") | pl.col("bases").list.contains("") | pl.col("bases").list.contains(pl.col("database"))
    known = pl.when(pl.col("visible")).then(base.fill_null(False)).otherwise(pl.col("guessed") == 1)
    few = pl.col("guesses").sum().over("asset", "source") < QUICK
    stops = (pl.col("passed") > pl.col("final")).fill_null(False) | (pl.col("end") - pl.col("final") >= PAUSE) | pl.col("visible").not_() | few
    mine = wrong.select("at", mine=known & stops)
    return rows.join(mine, on="at", how="left").with_columns(pl.col("mine").fill_null(True))


def _successes(rows: pl.DataFrame) -> pl.DataFrame:
    """`late`: a success after failures; `new`: the first of its network after a habit of others (both null elsewhere)."""
    passed = rows.filter((pl.col("act") == SUCCESS) & (pl.col("own") == "")).sort("seen", "at")
    failed = rows.filter(pl.col("act") == FAILURE).select("asset", "account", "source", "guesses", failed="seen").sort("failed")
    accounts = passed.select("asset", "account").unique()
    failed = failed.join(accounts, on=["asset", "account"], how="semi").with_columns(
        before=pl.col("guesses").cum_sum().over("asset", "account", "source"), when=pl.col("failed")
    )
    by = ["asset", "account", "source"]
    own = passed.join_asof(failed.select(*by, "failed", "before", "when"), left_on="until", right_on="failed", by=by, check_sortedness=False) if failed.height else passed.with_columns(before=pl.lit(None, pl.Int64), when=pl.lit(None, pl.Int64))
    late = (own["before"].fill_null(0) >= AFTER) & (own["seen"] - own["when"].fill_null(0) <= DAY)
    firsts = own.select("at", "asset", "account", "source", "seen").unique(["asset", "account", "source"], keep="first", maintain_order=True)
    return rows.join(own.select("at", late=late), on="at", how="left").join(_of_others(firsts, failed), on="at", how="left").join(
        _new_networks(rows), on="at", how="left"
    ).with_columns(late=pl.col("late").fill_null(False) | pl.col("many").fill_null(False), new=pl.col("new").fill_null(False)).drop("many")  # fmt: skip


def _of_others(firsts: pl.DataFrame, failed: pl.DataFrame) -> pl.DataFrame:
    """First successes of a source on an account on which, in the day before, others failed."""
    if firsts.is_empty() or failed.is_empty():
        return pl.DataFrame(schema={"at": pl.UInt32, "many": pl.Boolean})
    hour = 60 * MINUTE
    hourly = failed.group_by("asset", "account", "source", hour=pl.col("failed") // hour).agg(pl.col("guesses").sum(), failed=pl.col("failed").min())
    near = firsts.rename({"source": "mine"}).join(hourly, on=["asset", "account"])
    near = near.filter((pl.col("failed") < pl.col("seen")) & (pl.col("seen") - pl.col("failed") <= DAY) & (pl.col("source") != pl.col("mine")))
    return near.group_by("at").agg(many=(pl.col("guesses").sum() >= AFTER_MANY) & (pl.col("source").n_unique() >= FROM_MANY))


def _new_networks(rows: pl.DataFrame) -> pl.DataFrame:
    """Successes that are the first of their network on an account that got in from elsewhere before."""
    passed = rows.filter((pl.col("act") == SUCCESS) & (pl.col("source") != "")).sort("seen", "at")
    net = pl.when(pl.col("source").str.contains(":", literal=True)).then(pl.col("source").str.extract(r"^([0-9a-f]*:[0-9a-f]*):")).otherwise(pl.col("source").str.extract(r"^(\d+\.\d+)\."))
    passed = passed.with_columns(net=net.fill_null(pl.col("source"))).with_columns(
        nth=pl.int_range(pl.len()).over("asset", "account"), first=pl.int_range(pl.len()).over("asset", "account", "net") == 0
    )
    return passed.filter(pl.col("first") & (pl.col("nth") >= HABIT)).select("at", new=True)


def _ranked(rows: pl.DataFrame) -> pl.DataFrame:
    """`danger` and `why`, try by try."""
    act, own, reason = pl.col("act"), pl.col("own") != "", pl.col("reason")
    database, quiet = pl.col("family") == "database_access", pl.col("inside") & ~pl.col("hidden")
    silent = reason.is_in(["closed", ""]) & (pl.col("service") != "postgresql") | (reason == "")
    rules: tuple[tuple[pl.Expr, int, str], ...] = (
        (own & act.is_in([FAILURE, REFUSAL]) & pl.col("mine"), 0, "own_misconfiguration"),
        (own & act.is_in([FAILURE, REFUSAL]), 6, "own_host_odd"),
        (own & (act == PROBE) & (reason == "protocol"), 6, "own_host_odd"),
        (own, 0, "own"),
        ((act == SUCCESS) & pl.col("late"), 7, "success_after_failures"),
        ((act == SUCCESS) & (reason == "database"), 7, "right_password"),
        ((act == SUCCESS) & quiet, 0, "inside"),
        ((act == SUCCESS) & database, 7, "valid_credential"),
        ((act == SUCCESS) & pl.col("new"), 7, "new_network"),
        (act == SUCCESS, 0, "log_in"),
        ((act == FAILURE) & (reason == "account"), 4, "no_such_account"),
        ((act == FAILURE) & (pl.col("service").is_in(TELLING) | pl.col("there")), 5, "account_there"),
        (act == FAILURE, 4, "account_not_told"),
        (act == REFUSAL, 3, "refused"),
        (act == START, 3, "started"),
        ((act == PROBE) & ~silent, 2, "probe"),
        (quiet, 0, "inside"),
        (pl.lit(True), 1, "contact"),
    )
    danger, why = pl.lit(0), pl.lit("own")
    for wanted, rank, word in reversed(rules):
        danger, why = pl.when(wanted).then(rank).otherwise(danger), pl.when(wanted).then(pl.lit(word)).otherwise(why)
    return rows.with_columns(danger=danger, why=why)


_KINDS: Final = {
    "own_misconfiguration": "misconfiguration", "own_host_odd": "pivot", "success_after_failures": "success_after_failures",
    "right_password": "valid_credential", "valid_credential": "valid_credential", "new_network": "valid_credential", "refused": "refused",
    "started": "started", "probe": "protocol_probe", "contact": "contact",
}  # fmt: skip


def _kinds(rows: pl.DataFrame) -> pl.DataFrame:
    """`kind`: of failures by the run that they are part of, else by what was done."""
    failed = (pl.col("act") == FAILURE) & (pl.col("own") == "")
    runs = rows.filter(failed).sort("asset", "source", "seen", "at")
    same = pl.struct("asset", "source") == pl.struct("asset", "source").shift()
    gap = pl.col("seen") - pl.col("until").shift()
    runs = runs.with_columns(long=(~same | (gap > DAY)).fill_null(True).cum_sum(), run=(~same | (gap > PAUSE)).fill_null(True).cum_sum())
    guesses = pl.col("guesses")
    within = guesses.rolling_sum_by("when", window_size="10m").over("asset", "source")
    runs = runs.with_columns(when=pl.from_epoch("seen", time_unit="us")).with_columns(quickest=within)
    runs = runs.with_columns(
        slow=(pl.col("quickest").max() < QUICK).over("long") & (guesses.sum() >= QUICK).over("long") & (pl.col("run").n_unique() > 1).over("long"),
        tries=guesses.sum().over("run"), most=pl.col("quickest").max().over("run"), accounts=pl.col("account").n_unique().over("run"),
    )
    kind = (
        pl.when(pl.col("slow") & (pl.col("source") != "")).then(pl.lit("slow"))
        .when((pl.col("accounts") >= SPRAYED) & (pl.col("tries") <= 3 * pl.col("accounts"))).then(pl.lit("spraying"))
        .otherwise(pl.lit("guessing"))
    )  # fmt: skip
    runs = runs.with_columns(run_kind=kind, tries=pl.when(pl.col("slow")).then(guesses.sum().over("long")).otherwise(pl.col("tries")))
    rows = rows.join(runs.select("at", "run_kind", "tries", "most"), on="at", how="left")
    return rows.with_columns(kind=pl.coalesce("run_kind", pl.col("why").replace_strict(_KINDS, default=None, return_dtype=pl.String))).drop("run_kind")


def _distributed(rows: pl.DataFrame) -> pl.DataFrame:
    """`group`: failures on one account of at least ten sources within a day, five of each at most."""
    by = ["asset", "account", "database"]
    failed = rows.filter((pl.col("act") == FAILURE) & (pl.col("own") == "") & (pl.col("source") != "") & (pl.col("account") != "")).select("at", "source", "seen", "guesses", *by)
    failed = failed.filter(pl.col("source").n_unique().over(by) >= SOURCES).sort("seen", "at").with_columns(when=pl.from_epoch("seen", time_unit="us"))
    none = rows.with_columns(group=pl.lit(""))
    if failed.is_empty():
        return none
    windows = failed.group_by_dynamic("when", every="6h", period="24h", group_by=by).agg("at", "source", "guesses", "seen").with_row_index("window")
    members = windows.explode("at", "source", "guesses", "seen")
    members = members.with_columns(most=pl.col("guesses").sum().over("window", "source"))
    members = members.filter(pl.col("most").max().over("at") <= EACH)  # in any window of a try: where one ends must not halve a run
    members = members.filter(pl.col("source").n_unique().over("window") >= SOURCES).filter(_core()).filter(pl.col("source").n_unique().over("window") >= SOURCES)
    if members.is_empty():
        return none
    found = members.group_by("at").agg(pl.col("window").min()).join(windows.select("window", *by), on="window").with_columns(group=pl.concat_str(by, separator=" "))
    found = _one_work(found.select("at", "group").join(failed.select("at", "asset", "source"), on="at"))
    rows = rows.join(found.select("at", "group"), on="at", how="left").with_columns(pl.col("group").fill_null(""))
    return rows.with_columns(kind=pl.when(pl.col("group") != "").then(pl.lit("distributed")).otherwise(pl.col("kind")))


def _one_work(found: pl.DataFrame) -> pl.DataFrame:
    """Tries with one group for all accounts that are tried by the same sources: the first in the alphabet."""
    sources = found.select(pl.struct("asset", "source").rank("dense") - 1).to_series().to_numpy().astype(np.int64)
    groups = found.select(pl.col("group").rank("dense") - 1).to_series().to_numpy().astype(np.int64)
    count = int(sources.max()) + 1
    work = components(count + int(groups.max()) + 1, sources, groups + count)[sources]
    return found.with_columns(work=work).with_columns(group=pl.col("group").min().over("work"))


def _core() -> pl.Expr:
    """Of each window of tries in order of time, those that are not a few at its ends, set off from the rest."""
    gap = (pl.col("seen") - pl.col("seen").shift()).over("window")
    usual = gap.filter(gap <= gap.quantile(0.9)).mean().over("window")
    wide = (gap > EDGE * usual).fill_null(False)
    nth, size = pl.int_range(pl.len()).over("window"), pl.len().over("window")
    low = pl.when(wide & (10 * nth <= size)).then(nth).otherwise(0).max().over("window")
    high = pl.when(wide & (10 * (size - nth) <= size)).then(nth).otherwise(size).min().over("window")
    return (nth >= low) & (nth < high)


def _sure(rows: pl.DataFrame) -> pl.DataFrame:
    """`confidence`: of a database every knock counts; of a log-in that the whole world knocks at, what is repeated."""
    danger, kind = pl.col("danger"), pl.col("kind")
    database = danger.replace_strict({0: 0.0, 1: 0.5, 2: 0.6, 3: 0.6, 4: 0.7, 5: 0.8, 6: 0.8, 7: 0.95}, return_dtype=pl.Float64)
    tries = pl.col("tries").fill_null(0)
    often = pl.when(tries >= 20).then(0.9).when(tries >= 10).then(0.8).otherwise(0.7)
    remote = (
        pl.when(danger == 0).then(0.0)
        .when(pl.col("why") == "success_after_failures").then(0.9)
        .when(pl.col("why") == "new_network").then(0.3)
        .when(kind == "distributed").then(0.8)
        .when((pl.col("act") == FAILURE) & ((pl.col("most").fill_null(0) >= QUICK) | (tries >= SLOW) | (kind == "slow"))).then(often)
        .when(kind == "pivot").then(0.6)
        .otherwise(0.15)
    )  # fmt: skip
    return rows.with_columns(confidence=pl.when(pl.col("family") == "database_access").then(database).otherwise(remote)).drop("tries", "most")
