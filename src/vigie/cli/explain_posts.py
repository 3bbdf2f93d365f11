"""`vigie explain acc_…|g…|r…|w…|posts`: which id of posts is meant, and what is given of it: words, JSON or CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from vigie.cli.failure import USAGE, Failure
from vigie.cli.options import opened
from vigie.cli.posts import names
from vigie.cli.terminal import csv_rows, json_object, note, safe, say
from vigie.words.posts import SAID

if TYPE_CHECKING:
    from vigie.archive.account_names import Names
    from vigie.archive.catalogue import Catalogue

SHORTEST: Final = 5
"""Characters of an id that are enough when they are of one id only; of a pseudonym behind its prefix."""
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
    from vigie.cli.explain_accounts import print_account
    from vigie.cli.explain_all_posts import print_posts
    from vigie.cli.explain_groups import print_group
    from vigie.cli.explain_rumours import print_rumour
    from vigie.cli.explain_waves import print_wave

    if what == "posts":
        facts = {"snapshot": catalogue.snapshot, **posts_facts(catalogue)}
        rows = [{"what": name, "value": value, "posts": count} for name in ("kinds", "precision", "by_result") for value, count in facts[name].items()]
        return facts, rows, lambda all_of_it: print_posts(all_of_it, lang)
    if what.startswith("acc_") or ":" in what:
        facts = account_facts(catalogue, told, *_account_id(catalogue, told, what), limit)
        return facts, facts["contributions"], lambda account: print_account(account, told, lang)
    whole = _whole(catalogue, what)
    if what[0] == "g":
        facts = group_facts(catalogue, told, whole, limit)
        return facts, [_flat(one) for one in facts["proofs"]], lambda group: print_group(group, told, lang)
    groups = declared_groups(catalogue)
    if what[0] == "w":
        facts = wave_facts(catalogue, told, whole, limit)
        return facts, facts["evidence"], lambda wave: print_wave(wave, groups, told, lang)
    facts = rumour_facts(catalogue, told, whole, limit)
    scope = scope_of(catalogue)
    return facts, facts["evidence"], lambda rumour: print_rumour(rumour, scope, groups, told, lang)


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
        return {name: without_lines(one) for name, one in value.items() if name not in ("line", "line_a", "line_b", "text", "other_text")}
    return [without_lines(one) for one in value] if isinstance(value, list) else value


def _flat(proof: Facts) -> Facts:
    """A coincidence as one row."""
    plain = {name: proof[name] for name in ("kind", "object", "account_a", "account_b", "seen_at", "lag_seconds")}
    return {**plain, **{f"{name}_{side}": proof[side][name] for side in ("a", "b") for name in ("file", "byte_offset", "line")}}


def lead_on(operation: str, lang: str) -> None:
    """From an attack of the family information operation to what it is."""
    words = SAID[lang]
    say()
    say(words["io_lead"].format(id=operation))
    say(words["io_not"])
