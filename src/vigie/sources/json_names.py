"""Names that JSON access logs give to their fields: those that are sure, and those that could mean several things.

References:
    - https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html
    - https://nginx.org/en/docs/varindex.html
    - https://docs.fastly.com/en/guides/useful-log-formats
"""

from __future__ import annotations

from typing import Final

VARIABLES: Final[dict[str, tuple[str, str]]] = {
    "remote_addr": ("source_address", ""), "realip_remote_addr": ("peer_address", ""), "remote_port": ("source_port", ""),
    "remote_user": ("user_name", ""), "time_iso8601": ("seen_at", ""), "time_local": ("seen_at", ""), "msec": ("seen_at", ""),
    "request": ("request", ""), "request_method": ("http_method", ""), "request_uri": ("url_original", ""),
    "uri": ("url_path", ""), "document_uri": ("url_path", ""), "args": ("url_query", ""), "query_string": ("url_query", ""),
    "server_protocol": ("http_version", ""), "status": ("http_status", ""), "body_bytes_sent": ("http_response_bytes", ""),
    "bytes_sent": ("http_response_bytes", ""), "request_length": ("http_request_bytes", ""), "http_referer": ("http_referrer", ""),
    "http_user_agent": ("user_agent", ""), "http_cookie": ("http_cookie", ""), "request_body": ("http_request_body", ""),
    "http_x_forwarded_for": ("forwarded_for", ""), "proxy_add_x_forwarded_for": ("forwarded_for", ""),
    "request_time": ("event_duration", "s"), "upstream_response_time": ("upstream_duration", "s"), "upstream_status": ("upstream_status", ""),
    "upstream_addr": ("upstream_address", ""), "connection": ("connection_id", ""), "connection_requests": ("connection_requests", ""),
    "request_id": ("request_id", ""), "ssl_protocol": ("tls_version", ""), "ssl_cipher": ("tls_cipher", ""),
    "host": ("url_domain", ""), "http_host": ("url_domain", ""), "server_name": ("url_domain", ""),
}  # fmt: skip
"""nginx variable → field, and how it is read when that is not as usual. The order of names of one field is their rank."""

ECS: Final[dict[str, tuple[str, str]]] = {
    "@timestamp": ("seen_at", ""), "event.start": ("started_at", ""), "event.duration": ("event_duration", "ns"),
    "client.ip": ("source_address", ""), "source.ip": ("source_address", ""), "source.address": ("source_address", ""),
    "client.port": ("source_port", ""), "source.port": ("source_port", ""), "user.name": ("user_name", ""),
    "network.forwarded_ip": ("forwarded_for", ""), "url.domain": ("url_domain", ""), "url.original": ("url_original", ""),
    "url.path": ("url_path", ""), "url.query": ("url_query", ""), "http.request.method": ("http_method", ""), "http.version": ("http_version", ""),
    "http.response.status_code": ("http_status", ""), "http.response.body.bytes": ("http_response_bytes", ""),
    "http.response.bytes": ("http_response_bytes", ""), "http.request.bytes": ("http_request_bytes", ""),
    "http.request.referrer": ("http_referrer", ""), "http.request.body.content": ("http_request_body", ""), "http.request.id": ("request_id", ""),
    "user_agent.original": ("user_agent", ""), "tls.version": ("tls_version", ""), "tls.cipher": ("tls_cipher", ""),
}  # fmt: skip

FASTLY: Final[dict[str, tuple[str, str]]] = {
    "timestamp": ("started_at", ""), "client_ip": ("source_address", ""), "host": ("url_domain", ""), "url": ("url_original", ""),
    "request_method": ("http_method", ""), "request_protocol": ("http_version", ""), "request_referer": ("http_referrer", ""),
    "request_user_agent": ("user_agent", ""), "response_status": ("http_status", ""), "response_body_size": ("http_response_bytes", ""),
}  # fmt: skip
"""`timestamp` is the request's start in Fastly's template."""

PLAIN: Final[dict[str, tuple[str, str]]] = {
    "@timestamp": ("seen_at", ""), "timestamp": ("seen_at", ""), "time": ("seen_at", ""), "datetime": ("seen_at", ""), "ts": ("seen_at", ""),
    "client_ip": ("source_address", ""), "clientip": ("source_address", ""), "remote_addr": ("source_address", ""),
    "remote_address": ("source_address", ""), "remote_ip": ("source_address", ""), "source_ip": ("source_address", ""),
    "request": ("request", ""), "method": ("http_method", ""), "http_method": ("http_method", ""), "request_method": ("http_method", ""),
    "verb": ("http_method", ""), "request_uri": ("url_original", ""), "url": ("url_original", ""), "path": ("url_path", ""), "uri": ("url_path", ""),
    "request_path": ("url_path", ""), "query": ("url_query", ""), "query_string": ("url_query", ""), "args": ("url_query", ""),
    "http_version": ("http_version", ""), "server_protocol": ("http_version", ""), "protocol": ("http_version", ""), "proto": ("http_version", ""),
    "status": ("http_status", ""), "status_code": ("http_status", ""), "http_status": ("http_status", ""), "response_code": ("http_status", ""),
    "response_status": ("http_status", ""), "body_bytes_sent": ("http_response_bytes", ""), "bytes_sent": ("http_response_bytes", ""),
    "user_agent": ("user_agent", ""), "useragent": ("user_agent", ""), "http_user_agent": ("user_agent", ""), "user-agent": ("user_agent", ""),
    "referer": ("http_referrer", ""), "referrer": ("http_referrer", ""), "http_referer": ("http_referrer", ""), "http_referrer": ("http_referrer", ""),
    "x_forwarded_for": ("forwarded_for", ""), "http_x_forwarded_for": ("forwarded_for", ""), "x-forwarded-for": ("forwarded_for", ""),
    "http_host": ("url_domain", ""), "vhost": ("url_domain", ""), "virtual_host": ("url_domain", ""), "server_name": ("url_domain", ""),
    "remote_user": ("user_name", ""), "request_id": ("request_id", ""), "duration_s": ("event_duration", "s"), "duration_ms": ("event_duration", "ms"),
    "latency_ms": ("event_duration", "ms"), "response_time_ms": ("event_duration", "ms"), "elapsed_ms": ("event_duration", "ms"),
    "duration_us": ("event_duration", "us"), "duration_ns": ("event_duration", "ns"),
}  # fmt: skip
"""Names that mean one thing whoever wrote them."""

AMBIGUOUS: Final[dict[str, tuple[str, str]]] = {
    "ip": ("source_address", "may be the visitor's address or a proxy's"), "addr": ("source_address", "may be the visitor's address or the server's"),
    "client": ("source_address", "may be an address or a name"), "remote": ("source_address", "may be an address or a name"),
    "host": ("url_domain", "may be the site or the machine that wrote the log"),
    "bytes": ("http_response_bytes", "may count what came in or what went out"), "size": ("http_response_bytes", "may count what came in or what went out"),
    "duration": ("event_duration", "has no unit"), "latency": ("event_duration", "has no unit"), "elapsed": ("event_duration", "has no unit"),
    "took": ("event_duration", "has no unit"), "response_time": ("event_duration", "has no unit"), "request_time": ("event_duration", "has no unit"),
    "time_taken": ("event_duration", "has no unit"), "user": ("user_name", "may be a user of the site or of the system"),
}  # fmt: skip
"""Names that could mean several things: never used unless the user says what they mean."""
