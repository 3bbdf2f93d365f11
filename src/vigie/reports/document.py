"""A document as blocks of plain text, written as text, Markdown or one HTML file. Only here is anything escaped, so that nothing is forgotten.

The marking stands at the head and the foot of every page: of a text every so many lines, of HTML by the browser's page margins when it is printed.

References:
    - https://html.spec.whatwg.org/, https://www.w3.org/TR/css-page-3/ (margin boxes), https://www.w3.org/TR/CSP3/
    - https://spec.commonmark.org/0.31.2/#backslash-escapes
"""

from __future__ import annotations

import base64
import hashlib
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from vigie.drawing import STYLESHEET, Svg
from vigie.reports.marking import Marking
from vigie.words.harmless import safe

WIDE, LONG = 100, 60
"""Columns and lines of a page of text."""
LETTERS: Final = 20_000
"""Letters of one text of a document."""
_SPACED: Final = re.compile(r" (?=[:;?!»](?:\s|$))|(?<=«) |(?<=\S)(?<!&)(?=; )")
"""Where French has a space that no line breaks at."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the document's own."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, perhaps with words that lead in."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Items, one a line."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: head, rows of cells of one length, and the columns that hold numbers."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, one a line."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Raw:
    """Lines to be shown letter by letter: of a log, or to be typed."""

    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture.

    Attributes:
        svg: the wide one.
        caption: beneath it.
        narrow: the same for a phone; "" for none.
        said: what it shows in words, which is all that text has; the caption when it is "".
    """

    svg: Svg
    caption: str = ""
    narrow: str = ""
    said: str = ""


