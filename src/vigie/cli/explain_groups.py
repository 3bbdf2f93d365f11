"""`vigie explain g…`: a group in concert, what chance gives beside it, each coincidence with both posts, and how to test it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vigie.cli.post_lines import kind_said, print_line, print_masked, print_techniques, thing_said
from vigie.cli.posts import chance, decimal
from vigie.cli.terminal import cell, safe, say
from vigie.words.numbers import number, percent
from vigie.words.posts import SAID

if TYPE_CHECKING:
    from vigie.archive.account_names import Names

Facts = dict[str, Any]


def print_group(facts: Facts, told: Names, lang: str) -> None:
    """All that is said of a group in concert (`group_facts`)."""
    from vigie.social.coordination_words import EXPLAINED
    from vigie.social.coordination_words import SAID as CONCERT

    words, concert, at = SAID[lang], CONCERT[lang], 1 if lang == "fr" else 0
    first, last = (cell(facts[name])[:16] for name in ("first_seen", "last_seen"))
    say(f"{facts['group']}  ({', '.join(kind_said(kind, lang) for kind in facts['kinds'])})")
    say("  " + concert["group"].format(accounts=facts["accounts"], objects=facts["objects"], occasions=facts["moments"], first=first, last=last))
    if facts["borderline"]:
        say("  " + concert["borderline"])
    say("  " + (words["group_attack"].format(attack=facts["attack_id"]) if facts["attack_id"] else words["group_weak"]))
    say("  " + concert["what_it_says_not"])
    say()
    say(words["group_members"])
    for one in facts["members"]:
        kinds = ", ".join(kind_said(kind, lang) for kind in one["kinds"])
        say(words["member_row"].format(account=safe(one["account"], 80), posts=number(one["posts"], lang), kinds=f"{kinds}, {words['by_' + one['by']]}, p = {chance(one['p'], lang)}"))
    say()
    say(words["group_objects"].format(shown=number(len(facts["on"]), lang), count=number(facts["on_all"], lang)))
    for one in facts["on"]:
        say(words["object_row"].format(times=number(one["coincidences"], lang), object=thing_said(one["object"], lang), accounts=number(one["accounts"], lang), first=cell(one["first_seen"])[:16]))
    say()
    say(words["group_expected"])
    for one in facts["expected_by_kind"]:
        key = "expected_row" if one["proved"] else "together" if one["kind"] in facts["kinds"] else "seen_too"
        expected = "" if one["expected"] is None else decimal(one["expected"], lang)
        say(words[key].format(kind=kind_said(one["kind"], lang), pairs=number(one["proved"] or one["pairs"], lang), found=number(int(one["found"] or 0), lang), expected=expected))
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
        say(words["facts"].format(kind=kind_said(kind, lang), settings=_settings(tests, lang)))
        rates = [row["rate_used"] for row in tests["base"] if row["rate_used"] is not None]
        if rates:
            say("  " + words["p0"].format(low=percent(round(1000 * min(rates)), 1000, lang), high=percent(round(1000 * max(rates)), 1000, lang)))
        print_warnings(tests, lang)
    print_techniques(facts, lang)
    print_masked(told, lang)


def _proofs(facts: Facts, lang: str) -> None:
    """Coincidences, each with both posts."""
    from vigie.social.coordination_words import SAID as CONCERT

    words, concert, said = SAID[lang], CONCERT[lang], set[tuple[str, str]]()
    say()
    say(words["group_proof"].format(shown=number(len(facts["proofs"]), lang), count=number(facts["proofs_all"], lang)))
    for one in facts["proofs"]:
        say()
        say("  " + concert["proof"].format(
            account_a=safe(one["account_a"], 80), time_a=cell(one["seen_at"]), account_b=safe(one["account_b"], 80), lag=decimal(one["lag_seconds"], lang), object=thing_said(one["object"], lang)
        ))  # fmt: skip
        pair, both = one["pair"], (one["account_a"], one["account_b"])
        if pair and both not in said:
            said.add(both)
            minutes = {tests["window"] / 60 for kind, tests in facts["tests"].items() if kind == one["kind"]}
            say("  " + concert["pair"].format(
                common=pair["common_objects"], minutes=decimal(max(minutes, default=30.0), lang), objects=pair["objects"], seconds=decimal(pair["tau"], lang), expected=decimal(pair["expected"], lang, 2)
            ))  # fmt: skip
        for side in ("a", "b"):
            print_line(one[side], lang, "    ")


def _settings(tests: Facts, lang: str) -> str:
    from vigie.social.coordination_words import SAID as CONCERT

    seconds = ", ".join(decimal(float(tau), lang) for tau in tests["taus"])
    return CONCERT[lang]["settings"].format(
        seconds=seconds, window=decimal(tests["window"], lang), least=tests["least"], block=decimal(tests["block"], lang), rho=decimal(tests["rho"], lang, 2), tests=number(round(tests["tests"]), lang),
        cut_off=chance(tests["cut_off"], lang), alpha=decimal(tests["alpha"], lang, 2), seed=tests["seed"], rows_hash=tests["rows_hash"],
    )  # fmt: skip


def print_warnings(tests: Facts, lang: str) -> None:
    """What makes the test of a kind of object mean little."""
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
