"""`vigie explain acc_…|g…|r…|w…|posts`: an account, a group in concert, a rumour, a counted wave, and what was read of posts, each down to its raw lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from vigie.cli.failure import USAGE, Failure
from vigie.cli.options import opened
from vigie.cli.posts import bars, chance, date, decimal, names, print_results, strip
from vigie.cli.terminal import cell, csv_rows, json_object, note, safe, say
from vigie.words.numbers import number, percent
from vigie.words.posts import KIND, MARK_NAMES, PRECISION, SAID

if TYPE_CHECKING:
    from vigie.archive.account_names import Names
    from vigie.archive.catalogue import Catalogue
    from vigie.social.outlets import Group

SHORTEST: Final = 5
"""Characters of an id that are enough when they are of one id only; of a pseudonym behind its prefix."""
HOURLY: Final = timedelta(days=3)
"""Longest rumour that is drawn by the hour."""
MOST: Final = 8
"""Rows between declared groups that a terminal shows."""
_TABLES: Final = {"g": ("coordinated_groups", '"group"', "groups"), "r": ("rumours", "rumour_id", "rumours"), "w": ("rumour_waves", "wave_id", "attacks --family information_operation")}

Facts = dict[str, Any]


def of_posts(what: str) -> bool:
    """Whether an id, or the beginning of one, is of posts: an account, a group, a rumour, a wave, or all of them."""
    return what == "posts" or what.startswith("acc_") or (what[:1] in _TABLES and all(letter in "0123456789abcdef" for letter in what[1:]) and len(what) > 1) or ":" in what


def explain(what: str, archive: str | None, limit: int, lang: str, *, identified: bool, as_json: bool, as_csv: bool) -> None:
    """Explain one id, or "posts".

    Raises:
        Failure: no posts were read, or nothing is called so.
    """
    with opened(archive) as catalogue:
        if not catalogue.has_posts:
            raise Failure(SAID[lang]["none"] if what == "posts" else f"nothing is called {safe(what, 60)!r}: {SAID['en']['none']}", USAGE)
        told = names(identified=identified)
        facts, rows, tell = _asked(catalogue, told, what, limit, lang)
    if as_json:
        json_object(facts if identified else without_lines(facts))
    elif as_csv:
        csv_rows([row if identified else without_lines(row) for row in rows])
    else:
        tell(facts)
        return
    if not identified:
        note(f"vigie: {SAID['en']['no_lines']}")


def _asked(catalogue: Catalogue, told: Names, what: str, limit: int, lang: str) -> tuple[Facts, list[Facts], Callable[[Facts], None]]:
    """What is said, the rows of its CSV, and how a terminal is told."""
    from vigie.archive.account_facts import account_facts
    from vigie.archive.group_facts import group_facts
    from vigie.archive.post_facts import posts_facts
    from vigie.archive.rumour_facts import declared_groups, rumour_facts, scope_of, wave_facts

    if what == "posts":
        facts = {"snapshot": catalogue.snapshot, **posts_facts(catalogue)}
        rows = [{"what": name, "value": value, "posts": count} for name in ("kinds", "precision", "by_result") for value, count in facts[name].items()]
        return facts, rows, lambda all_of_it: _posts(all_of_it, lang)
    if what.startswith("acc_") or ":" in what:
        facts = account_facts(catalogue, told, *_account_id(catalogue, told, what), limit)
        return facts, facts["contributions"], lambda account: _account(account, told, lang)
    whole = _whole(catalogue, what)
    if what[0] == "g":
        facts = group_facts(catalogue, told, whole, limit)
        return facts, [_flat(one) for one in facts["proofs"]], lambda group: _group(group, told, lang)
    groups = declared_groups(catalogue)
    if what[0] == "w":
        facts = wave_facts(catalogue, told, whole, limit)
        return facts, facts["evidence"], lambda wave: _wave(wave, groups, told, lang)
    facts = rumour_facts(catalogue, told, whole, limit)
    scope = scope_of(catalogue)
    return facts, facts["evidence"], lambda rumour: _rumour(rumour, scope, groups, told, lang)


def _whole(catalogue: Catalogue, what: str) -> str:
    """The id that is meant, by itself or by its beginning."""
    table, column, listed = _TABLES[what[0]]
    found = catalogue.rows(f"select {column} as id from {table} where {column} = ?", [what])
    if not found and len(what) >= SHORTEST:
        found = catalogue.rows(f"select {column} as id from {table} where starts_with({column}, ?) order by 1 limit 6", [what])
    return _one([str(row["id"]) for row in found], what, listed)


def _account_id(catalogue: Catalogue, told: Names, what: str) -> tuple[str, str]:
    from vigie.archive.account_facts import accounts_called

    found = accounts_called(catalogue, told, what) if ":" in what or len(what) >= len("acc_") + SHORTEST else []
    shown = _one([told.account(*one) for one in found][:6], what, "accounts")
    return next(one for one in found if told.account(*one) == shown)


def _one(found: Sequence[str], what: str, listed: str) -> str:
    if len(found) > 1:
        raise Failure(f"{safe(what, 60)!r} begins more than one id: {', '.join(found)} …", USAGE)
    if not found:
        raise Failure(f"nothing is called {safe(what, 60)!r}. Ids are listed by: vigie show {listed}", USAGE)
    return found[0]


def without_lines(value: Any) -> Any:
    """The same without raw lines and texts, which lead to their accounts."""
    if isinstance(value, dict):
        return {name: without_lines(one) for name, one in value.items() if name not in ("line", "line_a", "line_b", "text")}
    return [without_lines(one) for one in value] if isinstance(value, list) else value


def _flat(proof: Facts) -> Facts:
    """A coincidence as one row."""
    plain = {name: proof[name] for name in ("kind", "object", "account_a", "account_b", "seen_at", "lag_seconds")}
    return {**plain, **{f"{name}_{side}": proof[side][name] for side in ("a", "b") for name in ("file", "byte_offset", "line")}}


# ------------------------------------------------------------------------------------------------ lines


def _line(post: Mapping[str, Any], lang: str, indent: str = "  ") -> None:
    """Where a post stands, and its line."""
    words = SAID[lang]
    place = words["post_at"].format(time=cell(post["seen_at"]), account=safe(post["account"], 80), file=safe(post["file"]), byte=number(post["byte_offset"], lang))
    say(indent + place.strip())
    say(f"{indent}  | {safe(post['line'], 1000) if post['line'] is not None else words['line_gone']}")


def _lines(posts: Sequence[Mapping[str, Any]], count: int, told: Names, lang: str) -> None:
    """Posts behind a statement."""
    words = SAID[lang]
    say()
    say(words["behind"].format(shown=number(len(posts), lang), count=number(count, lang)))
    for post in posts:
        _line(post, lang)
    _masked(told, lang)


def _masked(told: Names, lang: str) -> None:
    if not told.identified:
        say()
        say(SAID[lang]["masked"])


# ------------------------------------------------------------------------------------------------ an account


def _account(facts: Facts, told: Names, lang: str) -> None:
    from vigie.social.account_likelihood import reference
    from vigie.social.account_words import bound_sentence, sentence, trained_on

    words = SAID[lang]

    def told_or_not(name: str) -> str:
        return "?" if facts[name] is None else number(int(facts[name]), lang)

    say(f"{safe(facts['account'], 80)}  ({safe(facts['platform'], 40)})")
    say("  " + sentence(facts, reference(), lang))
    for bound in facts["bounds"]:
        say("  " + bound_sentence(bound, lang))
    say()
    counted = {name: told_or_not(name) for name in ("posts", "own", "links", "reposts", "replies")}
    say(words["account_head"].format(active=facts["active_days"], silent=facts["silent_days"], first=date(facts["first_seen"], lang), last=date(facts["last_seen"], lang), **counted))
    say(words["account_pace"].format(
        day=decimal(facts["per_day"], lang), most=number(facts["per_day_max"], lang), articles="?" if facts["articles_per_day"] is None else decimal(facts["articles_per_day"], lang)
    ) + " " + words["volume"])  # fmt: skip
    if facts["quiet_hours"] is not None and facts["night_hours"] is not None:
        say(words["quiet"].format(quiet=decimal(facts["quiet_hours"], lang), night=decimal(facts["night_hours"], lang)))
    drawn, hours = strip(facts["hours"])
    say()
    say(words["hours"].format(count=number(max(facts["hours"]), lang)))
    say(f"  {drawn}")
    say(f"  {hours}")
    _score(facts, lang)
    if facts["contributions"]:
        say("  " + words["trained"].format(reference=trained_on(reference(), lang)))
    _marks(facts, lang)
    if facts["groups"]:
        say()
        say(words["in_groups"].format(groups=", ".join(facts["groups"])) + "  vigie explain " + facts["groups"][0])
    _techniques(facts, lang)
    _lines(facts["evidence"], facts["posts"], told, lang)
    say()
    say(words["account_not"])


def _score(facts: Facts, lang: str) -> None:
    """The sum that the score is, each figure with both its readings."""
    from vigie.social.account_words import readings

    words, parts = SAID[lang], facts["contributions"]
    say()
    if facts["log10_lr"] is None or not parts:
        say(words["no_score"])
        return
    say(words["score"].format(score=_signed(facts["log10_lr"], lang)))
    for (name, follows, other, contribution), part in zip(readings(parts, lang, len(parts)), parts, strict=True):
        below = {kind: percent(round(100 * part[f"quantile_{kind}"]), 100, lang) for kind in ("assisted", "hand")}
        say("  " + words["figure"].format(contribution=_signed(contribution, lang, 2), name=name, value=decimal(part["value"], lang, 2), **below))
        say(words["reading"].format(follows=follows))
        say(words["opposite"].format(other=other))
    say("  " + words["sums"].format(sum=_signed(sum(part["contribution"] for part in parts), lang, 2)))


def _signed(value: float, lang: str, digits: int = 1) -> str:
    text = f"{value:+.{digits}f}"
    return text.replace(".", ",") if lang == "fr" else text


def _marks(facts: Facts, lang: str) -> None:
    """Signs that hold, by what they fit, and those that these data do not show."""
    from vigie.social.account_words import mark_sentence

    words = SAID[lang]
    for side in ("assisted", "staff", "both"):
        held = [mark for mark in facts["marks"] if mark["speaks_for"] == side and mark["holds"]]
        say()
        say(words[f"marks_{side}"] + ("" if held else f" {words['marks_none']}"))
        for mark in held:
            say("  " + mark_sentence(mark, lang))
    untold = [MARK_NAMES[mark["mark"]][1 if lang == "fr" else 0] for mark in facts["marks"] if mark["holds"] is None]
    if untold:
        say()
        say(words["marks_untold"].format(names=", ".join(untold)))
    if facts["speech"]:
        say(words["speech"].format(count=number(len(facts["speech"]), lang)))
        for one in facts["speech"][:3]:
            say(words["speech_at"].format(begin=cell(one["seen_at"]), end=cell(one["until"]), posts=number(one["posts"], lang)))
    if not facts["bounds"]:
        say(words["rate_none"])


# ------------------------------------------------------------------------------------------------ a group


def _kind(kind: str, lang: str) -> str:
    from vigie.social.coordination_words import KINDS_SAID

    return KINDS_SAID[kind][1 if lang == "fr" else 0] if kind in KINDS_SAID else kind


def _thing(thing: str, lang: str) -> str:
    """An object of posts as a person reads it."""
    kind, _, name = thing.partition(":")
    return safe(name, 120) if kind in ("url", "domain") else f"{_kind(kind, lang)} {safe(name, 80)}"


def _group(facts: Facts, told: Names, lang: str) -> None:
    from vigie.social.coordination_words import EXPLAINED
    from vigie.social.coordination_words import SAID as CONCERT

    words, concert, at = SAID[lang], CONCERT[lang], 1 if lang == "fr" else 0
    first, last = (cell(facts[name])[:16] for name in ("first_seen", "last_seen"))
    say(f"{facts['group']}  ({', '.join(_kind(kind, lang) for kind in facts['kinds'])})")
    say("  " + concert["group"].format(accounts=facts["accounts"], objects=facts["objects"], occasions=facts["moments"], first=first, last=last))
    if facts["borderline"]:
        say("  " + concert["borderline"])
    say("  " + (words["group_attack"].format(attack=facts["attack_id"]) if facts["attack_id"] else words["group_weak"]))
    say("  " + concert["what_it_says_not"])
    say()
    say(words["group_members"])
    for one in facts["members"]:
        kinds = ", ".join(_kind(kind, lang) for kind in one["kinds"])
        say(words["member_row"].format(account=safe(one["account"], 80), posts=number(one["posts"], lang), kinds=f"{kinds}, {words['by_' + one['by']]}, p = {chance(one['p'], lang)}"))
    say()
    say(words["group_objects"].format(shown=number(len(facts["on"]), lang), count=number(facts["on_all"], lang)))
    for one in facts["on"]:
        say(words["object_row"].format(times=number(one["coincidences"], lang), object=_thing(one["object"], lang), accounts=number(one["accounts"], lang), first=cell(one["first_seen"])[:16]))
    say()
    say(words["group_expected"])
    for one in facts["expected_by_kind"]:
        key = "expected_row" if one["proved"] else "together" if one["kind"] in facts["kinds"] else "seen_too"
        expected = "" if one["expected"] is None else decimal(one["expected"], lang)
        say(words[key].format(kind=_kind(one["kind"], lang), pairs=number(one["proved"] or one["pairs"], lang), found=number(int(one["found"] or 0), lang), expected=expected))
    _proofs(facts, lang)
    say()
    say(words["group_order"])
    for one in facts["order"]:
        say("  " + concert["first"].format(account_a=safe(one["first"], 80), a_first=one["times"], told=one["of"], ties=one["ties"], days=one["days"]) + f"  {safe(one['other'], 80)}")
    if not facts["order"]:
        say("  " + concert["no_order"])
    say()
    say(words["group_else"])
    for code in facts["explanations"]:
        say("  " + EXPLAINED[code][at])
    for kind, tests in facts["tests"].items():
        say()
        say(words["facts"].format(kind=_kind(kind, lang), settings=_settings(tests, lang)))
        rates = [row["rate_used"] for row in tests["base"] if row["rate_used"] is not None]
        if rates:
            say("  " + words["p0"].format(low=percent(round(1000 * min(rates)), 1000, lang), high=percent(round(1000 * max(rates)), 1000, lang)))
        _warnings(tests, lang)
    _techniques(facts, lang)
    _masked(told, lang)


def _proofs(facts: Facts, lang: str) -> None:
    """Coincidences, each with both posts."""
    from vigie.social.coordination_words import SAID as CONCERT

    words, concert, said = SAID[lang], CONCERT[lang], set[tuple[str, str]]()
    say()
    say(words["group_proof"].format(shown=number(len(facts["proofs"]), lang), count=number(facts["proofs_all"], lang)))
    for one in facts["proofs"]:
        say()
        say("  " + concert["proof"].format(
            account_a=safe(one["account_a"], 80), time_a=cell(one["seen_at"]), account_b=safe(one["account_b"], 80), lag=decimal(one["lag_seconds"], lang), object=_thing(one["object"], lang)
        ))  # fmt: skip
        pair, both = one["pair"], (one["account_a"], one["account_b"])
        if pair and both not in said:
            said.add(both)
            minutes = {tests["window"] / 60 for kind, tests in facts["tests"].items() if kind == one["kind"]}
            say("  " + concert["pair"].format(
                common=pair["common_objects"], minutes=decimal(max(minutes, default=30.0), lang), objects=pair["objects"], seconds=decimal(pair["tau"], lang), expected=decimal(pair["expected"], lang, 2)
            ))  # fmt: skip
        for side in ("a", "b"):
            _line(one[side], lang, "    ")


def _settings(tests: Facts, lang: str) -> str:
    from vigie.social.coordination_words import SAID as CONCERT

    seconds = ", ".join(decimal(float(tau), lang) for tau in tests["taus"])
    return CONCERT[lang]["settings"].format(
        seconds=seconds, window=decimal(tests["window"], lang), least=tests["least"], block=decimal(tests["block"], lang), rho=decimal(tests["rho"], lang, 2), tests=number(round(tests["tests"]), lang),
        cut_off=chance(tests["cut_off"], lang), alpha=decimal(tests["alpha"], lang, 2), seed=tests["seed"], rows_hash=tests["rows_hash"],
    )  # fmt: skip


def _warnings(tests: Facts, lang: str) -> None:
    from vigie.social.coordination_words import SAID as CONCERT

    concert = CONCERT[lang]
    for code in tests["warnings"]:
        if code == "too_coarse":
            say("    " + concert[code].format(count=number(tests["too_coarse"], lang), seconds=decimal(min(tests["taus"]), lang)))
        elif code == "nothing_to_test":
            say("    " + concert[code].format(minutes=decimal(tests["window"] / 60, lang)))
        elif code == "feeds_apart" and tests.get("apart"):
            say("    " + concert["feeds"].format(count=number(tests["apart"], lang)))
        elif code in concert:
            say("    " + concert[code])


# ------------------------------------------------------------------------------------------------ a rumour


def _rumour(facts: Facts, scope: Any, groups: tuple[Group, ...], told: Names, lang: str) -> None:
    from vigie.social.rumour_words import claim_sentences, scope_sentences, titles

    words, title = SAID[lang], titles(groups, lang)
    what = facts["what"] if facts["unit"] == "url" else None
    say(f"{facts['rumour']}  {safe(what, 200) if what else _kind('text', lang)}")
    if facts["text"]:
        say("  " + words["rumour_text"].format(text=safe(facts["text"], 400)))
    said = claim_sentences(facts, facts["counter"], groups, lang)
    for text in said[:2]:
        say(f"  {text}.")
    if facts["attack_id"]:
        say("  " + words["group_attack"].format(attack=facts["attack_id"]))
    say()
    for text in scope_sentences(scope, groups, lang):
        say(f"  {safe(text, 400)}.")
    _when(facts, title, lang)
    say()
    if not groups:
        say(words["rumour_undeclared"])
    elif facts["groups"]:
        say(words["rumour_groups"].format(groups=", ".join(safe(title.get(name, name), 80) for name in facts["groups"])))
    else:
        say(words["rumour_no_groups"])
    if facts["explicit"]:
        say(words["rumour_explicit"].format(count=number(facts["explicit"], lang), hops=facts["hops"]))
        for one in facts["relays"]:
            say(words["rumour_relay"].format(how=_how(one["how"], lang), lag=_lag(one["lag"]), between=_between(one, title, lang)))
    _between_groups(facts, groups, lang)
    _techniques(facts, lang)
    say()
    say(words["against"])
    for text in said[2:]:
        say(f"  {text}.")
    if not said[2:]:
        say("  " + words["marks_none"])
    if facts["also"]:
        say(words["also"].format(claims=", ".join(facts["also"])))
    _lines(facts["evidence"], facts["posts"], told, lang)


def _when(facts: Facts, title: Mapping[str, str], lang: str) -> None:
    """The time line as a chart: by hour where it is short, else by day; groups behind the bars."""
    words = SAID[lang]
    hourly = facts["last_at"] - facts["first_at"] <= HOURLY
    counts: dict[str, dict[str | None, int]] = {}
    for one in facts["timeline"]:
        label = cell(one["hour"])[: 16 if hourly else 10]
        inside = counts.setdefault(label, {})
        inside[one["group"]] = inside.get(one["group"], 0) + one["posts"]
    rows = []
    for label, inside in counts.items():
        named = [f"{safe(title.get(group, group), 30)} {number(n, lang)}" for group, n in inside.items() if group is not None]
        rows.append((label, sum(inside.values()), ", ".join(named)))
    say()
    say(words["rumour_hours" if hourly else "rumour_wave"])
    bars(rows, lang)


def _between(one: Mapping[str, Any], title: Mapping[str, str], lang: str) -> str:
    words = SAID[lang]
    giver, taker = (safe(title.get(one[name], words["nobody"]), 60) for name in ("parent_group", "child_group"))
    return words["rumour_between"].format(giver=giver, taker=taker)


_HOW: Final = {
    "repost": ("reposted", "relayé"), "quote": ("quoted", "cité"), "link": ("linked", "par un lien"), "account": ("the original's account is told", "le compte d'origine est donné"),
    "name": ("named", "nommé"),
}  # fmt: skip


def _how(how: str, lang: str) -> str:
    return _HOW[how][1 if lang == "fr" else 0] if how in _HOW else safe(how, 30)


def _lag(micros: int) -> str:
    seconds = micros / 1e6
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def _between_groups(facts: Facts, groups: tuple[Group, ...], lang: str) -> None:
    """Relays, precedence and symbiosis of all claims together."""
    from vigie.social.rumour_words import direction_sentence, relay_sentence, symbiosis_sentences

    words = SAID[lang]
    told: tuple[tuple[str, Callable[[Mapping[str, Any]], list[str]]], ...] = (
        ("matrix", lambda row: [relay_sentence(row, groups, lang)]), ("precedence", lambda row: [direction_sentence(row, groups, lang)]),
        ("symbiosis", lambda row: symbiosis_sentences(row, groups, lang)),
    )  # fmt: skip
    for name, sentences in told:
        if facts[name]:
            say()
            say(words[name])
            for row in facts[name][:MOST]:
                for text in sentences(row):
                    say(f"  {safe(text, 400)}.")


def _techniques(facts: Facts, lang: str) -> None:
    if facts["techniques"]:
        say()
        say(SAID[lang]["disarm"])
        for one in facts["techniques"]:
            say(f"  {one['id']}  {one['name']}  ({one['fact'].replace('_', ' ')}, {number(one['count'], lang)})")


def _wave(facts: Facts, groups: tuple[Group, ...], told: Names, lang: str) -> None:
    from vigie.social.rumour_words import titles

    words, title = SAID[lang], titles(groups, lang)
    carrier = facts["carrier"]
    named = title.get(carrier.removeprefix("s:"), carrier) if carrier.startswith("s:") else carrier
    say(f"{facts['wave_id']}")
    say("  " + words["wave_head"].format(
        origin=safe(title.get(facts["origin"], facts["origin"]), 80), carrier=safe(named, 80), accounts=number(facts["accounts"], lang), posts=number(facts["posts"], lang),
        rumours=number(facts["rumours"], lang), first=cell(facts["first_seen"])[:16], last=cell(facts["last_seen"])[:16],
    ))  # fmt: skip
    say("  " + (words["group_attack"].format(attack=facts["attack_id"]) if facts["attack_id"] else words["group_weak"]))
    say("  " + words["wave_not"])
    say()
    say(words["rumour_wave"])
    bars([(one["day"], one["posts"], "") for one in facts["by_day"]], lang)
    say()
    for one in facts["claims"]:
        say(f"  vigie explain {one['rumour']}   # {safe(one['what'] if one['unit'] == 'url' else one['text'] or one['what'], 100)}")
    if not carrier.startswith("s:"):
        say(f"  vigie explain {carrier}")
    _lines(facts["evidence"], facts["posts"], told, lang)


# ------------------------------------------------------------------------------------------------ all of it


def _posts(facts: Facts, lang: str) -> None:
    words, at, total = SAID[lang], 1 if lang == "fr" else 0, facts["posts"]

    def share(part: int, whole: int) -> str:
        return percent(part, whole, lang)

    say(words["read_head"].format(
        posts=number(total, lang), distinct=number(facts["distinct_posts"], lang), accounts=number(facts["accounts"], lang), articles=number(facts["articles"], lang),
        platforms=safe(", ".join(facts["platforms"]), 100), first=date(facts["first_seen"], lang), last=date(facts["last_seen"], lang),
    ))  # fmt: skip
    say(words["read_kinds"].format(parts=", ".join(f"{number(n, lang)} {KIND[kind][at] if kind in KIND else safe(kind)}" for kind, n in facts["kinds"].items())))
    say(words["read_precision"].format(parts=", ".join(f"{PRECISION[name][at] if name in PRECISION else safe(name)} ({share(n, total)})" for name, n in facts["precision"].items())))
    if facts["passed_on"]:
        told = {name: share(facts[f"original_{name}"], facts["passed_on"]) for name in ("known", "timed")}
        say(words["read_origin"].format(count=number(facts["passed_on"], lang), **told))
    say(words["read_client"].format(share=share(facts["client_told"], total), links=share(facts["links_told"], total)))
    say(words["read_kept_all"] if facts["texts_kept"] else words["read_kept"].format(kept=number(facts["lines_kept"], lang)))
    say()
    print_results(facts, lang)
    _tested(facts, lang)
    _at_once(facts, lang)
    _cannot(facts, lang)
    say()
    ways = (
        ("vigie show accounts --sort result", "result_all"), ("vigie show groups", "next_groups"), ("vigie show rumours", "next_rumours"), ("vigie count", "next_count"),
    )  # fmt: skip
    for place, (command, key) in enumerate(ways):
        say(f"{words['next'] if place == 0 else '':<{len(words['next'])}}  {command:<34} {words[key]}")


def _tested(facts: Facts, lang: str) -> None:
    """What sharing in concert was tested for, and what makes a test mean little."""
    words = SAID[lang]
    if not facts["tests"]:
        return
    say()
    say(words["kinds_tested"])
    for kind, tests in facts["tests"].items():
        found = words["kind_none"] if tests["cut_off"] is None else words["kind_cut"].format(cut=chance(tests["cut_off"], lang))
        shares, accounts = number(tests["shares"], lang), number(tests["accounts"], lang)
        say(words["kind_tested"].format(kind=_kind(kind, lang), shares=shares, accounts=accounts, tests=number(round(tests["tests"]), lang), found=found))
        _warnings(tests, lang)


def _at_once(facts: Facts, lang: str) -> None:
    from vigie.social.coordination_words import SAID as CONCERT

    if facts["shared_at_once"]:
        say()
        for one in facts["shared_at_once"]:
            text = CONCERT[lang]["burst"].format(
                accounts=number(one["accounts"], lang), object=_thing(one["object"], lang), seconds=decimal(one["seconds"], lang), expected=decimal(one["expected"], lang, 2)
            )
            say(f"  {cell(one['first_seen'])} UTC  {text}")


def _cannot(facts: Facts, lang: str) -> None:
    """What these posts do not show."""
    words, total, passed = SAID[lang], facts["posts"], facts["passed_on"]
    coarse = {name: facts["precision"].get(name, 0) for name in ("min", "day")}
    lines = [words["cannot_sample"]]
    if sum(coarse.values()):
        lines.append(words["cannot_seconds"].format(share=percent(sum(coarse.values()), total, lang)))
    if coarse["day"]:
        lines.append(words["cannot_days"].format(share=percent(coarse["day"], total, lang)))
    if facts["original_untold"]:
        lines.append(words["cannot_origin"].format(share=percent(facts["original_untold"], passed, lang)))
    if not facts["client_told"]:
        lines.append(words["cannot_client"])
    lines.append(words["cannot_gone"])
    if not facts["declared_groups"]:
        lines.append(words["cannot_groups"])
    say()
    say(words["cannot"])
    for line in lines:
        say(f"  {line}")


def lead_on(operation: str, lang: str) -> None:
    """From an attack of the family information operation to what it is."""
    words = SAID[lang]
    say()
    say(words["io_lead"].format(id=operation))
    say(words["io_not"])


__all__ = ["explain", "lead_on", "of_posts", "without_lines"]
