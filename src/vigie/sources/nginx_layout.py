"""nginx's `log_format` as layouts: which variable fills which column.

References:
    - https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format
    - https://nginx.org/en/docs/varindex.html
"""

from __future__ import annotations

import re
from typing import Final

from vigie.sources.layout import Field, LayoutError, Token
from vigie.sources.quoting import bare, words_of

VARIABLES: Final[dict[str, tuple[str, str, int]]] = {
    "remote_addr": ("source_address", "address", 0),
    "realip_remote_addr": ("peer_address", "address", 0),
    "remote_port": ("source_port", "integer", 0),
    "remote_user": ("user_name", "text", 0),
    "msec": ("time", "epoch_s", 0),
    "time_iso8601": ("time", "iso", 1),
    "time_local": ("time", "clf", 2),
    "request": ("request", "request", 0),
    "request_method": ("method", "method", 0),
    "request_uri": ("target", "text", 0),
    "uri": ("path", "text", 0),
    "document_uri": ("path", "text", 1),
    "args": ("args", "text", 0),
    "query_string": ("args", "text", 1),
    "server_protocol": ("version", "text", 0),
    "status": ("http_status", "status", 0),
    "body_bytes_sent": ("http_response_bytes", "integer", 0),
    "bytes_sent": ("http_response_bytes", "integer", 1),
    "request_length": ("http_request_bytes", "integer", 0),
    "http_referer": ("http_referrer", "text", 0),
    "http_user_agent": ("user_agent", "text", 0),
    "http_cookie": ("http_cookie", "text", 0),
    "request_body": ("http_request_body", "body", 0),
    "host": ("url_domain", "host", 0),
    "http_host": ("url_domain", "host", 1),
    "server_name": ("url_domain", "host", 2),
    "ssl_server_name": ("url_domain", "host", 3),
    "http_x_forwarded_for": ("forwarded", "text", 0),
    "proxy_add_x_forwarded_for": ("forwarded", "text", 1),
    "http_cf_connecting_ip": ("forwarded", "text", 2),
    "http_true_client_ip": ("forwarded", "text", 3),
    "http_x_real_ip": ("forwarded", "text", 4),
    "proxy_protocol_addr": ("forwarded", "text", 5),
    "request_time": ("event_duration", "seconds", 0),
    "upstream_response_time": ("upstream_duration", "seconds_list", 0),
    "upstream_status": ("upstream_status", "status_list", 0),
    "upstream_addr": ("upstream_address", "last_of_list", 0),
    "connection": ("connection_id", "integer", 0),
    "connection_requests": ("connection_requests", "integer", 0),
    "request_id": ("request_id", "text", 0),
    "http_x_request_id": ("request_id", "text", 1),
    "ssl_protocol": ("tls_version", "text", 0),
    "ssl_cipher": ("tls_cipher", "text", 0),
}
"""Variable → column, kind, rank. Every other variable is passed over."""
PASSED_OVER: Final[dict[str, str]] = {
    "upstream_header_time": "seconds_list", "upstream_connect_time": "seconds_list", "upstream_bytes_received": "status_list",
    "upstream_bytes_sent": "status_list", "upstream_response_length": "status_list", "is_args": "question_mark", "server_port": "integer", "pid": "integer",
    "content_length": "integer", "sent_http_content_length": "integer", "gzip_ratio": "seconds", "connection_time": "seconds",
    "connections_active": "integer", "connections_waiting": "integer", "tcpinfo_rtt": "integer", "proxy_protocol_port": "integer",
}  # fmt: skip
"""Variables that fill nothing but look like numbers, so that their neighbours are found more surely."""

_VARIABLE: Final = re.compile(r"\$(?:\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))")
_MOST_ALTERNATIVES: Final = 16


def nginx_layouts(text: str) -> tuple[tuple[Token, ...], ...]:
    """The layouts in a pasted text: one string, or any number of `log_format` statements.

    Raises:
        LayoutError: a token that cannot be understood, JSON (which the `json` source reads), or no variable at all.
    """
    if not re.search(r"(?:^|[\s;}])log_format\s", text):
        return (nginx_tokens(bare(text)),)
    found: list[tuple[Token, ...]] = []
    for statement in _statements(words_of(text)):
        words = [word for word in statement[2:] if not word.startswith("escape=")]
        if not words:
            raise LayoutError(f"log_format {' '.join(statement[1:2])} has no format; paste the statement up to its semicolon")
        found.append(nginx_tokens("".join(words)))
    if len(found) > _MOST_ALTERNATIVES:
        raise LayoutError(f"{len(found)} log_format statements; at most {_MOST_ALTERNATIVES} are tried on each line")
    return tuple(found)


def nginx_tokens(layout: str) -> tuple[Token, ...]:
    """One format string as literals and fields.

    Raises:
        LayoutError: a `$` that names no variable, or no variable at all.
    """
    tokens: list[Token] = []
    at = 0
    for match in _VARIABLE.finditer(layout):
        _literal(tokens, layout, at, match.start())
        tokens.append(_field(match[0], match[1] or match[2]))
        at = match.end()
    _literal(tokens, layout, at, len(layout))
    if not any(isinstance(token, Field) for token in tokens):
        raise LayoutError(f"no $variable in {layout[:60]!r}; paste the format string of log_format, for instance '$remote_addr [$time_local] \"$request\"'")
    return tuple(tokens)


def _literal(tokens: list[Token], layout: str, start: int, end: int) -> None:
    literal = layout[start:end]
    if "$" in literal:
        at = start + literal.index("$")
        raise LayoutError(f"{layout[at : at + 12]!r} at character {at + 1} is no nginx variable; variables are $name or ${{name}}")
    if literal:
        tokens.append(literal)


def _field(token: str, name: str) -> Field:
    column, kind, rank = VARIABLES.get(name, ("", PASSED_OVER.get(name, "text"), 0))
    return Field(token, column, kind, rank)


def _statements(words: list[str]) -> list[list[str]]:
    """Words cut into statements that begin with `log_format`."""
    found: list[list[str]] = []
    current: list[str] | None = None
    for word in words:
        if word == ";":
            current = None
        elif word == "log_format":
            current = [word]
            found.append(current)
        elif current is not None:
            current.append(word)
    return found
