"""`vigie explain posts`: what was read of posts as a whole, what came of it, and what it cannot show."""

from __future__ import annotations

from typing import Any

from vigie.cli.explain_groups import print_warnings
from vigie.cli.post_lines import kind_said, thing_said
from vigie.cli.posts import chance, date, decimal, print_results
from vigie.cli.terminal import cell, safe, say
from vigie.words.numbers import number, percent
from vigie.words.posts import KIND, PRECISION, SAID

Facts = dict[str, Any]


def print_posts(facts: Facts, lang: str) -> None:
    """All that is said of posts as a whole (`posts_facts`)."""
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
        say(words["kind_tested"].format(kind=kind_said(kind, lang), shares=shares, accounts=accounts, tests=number(round(tests["tests"]), lang), found=found))
        print_warnings(tests, lang)


def _at_once(facts: Facts, lang: str) -> None:
    from vigie.social.coordination_words import SAID as CONCERT

    if facts["shared_at_once"]:
        say()
        for one in facts["shared_at_once"]:
            text = CONCERT[lang]["burst"].format(
                accounts=number(one["accounts"], lang), object=thing_said(one["object"], lang), seconds=decimal(one["seconds"], lang), expected=decimal(one["expected"], lang, 2)
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
