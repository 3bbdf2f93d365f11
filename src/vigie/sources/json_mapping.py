"""Which field of a JSON log means what, as data: written by a format's specification, by a user, or pasted from nginx.

References:
    - https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format (`escape=json`)
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from vigie.records import ACCESS
from vigie.sources.json_names import VARIABLES
from vigie.sources.json_values import UNITS

MAX_LAYOUT: Final = 65_536
_PLAIN: Final = {
    "seen_at": "time", "started_at": "time", "source_address": "address", "peer_address": "address", "source_port": "port",
    "url_domain": "host", "http_version": "version", "http_status": "status", "upstream_status": "origin",
    "http_response_bytes": "integer", "http_request_bytes": "integer", "connection_id": "integer", "connection_requests": "integer",
    "tls_version": "tls", "event_duration": "", "upstream_duration": "", "upstream_address": "last",
}  # fmt: skip
_PSEUDO: Final = ("request", "url_path", "url_query", "started_at")
_KNOWN: Final = frozenset([*ACCESS.schema.names[3:], *_PSEUDO])
_VARIABLE: Final = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_COMPOSED: Final = {
    "$request_method $request_uri $server_protocol": "request",
    "$remote_addr:$remote_port": "source_address",
    "$host:$server_port": "url_domain",
    "$http_host:$server_port": "url_domain",
    "$scheme://$host$request_uri": "url_original",
    "$scheme://$http_host$request_uri": "url_original",
}


@dataclass(frozen=True, slots=True)
class Key:
    """Where a value stands and how it is to be read.

    Attributes:
        pointer: JSON Pointer.
        how: `text`, `address`, `port`, `host`, `version`, `status`, `origin` (a status, never 0),
            `integer`, `time`, `last`, `list`, `tls`, or a unit of time.
    """

    pointer: str
    how: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """Fields of `ACCESS` (or `request`, `url_path` and `url_query`, `started_at`, from which those are made) and their keys.

    Attributes:
        fields: name → keys, the first that holds a value counts.
        entry: (pointer, prefix of its value) that makes a line a request; without, a line is one when it holds a request.
    """

    fields: tuple[tuple[str, tuple[Key, ...]], ...]
    entry: tuple[str, str] = ("", "")


def mapping(entry: tuple[str, str] = ("", ""), **fields: str | list[str]) -> Mapping:
    """Write a mapping down: `http_status="/status"`, `event_duration="/took ms"`, several keys as a list.

    Args:
        entry: see `Mapping`.
        fields: name → key or keys, each `name [how]`; a name that begins with `/` is a JSON Pointer, otherwise a key that
            may be nested or dotted.

    Raises:
        ValueError: a field is unknown or a duration has no unit.
    """
    return _mapping(fields, entry)


def _mapping(fields: dict[str, str | list[str]], entry: tuple[str, str] = ("", "")) -> Mapping:
    return Mapping(tuple((name, _keys(name, keys)) for name, keys in fields.items()), entry)


@lru_cache(maxsize=64)
def mapping_of_layout(layout: str) -> Mapping:
    """The mapping in a layout: a JSON object of field → key, or an nginx `log_format … escape=json` pasted whole.

    Raises:
        ValueError: it is neither; the message names the part that cannot be used.
    """
    if len(layout) > MAX_LAYOUT:
        raise ValueError(f"a layout of {len(layout):,} characters is no log format (longest: {MAX_LAYOUT:,})")
    if "$" in layout:
        return _of_nginx(layout)
    try:
        document = json.loads(layout)
    except (ValueError, RecursionError) as error:
        raise ValueError(f'the layout is no JSON object ({error}); expected for instance {{"source_address":"ip","url_original":"path"}}') from None
    if not isinstance(document, dict) or not document:
        raise ValueError('the layout is no JSON object of names; expected for instance {"source_address":"ip","url_original":"path"}')
    fields: dict[str, str | list[str]] = {}
    for name, keys in document.items():
        if not isinstance(keys, str) and not (isinstance(keys, list) and keys and all(isinstance(key, str) for key in keys)):
            raise ValueError(f"layout, field {name!r}: expected the name of a key of the log, or a list of names")
        fields[name] = keys
    return _mapping(fields)


def _keys(field: str, keys: str | list[str]) -> tuple[Key, ...]:
    if field not in _KNOWN:
        near = difflib.get_close_matches(field, _KNOWN, 1)
        raise ValueError(f"layout: no field is called {field!r}" + (f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(sorted(_KNOWN))}"))
    return tuple(key for text in ([keys] if isinstance(keys, str) else keys) for key in _key(field, text))


def _key(field: str, text: str) -> list[Key]:
    name, _, how = text.rpartition(" ")
    usual = _PLAIN.get(field, "text")
    if not name or not ((usual == "" and how in UNITS) or (usual == "text" and how == "list")):
        name, how = text, usual
    if not how:
        raise ValueError(f'layout, field {field!r}: {text!r} needs its unit, one of {", ".join(UNITS)} (for instance "{name} ms")')
    return [Key(pointer, how) for pointer in pointers(name)]


def pointers(name: str) -> list[str]:
    """JSON Pointers of a name: as it is when it is one, else the dotted key and the nested one."""
    if name.startswith("/"):
        return [name]
    escaped = name.replace("~", "~0").replace("/", "~1")
    nested = "/" + escaped.replace(".", "/")
    return ["/" + escaped] if "." not in name.strip(".") else [nested, "/" + escaped]


def _of_nginx(layout: str) -> Mapping:
    body = re.sub(r"^\s*log_format\s+\S+\s+", "", layout)
    body = re.sub(r"^\s*escape=\w+\s*", "", body).strip().rstrip(";").strip()
    if body[:1] in "'\"" and not body.startswith('"{"'):
        quote = body[0]
        body = "".join(re.findall(rf"{quote}([^{quote}]*){quote}", body))
    try:
        document = json.loads(_quoted(body))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the log_format is no JSON object once its variables are filled in ({error})") from None
    found: dict[str, list[Key]] = {}
    for pointer, value in _leaves(document, "", 0):
        plain = _VARIABLE.sub(lambda match: "$" + (match[1] or match[2]), value)
        field, how = VARIABLES.get(plain[1:], ("", "")) if re.fullmatch(r"\$\w+", plain) else (_COMPOSED.get(plain, ""), "")
        if field:
            found.setdefault(field, []).append(Key(pointer, how or _PLAIN.get(field, "text")))
    if not found:
        raise ValueError("the log_format holds no variable that vigie knows; see nginx's $remote_addr, $request, $status …")
    return Mapping(tuple((field, tuple(keys)) for field, keys in found.items()))


def _quoted(body: str) -> str:
    """Put quotes around variables that stand where a number stands."""
    return re.sub(r'("(?:[^"\\]|\\.)*")|(\$(?:\{\w+\}|\w+))', lambda match: match[1] or f'"{match[2]}"', body)


def _leaves(node: object, pointer: str, depth: int) -> list[tuple[str, str]]:
    if isinstance(node, str):
        return [(pointer, node)]
    if not isinstance(node, dict) or depth > 8:
        return []
    return [
        leaf
        for name, value in node.items()
        for leaf in _leaves(value, pointer + "/" + name.replace("~", "~0").replace("/", "~1"), depth + 1)
    ]
