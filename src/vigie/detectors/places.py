r"""The spots of a request where an attacker can write, and how each can be read.

Encodings hide payloads: percent and double percent, `+`, `%u0027`, overlong UTF-8, full-width forms, HTML entities,
`\\x27` and `\\u0027` escapes, base64 values. Each place is given as a short list of readings, from raw to most decoded;
a pattern or a structure that convinces in any of them convinces.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from urllib.parse import unquote_to_bytes

from vigie.detectors.detector import Place

MAX_TEXT = 8192
"""Longest reading, in characters: what stands behind is not looked at, and the signal says where it was cut."""

MAX_PLACES = 256
"""Most parameters of one request that are looked at one by one."""

_PERCENT = re.compile(r"%(?:[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})")
_PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u\{?([0-9a-fA-F]{4,6})\}?|u00([0-9a-fA-F]{2}))")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});?")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}\Z")
_LOOKALIKES = str.maketrans({"\u2215": "/", "\u2044": "/", "\u2216": "\\", "\u02b9": "'", "\u02bc": "'", "\u02ba": '"', "\u2039": "<", "\u203a": ">"})
"""What servers that fit characters to a smaller set take for signs (best-fit mappings of Windows code pages)."""
_INVISIBLE = re.compile(
    "[\x00\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
"""Characters of the Unicode category Cf, which show nothing, and NUL."""
_OVERLONG = re.compile(rb"[\xc0\xc1][\x80-\xbf]|\xe0[\x80-\x9f][\x80-\xbf]|\xf0\x80[\x80-\xbf]{2}")


def places_of(target: str) -> list[Place]:
    """Split a request target, as logged, into its path and its parameters.

    Separators are looked for in the raw text first (so an encoded `&` stays in its value); `;` separates parameters
    only before the `?` (path parameters), since PHP and most others do not split queries on it.
    """
    path, mark, query = target.partition("?")
    found = [Place("path", "", path, readings(path, plus=False))]
    if mark:
        for piece in query.split("&", MAX_PLACES)[:MAX_PLACES]:
            if not piece:
                continue
            name, _, value = piece.partition("=")
            if value:
                found.append(Place("query", _name(name), value, readings(value, plus=True)))
            if name and (not value or not name.isalnum()):
                found.append(Place("name", "", name, readings(name, plus=True)))
    whole = target[:MAX_TEXT]
    found.append(Place("target", "", target, (whole, _percent(whole, plus=False)) if "%" in whole else (whole,)))
    return found


def place_of(where: str, text: str) -> Place:
    """A place that is one text as a whole: an agent, a referrer, a cookie, a body, a broken request field."""
    if where == "message":  # the server's own words: decoding would let a visitor's text stand where they begin
        return Place(where, "", text, (text[:MAX_TEXT],))
    return Place(where, "", text, readings(text, plus=where == "body"))


def _name(raw: str) -> str:
    return readings(raw, plus=True)[-1][:64]


def readings(raw: str, *, plus: bool) -> tuple[str, ...]:
    """Every distinct reading of a text, least decoded first.

    Args:
        raw: as logged.
        plus: whether `+` stands for a space (query strings and form bodies).
    """
    text = raw[:MAX_TEXT]
    if text.isalnum():
        plain = _base64(text)
        return (text, plain) if plain else (text,)
    seen: dict[str, None] = {}
    logged = _unescape_log(text)
    for _ in range(3):
        if _PERCENT.search(logged):
            logged = _percent(logged, plus=plus)
            seen[logged] = None
            plus = False
        else:
            break
    if not seen:
        first = logged.replace("+", " ") if plus else logged
        seen[first] = None
        if first != logged:
            seen[logged] = None
    last = logged if len(seen) != 1 or plus is False else next(iter(seen))
    for step in (_entities, _escapes, _fold):
        after = step(last)
        if after != last:
            seen[after] = None
            last = after
    if "&" in last or "%" in last:
        again = _entities(_percent(last, plus=False))
        seen[again] = None
    for text_ in tuple(seen)[:2]:
        plain = _base64(text_)
        if plain:
            seen[plain] = None
    return tuple(seen)


def _unescape_log(text: str) -> str:
    r"""Undo what the web server's log escaping did: `\\x22` (nginx), `\\"` and `\\\\` (Apache)."""
    if "\\" not in text:
        return text
    out = re.sub(r"\\x([0-9a-fA-F]{2})", lambda m: chr(int(m[1], 16)), text)
    return out.replace('\\"', '"').replace("\\\\", "\\")


def _percent(text: str, *, plus: bool) -> str:
    if plus:
        text = text.replace("+", " ")
    if "%u" in text or "%U" in text:
        text = _PERCENT_U.sub(lambda m: chr(int(m[1], 16)), text)
    data = unquote_to_bytes(text.encode("utf-8", "surrogatepass"))
    if data.isascii():
        return data.decode("ascii")
    data = _OVERLONG.sub(_overlong, data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _overlong(match: re.Match[bytes]) -> bytes:
    raw = match[0]
    code = ((raw[-2] & 0x1F if len(raw) == 2 else raw[-2] & 0x3F) << 6) | (raw[-1] & 0x3F)
    return bytes([code & 0x7F])


def _entities(text: str) -> str:
    return html.unescape(text) if _ENTITY.search(text) else text


def _escapes(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(min(int(m[1] or m[2] or m[3], 16), 0x10FFFF)), text)


def _fold(text: str) -> str:
    """Full-width and other compatibility forms to plain ones; invisible characters away."""
    if text.isascii():
        return text.replace("\x00", "")
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).translate(_LOOKALIKES))


def _base64(text: str) -> str:
    """The text behind a base64 value, when it is printable ASCII; else ""."""
    compact = text.replace(" ", "+")
    if len(compact) < 16 or not _BASE64.match(compact):
        return ""
    padded = compact.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        data = base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return ""
    plain = data.decode("latin-1")
    return plain if plain.isascii() and all(c.isprintable() or c in "\t\r\n" for c in plain) else ""
