"""The shape that a value would give to the SQL statement it stands in.

A value is an injection when it changes the shape of the statement (Su & Wassermann, "The Essence of Command Injection
Attacks in Web Applications", POPL 2006). The statement itself is not in the log, so the value is read in each quoting
context in which a page may put it: unquoted, between single quotes, between double quotes. Its tokens are
written as a string of one letter each, on which shapes are patterns; dialects and cut-off payloads are tolerated.

Letters: `n` number or NULL, `s` string, `u` string closed by the page, `v` variable, `w` word, `g` word before `(`,
`f` SQL function before `(`, `D` function that only attackers call, `l` logical operator, `c` comparison sign, `i` comparison
word, `a` arithmetic, `!` unary, `U` union, `E` select, `K` other statement, `k` case/when/then/else/end, `F` from, `W` where,
`O` order/group by, `H` having, `L` limit, `I` into, `A` as, `#` comment to the end, and `( ) , ; .` themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_TOKENS = 400
"""Tokens of a value that are looked at; a payload shows its shape long before."""

_TOKEN = re.compile(
    r"""[\s\x00-\x20\xa0]*(?:(?P<space>\Z)
    |(?P<block>/\*(?!!)(?:[^*]|\*(?!/))*(?:\*/|\Z))
    |(?P<executed>/\*!(?:\d{5,6})?|\*/)
    |(?P<dash>--(?=\s|\Z|[A-Za-z+'"/#;-])[^\n]*\n?)
    |(?P<hash>\#[^\n]*\n?)
    |(?P<number>0x[0-9a-fA-F]+|0b[01]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<quoted>(?:[nNxXbBeE]|_[A-Za-z0-9]{2,10})?(?P<quote>['"]))
    |(?P<bracket>\[[A-Za-z_][\w $.]{0,63}\])
    |(?P<tick>`[^`]{1,64}`)
    |(?P<variable>@@?(?:[\w$.]+|`[^`]{0,64}`)?)
    |(?P<word>[^\W\d][\w$]*)
    |(?P<logic>&&|\|\|)
    |(?P<compare><=>|<>|!=|<=|>=|:=|=|<|>|!<|!>)
    |(?P<arithmetic><<|>>|::|[+\-*/%^&|])
    |(?P<unary>[!~])
    |(?P<mark>[(),;.])
    |(?P<other>.))""",
    re.VERBOSE | re.DOTALL,
)

_WORDS = {
    **dict.fromkeys("and or xor".split(), "l"),
    **dict.fromkeys("like rlike regexp is in between sounds ilike glob similar overlaps soundslike collate escape".split(), "i"),
    **dict.fromkeys("div mod".split(), "a"),
    **dict.fromkeys("not binary distinct distinctrow exists any some interval sql_no_cache straight_join".split(), "!"),
    **dict.fromkeys("null true false current_user session_user system_user current_timestamp current_date sysdate rownum".split(), "n"),
    "union": "U", "intersect": "U", "except": "U", "minus": "U", "select": "E",
    **dict.fromkeys(
        "insert update delete drop alter create exec execute declare waitfor shutdown truncate grant "
        "revoke merge replace backup restore kill begin goto call copy handler load set print if use".split(), "K"
    ),
    **dict.fromkeys("case when then else end".split(), "k"),
    "from": "F", "where": "W", "having": "H", "limit": "L", "offset": "L", "into": "I", "as": "A",
}  # fmt: skip

_SIGNS = {"logic": "l", "compare": "c", "arithmetic": "a", "unary": "!", "other": "?"}
"""Letters of the signs that are not their own letter."""

FUNCTIONS = frozenset(
    """
    abs acos ascii asin atan avg bin bit_and cast ceil ceiling char char_length character_length chr coalesce
    collation compress concat conv convert cos cot count crc32 curdate current_database current_user curtime
    database date date_add date_format datediff db_name decode degrees elt encode exp field find_in_set floor format
    found_rows getdate greatest hex if iff ifnull iif inet_aton initcap insert instr isnull json_array json_object
    json_extract last_insert_id lcase least left len length ln locate log log10 log2 lower lpad ltrim max md5 mid
    min mod newid now nullif nvl oct octet_length ord password patindex pi position pow power quote quotename
    radians rand repeat replace reverse right round row row_count rpad rtrim schema sha sha1 sha2 sign sin soundex
    space sqrt stddev str strcmp stuff substr substring substring_index sum suser_name sysdate tan to_base64 to_char
    to_date to_number trim truncate ucase unhex unicode upper user user_name uuid variance version year values quote
    regexp_like regexp_replace regexp_substr string_agg listagg total typeof unistr hextoraw rawtohex binary any
    array_agg array_to_json to_json nchar connection_id session_user system_user host_name object_id col_name
    openrowset is_srvrolemember has_dbaccess serverproperty fn_sqlvarbasetostr translate nth_value ntile lag lead
    """.split()
)
"""SQL functions that people also have other uses for."""

DANGEROUS = frozenset(
    """
    sleep pg_sleep benchmark extractvalue updatexml load_file group_concat concat_ws make_set xmltype json_keys
    randomblob zeroblob load_extension xp_cmdshell xp_dirtree xp_fileexist xp_regread sp_executesql sp_oacreate
    sp_password sp_configure generate_series query_to_xml database_to_xml lo_import lo_export pg_read_file pg_ls_dir
    dblink name_const linestring polygon multipoint multilinestring multipolygon geometrycollection
    st_latfromgeohash st_longfromgeohash st_pointfromgeohash gtid_subset gtid_subtract exportset export_set
    aes_encrypt aes_decrypt des_encrypt sys_eval sys_exec ordsys fn_trace_gettable fn_xe_file_target_read_file
    char_to_label get_host_address analyse receive_message sqlid_to_sqlhash dbms_utility utl_inaddr utl_http
    xmlquery xmlforest httpuritype
    """.split()
)
"""Functions that a visitor's value has no reason to call: delays, errors that speak, files, commands."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Tokens of a value in one quoting context.

    Attributes:
        value: as given.
        context: "", "'" or '"': the quote that the page is supposed to put before the value.
        letters: one letter per token.
        words: the token as written, lower case; `'` for strings, `0` for numbers; same length as `letters`.
        first: the literal before the breakout (the text up to the closing quote), "" when unquoted.
        last: the unclosed literal at the end, "" when there is none.
        comment: text of the final comment.
    """

    value: str
    context: str
    letters: str
    words: tuple[str, ...]
    first: str
    last: str
    comment: str

    def text(self) -> str:
        """The tokens with literals abstracted, joined by spaces: a key that equal payload templates share."""
        return " ".join(self.words)


def shape(value: str, context: str) -> Shape:
    """Read a value as SQL.

    Args:
        value: decoded, at most 8,192 characters.
        value: as given.
        context: "", "'" or '"'.
    """
    letters: list[str] = []
    words: list[str] = []
    first = last = comment = ""
    at = 0
    if context:
        stop = _closing(value, 0, context)
        first = value[:stop]
        letters.append("s" if stop < len(value) else "u")
        words.append("'")
        at = stop + 1
    end = len(value)
    while at < end and len(letters) < MAX_TOKENS:
        match = _TOKEN.match(value, at)
        if match is None:
            break
        kind = match.lastgroup or "other"
        at = match.end()
        if kind == "word":
            word = match[kind].lower()
            if word != "by":
                letters.append(_letter(word, value, at))
                words.append(word)
        elif kind in _SIGNS or kind == "mark":
            token = match[kind]
            letters.append(_SIGNS.get(kind, token))
            words.append(token)
        elif kind == "number":
            letters.append("n")
            words.append("0")
        elif kind in ("quoted", "quote"):
            quote = match["quote"]
            stop = _closing(value, at, quote)
            open_ = stop >= end
            last = value[at:stop] if open_ else ""
            letters.append("u" if open_ and quote == context else "x" if open_ else "s")
            words.append("'")
            at = stop + 1
        elif kind in ("dash", "hash"):
            token = match[kind]
            if token.endswith("\n") and value[at:].strip():
                continue
            letters.append("#")
            words.append("#")
            comment = token.lstrip("-#")
            break
        elif kind == "variable":
            letters.append("v")
            words.append("@@" if match[kind].startswith("@@") else "@")
        elif kind in ("tick", "bracket"):
            letters.append("w")
            words.append("w")
        elif kind == "block" and at >= end and not match[kind].endswith("*/"):
            letters.append("#")
            words.append("#")
            comment = match[kind][2:]
    return Shape(value, context, "".join(letters), tuple(words), first, last, comment)


def _closing(value: str, at: int, quote: str) -> int:
    r"""Where the string that is open at `at` is closed; the length of the value when it is not.

    `''` inside a string is one quote; so is `\\'`, which other dialects read as the end: an attacker's `\\'` is a breakout
    in half of them, so it only escapes when something other than SQL follows.
    """
    while True:
        stop = value.find(quote, at)
        if stop < 0:
            return len(value)
        if value[stop + 1 : stop + 2] == quote and stop > at and stop + 2 < len(value):
            at = stop + 2
            continue
        return stop


def _letter(word: str, value: str, at: int) -> str:
    follows = value[at : at + 24].lstrip()
    if word in ("all", "distinct", "top"):
        return "!"
    if word in ("order", "group"):
        return "O" if follows[:2].lower() == "by" or follows[:1] in ("/", "%") else "w"
    if follows.startswith("("):
        if word in DANGEROUS:
            return "D"
        known = _WORDS.get(word)
        if known in ("l", "!", "U", "E", "F", "W", "H", "i", "k", "a", "A", "I", "L"):
            return known
        if word in FUNCTIONS:
            return "f"
        return known or "g"
    return _WORDS.get(word, "w")