Block = Heading | Paragraph | Listing | Table | Facts | Raw | Drawing


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    Attributes:
        title: of the window and of the metadata.
        blocks: in order.
        marking: on every page.
        lang: `fr` or `en`.
        dense: small letters and narrow margins, for what must fit one page.
        about: metadata, name and value.
    """

    title: str
    blocks: Sequence[Block]
    marking: Marking
    lang: str
    dense: bool = False
    about: Sequence[tuple[str, str]] = ()


def as_text(document: Document) -> str:
    """Plain text in pages of at most `LONG` lines, a form feed between them, the marking at the head and foot of each."""
    mark, pages = document.marking.line, _pages(document, LONG - 4)
    parts = [f"{mark:^{WIDE}}".rstrip() + "\n\n" + "\n".join(page).strip("\n") + f"\n\n{f'{mark}  {n}/{len(pages)}':^{WIDE}}".rstrip() for n, page in enumerate(pages, 1)]
    return "\n\f\n".join(parts) + "\n"


def _typed(document: Document) -> list[Block]:
    """Blocks with the typography of the language; raw lines and drawings stay as they are."""
    if document.lang != "fr":
        return list(document.blocks)
    return [_spaced(block) for block in document.blocks]


def _spaced(block: Block) -> Block:
    def t(text: str) -> str:
        return _SPACED.sub("\u00a0", text)

    if isinstance(block, Heading):
        return Heading(t(block.text), block.level)
    if isinstance(block, Paragraph):
        return Paragraph(t(block.text), t(block.lead))
    if isinstance(block, Listing):
        return Listing([t(item) for item in block.items])
    if isinstance(block, Facts):
        return Facts([(t(name), t(value)) for name, value in block.pairs])
    if isinstance(block, Table):
        return Table([t(cell) for cell in block.head], [[t(cell) for cell in row] for row in block.rows], block.numbers)
    if isinstance(block, Drawing):
        return Drawing(block.svg, t(block.caption), block.narrow, t(block.said))
    return block


def _pages(document: Document, room: int) -> list[list[str]]:
    """Lines of each page; no page ends with a heading."""
    pages: list[list[str]] = [[]]
    for block in _typed(document):
        if isinstance(block, Heading) and len(pages[-1]) > room - 6:
            pages.append([])
        for line in [*_text(block, document.lang), ""]:
            if len(pages[-1]) == room:
                pages.append([])
            if line or pages[-1]:  # no page begins with an empty line
                pages[-1].append(line)
    return [page for page in pages if any(page)] or [[]]


def _text(block: Block, lang: str) -> list[str]:
    if isinstance(block, Heading):
        text = safe(block.text, LETTERS)
        return [*_wrapped(text.upper() if block.level == 1 else text), ("=" if block.level == 1 else "-") * min(WIDE, len(text))]
    if isinstance(block, Paragraph):
        return _wrapped(f"{block.lead} {block.text}".strip())
    if isinstance(block, Listing):
        return [line for item in block.items for line in _wrapped(item, "- ", "  ")]
    if isinstance(block, Facts):
        return [line for name, value in block.pairs for line in _wrapped(f"{name}{_colon(lang)} {value}", "", "    ")]
    if isinstance(block, Raw):
        return [line for one in block.lines for line in _wrapped(one, "    ", "      ")]
    if isinstance(block, Drawing):
        return _wrapped(block.said or block.caption)
    return _text_table(block)


def _colon(lang: str) -> str:
    return "\u00a0:" if lang == "fr" else ":"


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(safe(text, LETTERS), WIDE, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False) or [first.rstrip()]


def _text_table(table: Table) -> list[str]:
    rows = [[safe(cell, 200) for cell in row] for row in (table.head, *table.rows)]
    wide = [min(48, max(len(row[at]) for row in rows)) for at in range(len(table.head))]
    out = []
    for row in rows:
        cells = [textwrap.wrap(cell, wide[at]) or [""] for at, cell in enumerate(row)]
        for line in range(max(len(cell) for cell in cells)):
            shown = [cell[line] if line < len(cell) else "" for cell in cells]
            out.append("  ".join(f"{text:>{wide[at]}}" if at in table.numbers else f"{text:<{wide[at]}}" for at, text in enumerate(shown)).rstrip())
    return [*out[:1], "-" * min(WIDE, sum(wide) + 2 * len(wide) - 2), *out[1:]]


_MARKED: Final = re.compile(r"([\\`*_{}\[\]<>#|~&!])")


def _md(text: str) -> str:
    return _MARKED.sub(r"\\\1", safe(text, LETTERS))


def as_markdown(document: Document) -> str:
    """CommonMark with pipe tables; every text is escaped, raw lines stand in blocks of their own."""
    mark = f"**{document.marking.line}**"
    parts = [mark, *(_markdown(block, document.lang) for block in _typed(document)), mark]
    return "\n\n".join(part for part in parts if part) + "\n"


def _markdown(block: Block, lang: str) -> str:
    if isinstance(block, Heading):
        return "#" * block.level + " " + _md(block.text)
    if isinstance(block, Paragraph):
        return f"**{_md(block.lead)}** {_md(block.text)}" if block.lead else _md(block.text)
    if isinstance(block, Listing):
        return "\n".join(f"- {_md(item)}" for item in block.items)
    if isinstance(block, Facts):
        return "\n".join(f"- **{_md(name)}**{_colon(lang)} {_md(value)}" for name, value in block.pairs)
    if isinstance(block, Raw):
        lines = [safe(line, LETTERS) for line in block.lines]
        fence = "`" * max(3, 1 + max((len(run) for line in lines for run in re.findall("`+", line)), default=0))
        return "\n".join([fence, *lines, fence])
    if isinstance(block, Drawing):
        return _md(block.said or block.caption)
    rule = [("---:" if at in block.numbers else "---") for at in range(len(block.head))]
    rows = [[_md(cell) for cell in block.head], rule, *([_md(cell) for cell in row] for row in block.rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


_STYLE: Final = """
:root{color-scheme:light}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,"DejaVu Sans","Liberation Sans",Arial,sans-serif;color:#1a1a1a;background:#fff;max-width:54rem;margin:0 auto;padding:1rem}
h1{font-size:1.7rem;line-height:1.2;margin:.6rem 0}
h2{font-size:1.2rem;margin:1.6rem 0 .4rem;border-bottom:1px solid #767676;break-after:avoid}
h3{font-size:1rem;margin:1.1rem 0 .3rem;break-after:avoid}
p,ul,dl,pre,.wide,figure{margin:.5rem 0}
p,li,h1{overflow-wrap:anywhere}
.marking{font-weight:700;text-align:center;letter-spacing:.04em;border:2px solid #1a1a1a;padding:.2rem .5rem;margin:0 0 .8rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.94em}
th,td{text-align:left;vertical-align:top;padding:.22rem .5rem;border-bottom:1px solid #c4c4c4}
td:first-child{min-width:8.5rem;overflow-wrap:break-word}
th{border-bottom:2px solid #1a1a1a}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr,figure,li{break-inside:avoid}
pre{background:#f3f3f1;border-left:3px solid #767676;padding:.4rem .6rem;white-space:pre-wrap;overflow-wrap:anywhere;font:.84em/1.45 ui-monospace,"DejaVu Sans Mono","Liberation Mono",monospace}
dl{display:grid;grid-template-columns:minmax(9rem,16rem) 1fr;gap:.15rem .9rem}
dt{font-weight:600}
dd{margin:0;overflow-wrap:anywhere}
svg{max-width:100%;height:auto}
.slim{display:none}
figcaption{font-size:.9em;color:#3d3d3d}
@media screen and (max-width:34rem){.broad{display:none}.slim{display:block}dl{grid-template-columns:1fr}dd{margin:0 0 .4rem}body{padding:.6rem}}
@media print{body{max-width:none;padding:0;font-size:10pt}.marking{display:none}a{color:inherit}.wide{overflow:visible}}
"""
_DENSE: Final = """
body{font-size:14px;line-height:1.38}h1{font-size:1.45rem}p,ul,.wide,pre{margin:.3rem 0}th,td{padding:.06rem .4rem}
@media print{body{font-size:7.6pt;line-height:1.26}h1{font-size:13pt;margin:0 0 1mm}h2{font-size:9pt;margin:1.4mm 0 .5mm}p,ul,.wide,pre{margin:.7mm 0}th,td{padding:.1mm 1.2mm}pre{font-size:6.1pt;line-height:1.22;padding:.6mm 1.4mm}}
"""


def as_html(document: Document) -> str:
    """One HTML file that fetches nothing and runs nothing: its policy allows its own style and no more."""
    marks = [_css(label) for label in document.marking.labels]
    margin = "9mm 12mm" if document.dense else "16mm 15mm"
    page = (
        f'@page{{size:A4;margin:{margin};@top-center{{content:"{" ".join(marks)}";font:700 8pt sans-serif}}'
        f'@bottom-center{{content:"{" ".join(marks)}  " counter(page) "/" counter(pages);font:700 8pt sans-serif}}}}'
    )
    style = _STYLE + STYLESHEET + (_DENSE if document.dense else "") + page
    policy = f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'; base-uri 'none'; form-action 'none'"
    about = [("tlp", document.marking.labels[0]), ("pap", document.marking.labels[1]), *document.about]
    metas = "\n".join(f'<meta name="{escape(name)}" content="{_h(value)}">' for name, value in about)
    mark = f'<p class="marking">{_h(document.marking.line)}</p>'
    body = "\n".join(_html(block) for block in _typed(document))
    return (
        f'<!DOCTYPE html>\n<html lang="{document.lang}">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n{metas}\n'
        f"<title>{_h(document.title)} ({_h(document.marking.line)})</title>\n<style>{style}</style>\n</head>\n<body>\n<header>{mark}</header>\n<main>\n{body}\n</main>\n<footer>{mark}</footer>\n</body>\n</html>\n"
    )


def _css(text: str) -> str:
    return re.sub(r"[^\w:+ .-]", "", text)


def _h(text: str) -> str:
    return escape(safe(text, LETTERS), quote=True)


def _html(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{_h(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        return f"<p><strong>{_h(block.lead)}</strong> {_h(block.text)}</p>" if block.lead else f"<p>{_h(block.text)}</p>"
    if isinstance(block, Listing):
        return "<ul>" + "".join(f"<li>{_h(item)}</li>" for item in block.items) + "</ul>"
    if isinstance(block, Facts):
        return "<dl>" + "".join(f"<dt>{_h(name)}</dt><dd>{_h(value)}</dd>" for name, value in block.pairs) + "</dl>"
    if isinstance(block, Raw):
        return "<pre>" + "\n".join(_h(line) for line in block.lines) + "</pre>"
    if isinstance(block, Drawing):
        drawn = f'<div class="broad">{block.svg}</div><div class="slim">{block.narrow}</div>' if block.narrow else block.svg
        return f"<figure>{drawn}" + (f"<figcaption>{_h(block.caption)}</figcaption>" if block.caption else "") + "</figure>"
    head = "".join(f'<th scope="col"{_right(block, at)}>{_h(cell)}</th>' for at, cell in enumerate(block.head))
    rows = "".join("<tr>" + "".join(f"<td{_right(block, at)}>{_h(cell)}</td>" for at, cell in enumerate(row)) + "</tr>" for row in block.rows)
    return f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _right(table: Table, at: int) -> str:
    return ' class="n"' if at in table.numbers else ""
