"""Which tool wrote an injection, where its grammar gives it away.

Tools write templates: constants of four digits compared with themselves, strings of four random letters, delimiters around what
comes back, canary hosts. A hit names the tool of *this* text; that a run was a tool's needs two such texts or more.
"""

from __future__ import annotations

import re

from vigie.detectors.database import exact

MAX_VALUE = 1500
"""Characters of a value that are looked at: a tool shows its hand early."""

_SQLMAP = (
    r"(?:\b(?:and|or|not|rlike|having|where|when)\b|if|elt|make_set|iif|[(&|])[\s('\"%]{0,8}(?P<a>\d{4})\)?\s*(?:=|<|>|like|between)\s*\(?(?P<b>\d{4}\b|\(?select)"
    r"|['\"(](?P<c>[a-z]{4})['\"]\s*(?:=|like)\s*['\"](?P<d>[a-z]{4})"
    r"|'q[zxjkvbp]{3}q'|0x71(?:7a|78|6a|6b|76|62|70){3}71|ch(?:a)?r\(113\)\s*(?:\|\||\+|,)\s*ch(?:a)?r\(1\d\d\)"
    r"|\bselect \d{4}(?:\)|\s)|\bunion all select (?:null|\d{4})(?:,(?:null|\d{4}))+"
    r"|\border by \d{4}\b|(?:-- |--|#)\s?[a-z]{4}$|waitfor delay '0:0:5'|generate_series\(1,5000000\)|randomblob\(\d00000000|benchmark\(5000000"
    r"|dbms_pipe\.receive_message\(|exec xp_cmdshell\('cat \.\./|^[(),.'\"]{8,12}$|^\d{4}-\d{4}$|'[a-z]{6}<'\">[a-z]{6}"
)
_TOOLS = (
    ("acunetix", re.compile(r"acunetix|bxss\.me|response\.write\(\d{3,}\*\d{3,}\)|sleep\(15\)|waitfor delay '0:0:15'|gethostbyname\(lc\(|acux\d", re.IGNORECASE)),
    ("netsparker", re.compile(r"netsparker|invicti|r87\.me|ns0x[0-9a-f]{4,}|'\"--></style></script>", re.IGNORECASE)),
    ("w3af", re.compile(r"w3af|d'z\"0|a'b\"c'd\"", re.IGNORECASE)),
    ("wapiti", re.compile(r"wapiti|\xbf'\"\(|\\xbf'\\x22\(|\ufffd'\"\(", re.IGNORECASE)),
    ("nikto", re.compile(r"nikto", re.IGNORECASE)),
    ("openvas", re.compile(r"openvas", re.IGNORECASE)),
    ("nessus", re.compile(r"nessus", re.IGNORECASE)),
    ("burp suite", re.compile(r"burpcollaborator|oastify", re.IGNORECASE)),
    ("interactsh", re.compile(r"interact\.sh|\boast\.(?:pro|live|site|online|fun|me)\b", re.IGNORECASE)),
    ("havij", re.compile(r"999999\.9\s*\)*\s*union all select 0x3[0-9a-f]{4,}|!S!WCRTESTINPUT", re.IGNORECASE)),
)


_WORDS = (
    "acun", "bxss", "response.write", "sleep(15)", "0:0:15", "gethostbyname", "acux", "netsparker", "invicti", "r87.me", "ns0x", "</style>",
    "w3af", "d'z", "a'b", "wapiti", "\xbf'", "\\xbf'", "\ufffd'", "nikto", "openvas", "nessus", "burpc", "oastify", "interact", "oast.",
    "999999.9", "wcrtest",
)  # fmt: skip
"""What a text must hold for any pattern of `_TOOLS` to be worth trying."""


def tool_of(value: str) -> str:
    """Name of the tool whose grammar this is, or "".

    Args:
        value: decoded text of a place.
    """
    text = value[:MAX_VALUE]
    low = text.lower()
    if any(word in low for word in _WORDS):
        for name, pattern in _TOOLS:
            if pattern.search(text):
                return name
    flat = re.sub(r"/\*.{0,64}?\*/", " ", text) if "/*" in text else text
    for match in exact(_SQLMAP).finditer(flat):
        if match["c"] and match["c"].lower() != match["d"].lower():
            continue
        return "sqlmap"
    return ""
