"""Layouts that are recognised without being told, as data: what well-known programs and guides make servers write.

A layout stands here only when nothing in it can be taken for something else: a lone number behind the agent may be a
duration in seconds, in microseconds, or a size, so layouts that end like this must be pasted by whoever wrote them.

References:
    - https://nginx.org/en/docs/http/ngx_http_log_module.html
    - https://httpd.apache.org/docs/2.4/mod/mod_logio.html
    - https://doc.traefik.io/traefik/reference/install-configuration/observability/logs-and-accesslogs/
    - https://docs.haproxy.org/3.0/configuration.html#8.2.3
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class KnownLayout:
    """A layout with its name.

    Attributes:
        title: what to call it on screen.
        text: as it would be pasted.
        doubt: what is assumed when it is recognised.
    """

    title: str
    text: str
    doubt: str = ""


_COMBINED: Final = '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"'
_NPM_HEAD: Final = '$request_method $scheme $host "$request_uri" [Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip_ratio]'
_NPM_TAIL: Final = '"$http_user_agent" "$http_referer"'

_APACHE_COMBINED: Final = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'

RECOMMENDED: Final = {
    "nginx": _COMBINED + ' $request_length $request_time $upstream_response_time $upstream_status $connection $connection_requests $msec "$host"',
    "apache": '%v %a %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i" "%{X-Forwarded-For}i" %I %D %k %{end:usec}t',
}
"""What to make a server write so that most can be told: durations, the site's name, times to the millisecond, nothing of what visitors send."""

NGINX_LAYOUTS: Final = (
    KnownLayout("nginx vigie", RECOMMENDED["nginx"]),
    KnownLayout(
        "nginx timing",
        _COMBINED + " $request_length $request_time $upstream_response_time $upstream_status $connection $connection_requests $msec $request_body",
    ),
    KnownLayout("nginx main", _COMBINED + ' "$http_x_forwarded_for"'),
    KnownLayout("nginx main with hosts", "$host " + _COMBINED + ' "$http_x_forwarded_for"'),
    KnownLayout(
        "nginx proxy manager",
        f"[$time_local] $upstream_cache_status $upstream_status $status - {_NPM_HEAD} [Sent-to $server] {_NPM_TAIL}",
    ),
    KnownLayout("nginx proxy manager", f"[$time_local] $status - {_NPM_HEAD} {_NPM_TAIL}"),
    KnownLayout("nginx proxy manager", f"[$time_local] $status - {_NPM_HEAD} [Sent-to $server] {_NPM_TAIL}"),
    KnownLayout("nginx proxy manager", f"[$time_local] $upstream_cache_status $upstream_status $status - {_NPM_HEAD} {_NPM_TAIL}"),
    KnownLayout(
        "nginx proxy manager with timing",
        '[$time_local] $host $remote_addr $request_time "$request" $status $body_bytes_sent $bytes_sent $http_referer $http_user_agent',
    ),
    KnownLayout(
        "BunkerWeb",
        '$server_name $remote_addr - $request_id $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
    ),
)

APACHE_LAYOUTS: Final = (
    KnownLayout("Apache vigie", RECOMMENDED["apache"]),
    KnownLayout(
        "Apache combinedio",
        _APACHE_COMBINED + " %I %O",
        doubt="the two numbers at the end are bytes received and sent (combinedio); paste the LogFormat with --layout if they are not",
    ),
)

TRAEFIK_LAYOUTS: Final = (
    KnownLayout("Traefik common", '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %{RequestCount}e "%{RouterName}e" "%{ServiceURL}e" %{ms}Tms'),
)

ZORAXY_LAYOUTS: Final = (
    KnownLayout(
        "Zoraxy",
        "%{%Y/%m/%d %H:%M:%S}t [%{%Y-%m-%d %H:%M:%S}t.%{usec_frac}t] [router:%{router}e] [origin:%v] [client: %a] [useragent: %{User-Agent}i] %m %U %>s",
        doubt="its times carry no zone and are taken as UTC unless you say --tz",
    ),
)

HAPROXY_CLF: Final = (
    '%a - - %t "%r" %>s %b "" "" %{remote}p %{msec_frac}t "%{frontend}e" "%{backend}e" "%{server}e" '
    '%{TR}e %{Tw}e %{Tc}e %{Tr}e %{ms}T "%{termination}e" %{ac}e %{fc}e %{bc}e %{sc}e %{rc}e %{sq}e %{bq}e %{rest}e'
)
"""HAProxy's `option httplog clf`, in Apache's words; the captured cookies and headers at its end are passed over."""
