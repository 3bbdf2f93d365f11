"""The fields that a W3C `#Fields:` line names, as a layout: IIS's, CloudFront's, and those of the W3C draft.

References:
    - https://www.w3.org/TR/WD-logfile.html
    - https://learn.microsoft.com/en-us/windows/win32/http/w3c-logging
    - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from vigie.sources.layout import Field, Layout, LayoutError, compiled

HEADER: Final = "#Fields:"
MAX_FIELDS: Final = 200

NAMES: Final[dict[str, tuple[str, str, int]]] = {
    "date": ("time", "strftime:%Y-%m-%d", 0),
    "time": ("time", "strftime:%H:%M:%S", 0),
    "c-ip": ("source_address", "address", 0),
    "c-port": ("source_port", "integer", 0),
    "cs-username": ("user_name", "text", 0),
    "cs-method": ("method", "method", 0),
    "cs-uri": ("target", "text", 0),
    "cs-uri-stem": ("path", "text", 0),
    "cs-uri-query": ("args", "text", 0),
    "cs-version": ("version", "text", 0),
    "cs-protocol-version": ("version", "text", 1),
    "x-host-header": ("url_domain", "host", 0),
    "cs-host": ("url_domain", "host", 1),
    "cs(host)": ("url_domain", "host", 1),
    "sc-status": ("http_status", "status", 0),
    "sc-bytes": ("http_response_bytes", "integer", 0),
    "cs-bytes": ("http_request_bytes", "integer", 0),
    "cs(referer)": ("http_referrer", "text", 0),
    "cs(user-agent)": ("user_agent", "text", 0),
    "cs(cookie)": ("http_cookie", "text", 0),
    "x-forwarded-for": ("forwarded", "text", 0),
    "cs(x-forwarded-for)": ("forwarded", "text", 1),
    "x-edge-request-id": ("request_id", "text", 0),
    "ssl-protocol": ("tls_version", "text", 0),
    "ssl-cipher": ("tls_cipher", "text", 0),
}
"""Field, lower case → column, kind, rank. Every other field is passed over."""

CLOUDFRONT: Final = (
    "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query "
    "cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher "
    "x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type "
    "sc-content-type sc-content-len sc-range-start sc-range-end"
)
"""What CloudFront's standard logs hold, for files whose header was cut away."""
_IIS: Final = frozenset({"s-sitename", "s-computername", "sc-substatus", "sc-win32-status", "s-ip"})


@dataclass(frozen=True, slots=True)
class Fields:
    """What a header line says.

    Attributes:
        writer: `CloudFront`, `IIS` or `W3C extended`.
        layout: compiled.
        encoded: columns whose values are percent-encoded once more than the request was.
        plus: columns in which `+` stands for a space.
    """

    writer: str
    layout: Layout
    encoded: frozenset[str] = frozenset()
    plus: frozenset[str] = frozenset()


@lru_cache(maxsize=256)
def fields_of(header: str) -> Fields:
    """The layout that a `#Fields:` line declares.

    Durations have the unit of the program that writes them: CloudFront seconds, IIS milliseconds. Of another program
    the unit is not known, and the duration is passed over.

    Raises:
        LayoutError: it names no date and time, no request, or too many fields.
    """
    names = header.removeprefix(HEADER).split()
    lowered = [name.lower() for name in names]
    if len(names) > MAX_FIELDS:
        raise LayoutError(f"{len(names)} fields in one #Fields line; at most {MAX_FIELDS} are read")
    if not {"date", "time"} <= set(lowered):
        raise LayoutError("its #Fields line names no date and time")
    if not {"cs-method", "cs-uri-stem", "cs-uri", "sc-status"} & set(lowered):
        raise LayoutError("its #Fields line names no request")
    cloudfront = "x-edge-location" in lowered
    writer = "CloudFront" if cloudfront else "IIS" if _IIS & set(lowered) else "W3C extended"
    separator = "\t" if cloudfront else " "
    tokens: list[str | Field] = []
    for name in lowered:
        column, kind, rank = NAMES.get(name, ("", "text", 0))
        if name == "time-taken" and writer != "W3C extended":
            column, kind = "event_duration", "seconds" if cloudfront else "milliseconds"
        tokens += [Field(name, column, kind, rank), separator]
    layout = compiled(tuple(tokens[:-1]))
    if cloudfront:
        return Fields(writer, layout, encoded=frozenset({"path", "target", "args", "http_referrer", "user_agent", "http_cookie"}))
    return Fields(writer, layout, plus=frozenset({"user_agent", "http_cookie"}) if writer == "IIS" else frozenset())
