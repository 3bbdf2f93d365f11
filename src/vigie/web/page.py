"""What a page is: a name, its words, and a function from a state and a question to blocks; the contract of `pages/`.

A page never writes HTML. It says what there is to say in blocks, and gives the same facts as `data` (JSON) and `rows` (CSV), so that the three agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vigie.drawing import Svg
    from vigie.web.asked import Asked
    from vigie.web.state import State

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads on."""

    text: str
    href: str


Piece = str | Link


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `tone` is "", `small`, `lede` or `caution`."""

    pieces: tuple[Piece, ...]
    tone: str = ""

    @property
    def block(self) -> str:
        """Name of its macro."""
        return "para"


@dataclass(frozen=True, slots=True)
class Status:
    """One thing that matters, said by a sign, a word and a sentence; `tone` is `good`, `bad`, `warn`, `calm` or `unknown`."""

    tone: str
    title: str
    pieces: tuple[Piece, ...] = ()

    @property
    def block(self) -> str:
        """Name of its macro."""
        return "status"


@dataclass(frozen=True, slots=True)
class Figure:
    """A large number and its unit."""

    number: str
    unit: str
    pieces: tuple[Piece, ...] = ()

    @property
    def block(self) -> str:
        """Name of its macro."""
        return "figure"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        key: of the rows.
        heading: what people read.
        kind: `text`, `number`, `time`, `code` (text of an attacker) or `id`.
        link: where a cell leads, from its row.
    """

    key: str
    heading: str
    kind: str = "text"
    link: Callable[[Row], str] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; on a phone, cards. `more` says what is left out."""

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    more: tuple[Piece, ...] = ()

    @property
    def compact(self) -> bool:
        """Whether it is so narrow that a phone can show it as it is."""
        return len(self.columns) <= 4 and not any(one.kind in ("code", "id", "time") for one in self.columns)

    @property
    def block(self) -> str:
        """Name of its macro."""
        return "table"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, wide and narrow, with what it was drawn from under it; in `half` a page it is narrow on every screen."""

    wide: Svg
    narrow: Svg
    summary: str = ""
    table: Table | None = None
    half: bool = False

    @property
    def block(self) -> str:
        """Name of its macro."""
        return "picture"


@dataclass(frozen=True, slots=True)
class Details:
    """What unfolds when it is asked for."""

    summary: str
    blocks: tuple[Any, ...]

    @property
    def block(self) -> str:
        """Name of its macro."""
        return "details"


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ordered where the order matters."""

    items: tuple[tuple[Piece, ...], ...]
    ordered: bool = False

    @property
    def block(self) -> str:
        """Name of its macro."""
        return "items"


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as it stands in its file, with what convinced.

    Attributes:
        head: when and what.
        where: file and byte.
        line: the text, None where it was not kept.
        convinced: the reading of the detector, "" for none.
        link: to the signal.
    """

    head: str
    where: str
    line: str | None
    convinced: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Raw lines, each a card."""

    lines: tuple[RawLine, ...]

    @property
    def block(self) -> str:
        """Name of its macro."""
        return "lines"


@dataclass(frozen=True, slots=True)
class Paste:
    """Lines to paste into a configuration or a terminal."""

    text: str

    @property
    def block(self) -> str:
        """Name of its macro."""
        return "paste"


Block = Para | Status | Figure | Table | Picture | Details | Items | Lines | Paste


@dataclass(frozen=True, slots=True)
class Section:
    """A card of a page; `size` is `wide` or `half`."""

    title: str
    blocks: tuple[Block, ...]
    size: str = "wide"
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a page says: in sections for people, in `data` for programs, in `rows` for a spreadsheet."""

    sections: tuple[Section, ...]
    data: Mapping[str, Any]
    rows: Sequence[Row] = ()
    columns: tuple[str, ...] = ()
    lede: tuple[Piece, ...] = ()
    title: str = ""


class NotThereError(LookupError):
    """Nothing is called so."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        name: part of the address, `/fr/NAME`; "" for the first.
        titles: language → title.
        make: the function.
        group: where it stands in the menu; "" for nowhere.
        filters: which filters apply, of `asked.FILTERS`.
        item: it is asked with an id behind its name.
        words: language → key → sentence; both languages with the same keys.
        alone: it holds the connection from beginning to end; False where it may wait for something long.
    """

    name: str
    titles: Mapping[str, str]
    make: Callable[[State, Asked], Content]
    group: str = ""
    filters: tuple[str, ...] = ()
    item: bool = False
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    alone: bool = True
