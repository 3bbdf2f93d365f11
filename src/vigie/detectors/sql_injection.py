"""SQL injection: values that change the shape of the statement they would stand in.

References:
    - Z. Su, G. Wassermann, "The Essence of Command Injection Attacks in Web Applications", POPL 2006.
    - CAPEC-66, CWE-89, ATT&CK T1190.
"""

from __future__ import annotations

import re

from vigie.detectors.detector import Detector, Finding, Place
from vigie.detectors.rule import load_rules
from vigie.detectors.statement import Shape, shape
from vigie.records import ACCESS

MAX_VALUE = 4096
"""Characters of a value that are read as SQL."""

_OPERAND = r"[!a]*\(*[!a]*(?:[nsv]|w(?:\.w)*|[fgD]\()"
_UNION = re.compile(r"U!*#?\(*E(?:!n(?=[nw]))?!*(?:[(!a]*(?:[nsv](?=$|[,F#)axsu;AL])|[fD]\(|k|a|w(?:\.[wa])*(?=[,F]|\)*F)|g\(.{0,60}F|u|x)|$)")
_ONLY_WORDS = re.compile(r"^[KkiEFWHUAIO?!.,w]*w[KkiEFWHUAIO?!.,w]*$")
_TWO_WORDS = re.compile(r"^w+U!*Ew*$")
_SUBQUERY = re.compile(r"\([(!]*E[!a(]*(?:[nsv](?=$|[,F)alciWuxUE])|[fD]\(|k|a(?=[F,)])|w(?:[.,]w)*\)*F|g\()")
_DANGER = re.compile(r"D\([(!a]*(?:[nsvuxfDEg(k)]|$)|w\.D\(")
_COMPARED = re.compile(
    r"l[!a(]*(?:[nsv]|w(?:\.w)*|[fgD]\([^W]{0,80}?\)|g\(\))\)*(?:a[(]*[nv]\)*)*!*(?:c[!ac(]*(?:[nsuvxk]|[fgD]\(|E|w(?=$|[#);.,alcU]))|i[!i]*[ca(]*(?:[nsuv](?=$|[^w])|[fD]\(|E))"
)
_CALLED = re.compile(r"l[!a(]*[fD]\((?!\))|l[!a(]*D|l[!(]*k[^w]|l[!(]+[E]|l[!ac(]*\([!(]*E")
_LITERALS = re.compile(r"^[ux]?[(!a]*[nsv]\)*(?:l[!a(]*[nv]\)*)+(?:#|$)")
_BROKEN_OUT = re.compile(r"^s[);]*(?:l[!a(]*[nsuv]\)*(?=$|[#lcai;])|l!*#|H|O[n(w]|[);]+#|#$|\)*[ac][!a(]*(?:\(*E|D\()|I[snw])")
_ORDER = re.compile(r"(?:^|[nsv)])\)*O[(]*n(?:,n)*\)*(?:#|$)|(?:^|[nsv)])\)*O[\w(),.]{0,40}H[!(]*(?:n[cl]|[fD]\()|[nsvw)]H[!(]*(?:[nsv][cl]|[fD]\()|[nsv)]L[nfD][^w]{0,20}I")
_CHAIN = re.compile(r"^s\)*(?:!*[acil]+[!ail]*[(!a]*(?:[nsv]|[fgD]\([nsvfgD,()ac!E]{0,40}\)|w(?=[aci]))\)*)*!*([acil]+)[!aci]*(u|[(!a]*[nsv]\)*#)$")
_FULL_SELECT = re.compile(r"^\(*E[!]*[(!a]*(?:[nsva]|[fD]\(|k)[^#;]{0,120}?(?:F\(*[w(E]|W|I)|^\(*E[!(a]*(?:v|[fD]\()|^\(*E.{0,40}Fw(?:[.]w)*(?:A?w)?W[(!]*(?:w(?:\.w)*|[nsv])[ci]|^\(*E[w.,]{1,40}Fw\.w(?:#|$|[;WLO])|^\(*E[w.]+,[w.,]+Fw(?:#|$|[;LO])|^\(*E[w.,!(a]{1,60}(?:[nsvfD]|g\()[^#;]{0,120}F\(*w|^\(*EaF\(*w(?:#|$|[;WLO,])")
_EXPRESSION = re.compile(r"^[\s(!a]*\([^w;]*\)[)]*#$")
_ARITHMETIC = re.compile(r"^[(]*[nsvw]?\)*[a][(!a]*(?:D\(|f\(f|f\([w.]+[,)]|\([^w]{0,40}[fD]\(|\(*E|v)")
_HEAVY = re.compile(r"^[(!a]*(?:D\(|(?:f\([(!a]*(?:f\(|D\(|\(*E|v)|g\([(!a]*(?:f\(|D\(|\(+E|v))|v(?:$|[#,)]))")
_PIPED = re.compile(r"^[nsw]\)*l[!(]*(?:\(*E|D\(|f\([nsvwfD])")
_JOINED = re.compile(r"^s(?:a|l)[(!]*(?:[fD]\((?!\))|\(+[nsvf(]).{0,120}(?:[al][(!]*u|#|\))$")
_MEMBER = re.compile(r"v[ac]|vI|Kv")
_PROSE = re.compile(r"ww[.;?]+w|wKw|www|wwg|\?{2}|wnw(?!$)")
_SECOND = re.compile(r";[!(]*E!*[(!a]*(?:[nsvkfD(]|g\(.{0,60}F|a|w(?:[.,]w)*F)|;f\([^w]{0,40}c")
_WHERE = re.compile(r"[nsv)]\)*(?:A?w)?W[!(]*[nsv]\)*[ci][!a(]*[nsvuE]|^\(+[nsv]c[nsv]\)+[acl]")
_CHOICE = re.compile(r"kk[(!]*(?:[nsv]|[fD]\()|[fD]\([!(]*[nsv]c[nsv]")
_MARKUP = re.compile(r"[<>]\s*[/!%?]?[a-z]{1,12}[\s/>]|[<>]\s*$", re.IGNORECASE)
_MARKS = re.compile(r"/\*|#|--")
_FORM = re.compile(r"&\w{1,32}=", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")

_STATEMENT = re.compile(
    r"(?:^|[;)'0#]|\bgoto w\b|\belse|\bthen|\bbegin|\bw)\s*(?:begin |try |tran |[ ;)])*(?P<what>"
    r"drop (?:table|database|view|schema|procedure|function|user|login|index|column|trigger)\b(?! (?:a|the|of|to|and)\b)"
    r"|delete (?:\w+ )?from \w+(?:$| (?:#|;|where|limit|[.)]))|delete \w+ from \w+ #"
    r"|insert (?:into )?[\w]+(?: \. \w+)* (?:\(|values|select\b|exec)"
    r"|update [\w]+(?: \. \w+)* set [\w]+(?: \. \w+)* ="
    r"|alter (?:table|database|user|login|role|server|proc)\b [\w']"
    r"|create (?:or replace |temp |temporary |unique )*(?:table|function|user|login|view|database|trigger|procedure|index|role|assembly)\b [\w']"
    r"|truncate table \w|grant [\w ,]{1,60} (?:on|to)\b|shutdown(?: with| #| ;|$)|exec(?:ute)? (?:[@'(]|immediate|\w+ \.|\w+ ')|exec(?:ute)? (?:sp_|xp_)\w+|execute? \w+ (?:0|')"
    r"|declare @|declare \w+ (?:varchar|nvarchar|int|char|cursor)|waitfor (?:delay|time) |backup (?:database|log) |restore database |load data (?:local )?infile"
    r"|copy [\w(]+ .{0,40}(?:from|to) (?:program|')|call \w+ \(|handler \w+ open|set @|if (?:! )?\(.{0,200}(?:waitfor|sleep|benchmark|select|exec)"
    r"|merge into \w+ using|do (?:sleep|benchmark|language|\$)|kill 0|use \w+ ;|begin (?:dbms|declare|user_lock|exec|waitfor|if \()|begin \w+ \. \w+ \()"
)
_ANYWHERE = re.compile(
    r"\binto (?:outfile|dumpfile) (?:[(@'?]|0|\w|[^\x00-\x7f])|\bprocedure analyse\b|\bwaitfor (?:delay|time) '|\bmaster \. \. |\bxp_\w+|\bdbms_\w+ \. \w+|\butl_\w+ \. \w+"
    r"|\bctxsys \. |\bsys \. (?:databases|tables|objects|columns|user_|schema)|\b(?:mysql|mysql_) \. (?:user|db|innodb)\b|\brdb\$\w+|\bpg_catalog \. |\bmysql \. user"
)
_CATALOGUE = re.compile(
    r"\b(?:information_schema|sysobjects|syscolumns|sysdatabases|sysusers|sqlite_master|sqlite_schema|sqlite_temp_master|pg_catalog|pg_user|pg_shadow|pg_tables|pg_database|"
    r"all_tables|all_users|user_tables|all_tab_columns|all_tab_tables|user_tab_columns|dba_users|dba_tables|v\$version|sysibm|syscat|msysobjects|msysaccessobjects|"
    r"innodb_table_stats|innodb_index_stats|rdb\$\w+|msysaccessxml)\b"
)
_QUOTES = ("'", '"', "")


def confirm(reading: str, place: Place) -> Finding | None:
    """Decide whether a value is an injection in one of the contexts that a page may put it in.

    Args:
        reading: one decoded reading of the value.
        place: where it stood.
    """
    value = reading[:MAX_VALUE].strip("\x00")
    if len(value) < 3:
        return None
    best: Finding | None = None
    for context in _QUOTES:
        if context and context not in value:
            continue
        found = _judge(shape(value, context), value, place)
        if found is not None and (best is None or found.confidence > best.confidence):
            best = found
            if best.confidence >= 0.9:
                break
    return best


def _judge(seen: Shape, value: str, place: Place) -> Finding | None:
    verdict = _quoted(seen) if seen.context else _unquoted(seen, place)
    if verdict is None:
        return None
    rule, confidence = verdict
    if rule in ("boolean", "comment", "joined") and (_MARKUP.search(value) or (rule == "joined" and _FORM.search(value))):
        return None
    skeleton = seen.text() if len(seen.words) >= 8 else ""
    return Finding(f"sql_injection.{rule}", value[:512], confidence, kind=_KINDS.get(rule, ""), skeleton=skeleton)


_KINDS = {"union": "union", "stacked": "stacked", "boolean": "boolean", "function": "blind", "order": "columns", "subquery": "blind"}


def _anywhere(seen: Shape, *, prose: bool) -> tuple[str, float] | None:
    """Shapes that convince in every context."""
    letters, text = seen.letters, seen.text()
    if _UNION.search(letters) and ("E" in letters) and not (prose and _prose_before(letters)) and not _TWO_WORDS.match(letters):
        return "union", 0.95
    if not prose and _SECOND.search(letters):
        return "stacked", 0.95
    if ";" in letters or "K" in letters:
        statement = _STATEMENT.search(text)
        if statement and not (prose and statement.start("what") == 0 and not _statement_like(letters)):
            return "stacked", 0.95
    if not prose and _WHERE.search(letters):
        return "boolean", 0.85
    if not prose and _CHOICE.search(letters):
        return "subquery", 0.85
    if _ANYWHERE.search(text) and (not prose or "waitfor" in seen.words):
        return "function", 0.9
    if _CATALOGUE.search(text) and ("E" in letters or "F" in letters) and not prose:
        return "catalogue", 0.9
    return None


def _statement_like(letters: str) -> bool:
    return any(mark in letters for mark in "cnsvfgD(") and not _PROSE.search(letters)


def _prose_before(letters: str) -> bool:
    at = letters.find("U")
    return bool(_PROSE.search(letters[:at])) and not re.search(r"E[!(]*(?:[nsv],|[fD]\()", letters)


def _quoted(seen: Shape) -> tuple[str, float] | None:
    """A value that closes the page's quote: what follows is code."""
    letters = seen.letters
    if letters[:1] != "s":
        return None
    prose = _PROSE.search(letters) is not None
    found = _anywhere(seen, prose=prose)
    if found:
        return found
    if _COMPARED.search(letters) and not _words_first(letters):
        return "boolean", 0.9
    after = letters[1:].lstrip(");")
    if after[:1] in ("w", "?", "n", "x", "s", "g", ".", ","):
        return ("subquery", 0.8) if _SUBQUERY.search(letters) and not prose and after[:1] in ("n", ",") else None
    if prose:
        return None
    danger = _DANGER.search(letters)
    if (danger and not _ONLY_WORDS.match(letters[1 : danger.start()].lstrip(")l"))) or _CALLED.search(letters):
        return "function", 0.9
    if _SUBQUERY.search(letters):
        return "subquery", 0.9
    if _ORDER.search(letters):
        return "order", 0.85
    if letters.endswith("#") and (re.search(r"^s[);]*#$", letters)):
        tail = seen.comment.strip()
        return ("comment", 0.6) if len(tail.split()) <= 1 and (len(tail) <= 8 or not tail.isalpha()) and _cuts(seen) else None
    chain = _CHAIN.search(letters) if len(seen.first.split()) <= 6 else None
    if chain:
        middle = letters[1:].rstrip("u#")
        if re.search(r"[nsvfgDw(]", middle):
            return "boolean", 0.85
        if not _LETTERS.search(seen.first + seen.last) or not _word_like(seen):
            return "joined", 0.7
        return None
    if _BROKEN_OUT.search(letters):
        return "boolean", 0.8
    if _JOINED.search(letters):
        return "joined", 0.8
    return None


def _cuts(seen: Shape) -> bool:
    """A quote and a comment: more than an apostrophe before a hashtag."""
    return len(seen.first) <= 64 and (")" in seen.letters or ";" in seen.letters or len(seen.first.split()) <= (1 if seen.comment.strip() else 2))


def _word_like(seen: Shape) -> bool:
    """Two pieces of prose joined by a word or a sign that prose has too."""
    return any(word in ("and", "or", "&", "-", "+", "in", "is", "like", "not", "/", "*", "|", "between", "%") for word in seen.words)


def _words_first(letters: str) -> bool:
    return bool(re.match(r"^s[w?,.]{2}", letters))


def _unquoted(seen: Shape, place: Place) -> tuple[str, float] | None:
    """A value that stands where a number stands, or is the statement itself."""
    letters = seen.letters
    prose = _PROSE.search(letters) is not None
    found = _anywhere(seen, prose=prose)
    if found:
        return found
    if prose or (place.where in ("agent", "referrer", "path") and letters.count("w") > 6):
        return None
    if _COMPARED.search(letters) and re.match(r"^[!a(xu]*(?:[nsv)]|w(?:\.w)*)[);#w]{0,6}!*(?:l|[ace!i]|W|$)|^[l(]|^[fgD]\(", letters):
        return "boolean", 0.85
    danger = _DANGER.search(letters)
    if danger and not _ONLY_WORDS.match(letters[: danger.start()]):
        return "function", 0.85
    if _SUBQUERY.search(letters):
        return "subquery", 0.85
    if _ORDER.search(letters) and re.match(r"^[!a(]*[nsvw]?\)*[OHLW]", letters):
        return "order", 0.7
    if _CALLED.search(letters) and re.match(r"^[!a(]*[nsv]\)*l|^\)+", letters):
        return "function", 0.8
    if _FULL_SELECT.search(letters):
        return "statement", 0.6
    if _EXPRESSION.search(letters) or _ARITHMETIC.search(letters) or _HEAVY.search(letters) or _PIPED.search(letters):
        return "function", 0.7
    if letters.endswith("#") and _LITERALS.search(letters):
        return "boolean", 0.7
    if re.search(r"^a?[nsv](?:a[nsv])*U+#?$", letters) and _MARKS.search(seen.value):
        return "union", 0.5
    if re.search(r"^[nsv]\)+F", letters):
        return "boolean", 0.7
    if (re.search(r"^[!a(]*[nsv]\)+[;]*#$|^[nsv](?:\)+[;(,]*)+$|^n;#$", letters) and "#" in letters) or (re.search(r"^a?n#$", letters) and seen.words[-1] == "#" and not seen.comment):
        return "comment", 0.6
    return None


DETECTOR = Detector("sql_injection.request", "sql_injection", ACCESS, load_rules("sql_injection"), confirm)
"""Looks at paths, parameters, bodies, cookies, agents and referrers."""
