"""What a request asks for, as far as load goes: a page, a search, a picture, a door; and the shape of what varies in it.

A flood is a matter of one kind of place: the search page, `xmlrpc.php`, the home page with a number behind it. So traffic is counted
by class of place, and where tools write random text (behind `?`, as a search word, as a name that is not there) by its shape.

References:
    - https://developer.wordpress.org/reference/ (search `?s=`, feeds, `xmlrpc.php`, `wp-json`)
    - https://docs.joomla.org, https://www.spip.net (`recherche`, `searchword`)
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.login_guessing import DOORS

Codes = npt.NDArray[np.int64]

CLASSES: Final = (
    "static", "home", "page", "query", "search", "login", "xmlrpc", "api", "feed", "form", "missing", "unfinished", "other",
)  # fmt: skip
"""Classes of places: `query` is a page with parameters, `form` a body sent to a page, `missing` a page that is not there,
`unfinished` a request that the server gave up waiting for (408), `other` what is no path."""
STATIC, HOME, PAGE, QUERY, SEARCH, LOGIN, XMLRPC, API, FEED, FORM, MISSING, UNFINISHED, OTHER = range(len(CLASSES))

VIEWS: Final = (HOME, PAGE, QUERY, SEARCH)
"""Classes whose answers are pages that a visitor looks at."""

_MAX_TARGET: Final = 1024
_STATIC: Final = (
    r"(?i)\.(css|js|mjs|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|eot|otf|mp4|m4[av]|webm|mp3|ogg|pdf|zip|gz|docx?|xlsx?|pptx?|odt|ods|epub|txt)$"
)
_FEED: Final = r"(?i)(/feed/?|/rss/?|/atom/?|\.(rss|rdf|atom|xml))$"
_API: Final = r"(?i)(^|/)(wp-json|api|graphql|rest|ajax)(/|$)|/admin-ajax\.php$|\.json$"
_SEARCH_PATH: Final = r"(?i)/(search|recherche|rechercher|chercher)(\.\w{1,5})?(/|$)"
_SEARCH_NAME: Final = r"(?i)(^|[&;])(s|q|query|search|recherche|searchword|search_query|keywords?|mots?|terms?|qs)="

_MARKED: Final = r"(?i)search|recherch|chercher|/(?:wp-json|api|graphql|rest|ajax|feed|rss|atom)(?:/|$)|\.(?:json|rss|rdf|atom|xml)$|admin|log-?in|sign|ecrire|typo3|user/|connexion|connecter|identif|auth|session|/token|j_security|xmlrpc"
"""What stands in every path of a search, an API, a feed or a door, and in few others: one look instead of five."""

SHAPES: Final = ("", "digits", "lower", "upper", "hex", "mixed", "decimal")
"""Shapes of text that programs draw at random; "" is everything else."""
_RANDOM: Final = (
    (r"^0?\.\d{4,}$", 6), (r"^\d{5,}$", 1), (r"^[a-z]{5,16}$", 2), (r"^[A-Z]{4,32}$", 3), (r"^([0-9a-f]{8,64}|[0-9a-f]{8}-[0-9a-f-]{27})$", 4),
    (r"^[A-Za-z0-9]{6,64}$", 5),
)  # fmt: skip


def classes_of(targets: pa.Array) -> tuple[Codes, Codes]:
    """Class of each request target by itself (whatever its method and status), and the shape of its last word.

    Args:
        targets: distinct request targets, text, none null.

    Returns:
        numbers of `CLASSES`; numbers of shapes, where `shape // 64` is one of `SHAPES` and `shape % 64` the length, 0 for none.
    """
    cut = pc.utf8_slice_codeunits(targets, 0, _MAX_TARGET)
    at = pc.find_substring(cut, "?").to_numpy()
    path = _paths(cut, at)
    encoded = path.dictionary_encode()
    kinds = _paths_classed(encoded.dictionary)[encoded.indices.to_numpy()]
    asked = np.flatnonzero(at >= 0)
    shapes = np.zeros(len(targets), np.int64)
    if len(asked):
        query = pc.replace_substring_regex(cut.take(pa.array(asked)), r"^[^?]*\?", "")
        plain = np.isin(kinds[asked], (HOME, PAGE))
        searched = _fits(query, _SEARCH_NAME) & plain
        kinds[asked[searched]] = SEARCH
        kinds[asked[plain & ~searched]] = QUERY
        words = pc.replace_substring_regex(query, r"^.*[=&;]", "")
        wanted = np.flatnonzero(np.isin(kinds[asked], (QUERY, SEARCH)))
        shapes[asked[wanted]] = _shapes(words.take(pa.array(wanted)))
    return kinds, shapes


def shapes_of_paths(targets: pa.Array) -> Codes:
    """Shape of the last part of each path (for pages that are not there)."""
    cut = pc.utf8_slice_codeunits(targets, 0, _MAX_TARGET)
    return _shapes(pc.replace_substring_regex(cut, r"^[^?]*/([^/?]*?)(\.\w{1,5})?/?(\?.*)?$", r"\1"))


def shape_name(shape: int) -> str:
    """A shape in words: `lower8`, `digits10`; "" for none."""
    return f"{SHAPES[shape // 64]}{shape % 64}" if shape else ""


def _paths(targets: pa.Array, at: npt.NDArray[np.int32]) -> pa.Array:
    if (at < 0).all():
        return targets
    return pc.replace_substring_regex(targets, r"\?.*$", "")


def _paths_classed(paths: pa.Array) -> Codes:
    out = np.full(len(paths), PAGE, np.int64)
    static = _fits(paths, _STATIC)
    out[static] = STATIC
    out[_fits(paths, r"^/(?i:index\.(php|html?))?$")] = HOME
    marked = np.flatnonzero(_fits(paths, _MARKED))
    some = paths.take(pa.array(marked))
    for pattern, kind in ((_SEARCH_PATH, SEARCH), (_API, API), (_FEED, FEED), (DOORS, LOGIN), (r"(?i)/xmlrpc\.php$", XMLRPC)):
        fits = marked[_fits(some, pattern)]
        out[fits[~static[fits]]] = kind
    out[~np.asarray(pc.starts_with(paths, "/"))] = OTHER
    return out


def _fits(texts: pa.Array, pattern: str) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.match_substring_regex(texts, pattern))


def _shapes(words: pa.Array) -> Codes:
    lengths = np.minimum(pc.utf8_length(words).to_numpy(), 63)
    out = np.zeros(len(words), np.int64)
    for pattern, shape in _RANDOM:
        fits = _fits(words, pattern) & (out == 0)
        out[fits] = shape * 64 + (lengths[fits] if shape != 6 else 0)
    return out
