"""Whether sqlmap wrote a text: its templates show.

Constants of four digits compared with themselves, strings of four random letters, three random letters between two `q` around what
comes back, fixed delays. A hit names the tool of *this* text; that a run was a tool's needs two such texts or more.

References:
    - sqlmap 1.7.2, `data/xml/boundaries.xml`, `data/xml/payloads/`, `lib/controller/checks.py`; own recordings of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vigie.detectors.database import exact

if TYPE_CHECKING:
    import re2

MAX_VALUE = 1500
"""Characters of a value that are looked at: a tool shows its hand early."""

_SQLMAP = (
    r"(?:\b(?:and|or|not|rlike|having|where|when)\b|if|elt|make_set|iif|[(&|])[\s('\"%]{0,8}(?P<a>\d{4})\)?\s*(?:=|<|>|like|between)\s*\(?(?P<b>\d{4}\b|\(?select)"
    r"|['\"(](?P<c>[a-z]{4})['\"]\s*(?:=|like)\s*['\"](?P<d>[a-z]{4})"
    r"|'q[zxjkvbp]{3}q'|0x71(?:7a|78|6a|6b|76|62|70){3}71|ch(?:a)?r\(113\)\s*(?:\|\||\+|,)\s*ch(?:a)?r\(1\d\d\)"
    r"|\bselect \d{4}(?:\)|\s)|\bunion all select (?:null|\d{4})(?:,(?:null|\d{4}))+"
    r"|\border by \d{4}\b|[\d'\")]\s?(?:-- ?|#)[a-z]{4}$|waitfor delay '0:0:5'|generate_series\(1,5000000\)|randomblob\(\d00000000|benchmark\(5000000"
    r"|dbms_pipe\.receive_message\([^'\"]{1,80},5\)|exec xp_cmdshell\('cat \.\./|^(?P<e>\d{4})-(?P<f>\d{4})$|'[a-z]{6}<'\">[a-z]{6}"
    r"|^[\w ./-]{0,64}?(?P<h>[(),.'\"]{10})$|\bchar\(113,1\d\d,1?\d\d,1\d\d,113\)|declare @x char\(9\);set @x=0x30|;select (?:pg_)?sleep\(5\)(?:#|--)$"
    r"|\b(?:and|or) \(select .{1,80}\b(?:null|256)\b.{0,48}\) is null\b|\(select '(?P<c2>[a-z]{4})' from [\w.$]{1,40}\)='(?P<d2>[a-z]{4})"
)
_COMMENT = re.compile(r"/\*.{0,64}?\*/")


def by_sqlmap(text: str) -> bool:
    """Whether sqlmap's grammar is in a text.

    Args:
        text: decoded text of a place; its first `MAX_VALUE` characters are looked at.
    """
    return any(map(_convinces, exact(_SQLMAP).finditer(without_comments(text[:MAX_VALUE]))))


def without_comments(text: str) -> str:
    """A text with each SQL comment as a blank: tools put them where filters look for blanks."""
    return _COMMENT.sub(" ", text) if "/*" in text else text


def _convinces(match: re2._Match) -> bool:
    """What a pattern alone cannot ask."""
    _, _, left, right, high, low, signs, one, other = match.groups()  # by name it would take longer than finding them
    if (left and left.lower() != right.lower()) or (one and one.lower() != other.lower()):
        return False
    if high and int(high) <= int(low):  # its subtractions fall, the years of a period rise
        return False
    return not signs or (signs.count("'") == 1 and signs.count('"') == 1)  # as it draws its ten opening signs
