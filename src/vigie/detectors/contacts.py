"""First contacts: who knocked at which door (host, transport, port) on which day, and what became of it.

A contact is counted once however many packets or connections it took, so retransmissions, and packets that two rules logged, do not count
again. Sensors that tell no outcome (captures, rules of a firewall, VPC flows) show it in the answer: packets between the same two addresses
and ports are looked at together, and what the answer was is noted with the contact. An answer whose question is not in the same batch is
kept as an answer; `contact_frame` joins the two, and what has no question at all is backscatter.

References:
    - Jung, Paxson, Berger, Balakrishnan (2004), Fast portscan detection using sequential hypothesis testing.
    - Moore, Voelker, Savage (2001), Inferring Internet denial-of-service activity (backscatter).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.conversations import CODE, OUTCOMES, looked_up, outcomes
from vigie.records import FLOW, TALLY, Tally
from vigie.records.flow import REFUSED, REPLY, UNANSWERED
from vigie.records.tally import MAX_TEXT, grouped_rows, joined, numbered

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LINE: Final = "line"
"""Column with the raw line, from which a contact is quoted; where there is none, or it is no text, the contact is written out."""
INBOUND, OUTBOUND, INTERNAL, EXTERNAL = "inbound", "outbound", "internal", "external"

DAY: Final = 86_400_000_000
PAUSE: Final = 1_800_000_000
"""Microseconds without a contact that end a fast activity."""
QUOTED: Final = 8
"""Contacts of one source in one batch that are quoted, besides the first after each pause."""
PLACES: Final = 4
"""Doors of one source in one batch from which on contacts with the web are quoted too: visitors are not kept."""
WEB: Final = (53, 80, 123, 443)
"""Ports that everybody may contact."""
LOW: Final = 32_768
"""Source ports below it may be a service's own, so they are kept to recognise an answer."""
_DIRECTIONS: Final = {INBOUND: "i", INTERNAL: "n", OUTBOUND: "o", EXTERNAL: "x"}
"""Where a contact goes: to us, among us, to others, or from others to others."""
_TURNED: Final = {"i": "o", "o": "i"}
"""The direction of what an answer answers."""
_NOT_HOSTS: Final = re.compile(r"(?:22[4-9]|23\d)\.|255\.|0\.0\.0\.0$|ff")
"""Groups and broadcasts, which are nobody's door."""


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Contacts by source, host, door, outcome, flags and fingerprint, and day.

    Args:
        batch: rows of `FLOW`, perhaps with `line`.

    Returns:
        rows of `TALLY`: `asset` is the host, `key` "transport port outcome flags fingerprint port-of-the-source direction" (`?` where the log
        does not tell, `-` for no flags). An answer is counted under what it answers: `source_address` is whom it was sent to.
    """
    batch = _counted(batch)
    if not batch.num_rows:
        return TALLY.empty()
    both = pa.concat_arrays([batch.column("source_address"), batch.column("destination_address")]).dictionary_encode()
    source, host = (both.indices.to_numpy()[part].astype(np.int64) for part in (slice(0, batch.num_rows), slice(batch.num_rows, None)))
    own, port = (batch.column(name).to_numpy().astype(np.int64) for name in ("source_port", "destination_port"))
    seen = batch.column("seen_at").cast(pa.int64()).to_numpy()
    outcome, kept = outcomes(batch, source, host, (own, port), seen)
    kept &= _once(batch, (source, host, own, port), seen)
    answer = outcome >= CODE[REPLY]
    ends = (np.where(answer, host, source), np.where(answer, source, host), own, port)
    return _rows(batch, np.flatnonzero(kept), both.dictionary, ends, outcome, seen)


def _counted(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Flows with ports, between hosts; alerts speak of flows that are there themselves."""
    wanted = looked_up(batch.column("network_transport"), lambda name: name in ("tcp", "udp"), False)
    wanted &= looked_up(batch.column("event_kind"), lambda kind: kind != "alert", True)
    wanted &= looked_up(batch.column("destination_address"), lambda host: _NOT_HOSTS.match(host) is None, False)
    for name in ("source_address", "source_port", "destination_port", "seen_at"):
        if batch.column(name).null_count:
            wanted &= np.asarray(pc.is_valid(batch.column(name)))
    return batch if wanted.all() else batch.filter(pa.array(wanted))


def _once(batch: pa.RecordBatch, ends: tuple[Ints, ...], seen: Ints) -> Flags:
    """False for packets that another rule logged within a millisecond before."""
    out = np.ones(len(seen), bool)
    rules = batch.column("rule_name")
    encoded = rules if pa.types.is_dictionary(rules.type) else rules.dictionary_encode()
    if len(encoded.dictionary) < 2 or batch.column("packet_id").null_count == batch.num_rows:
        return out
    packet, rule = (np.asarray(pc.fill_null(column, -1)).astype(np.int64) for column in (batch.column("packet_id"), encoded.indices))
    rows = np.flatnonzero(packet >= 0)
    same = joined((packet[rows], *(part[rows] for part in ends)))
    order = np.lexsort((seen[rows], same))
    rows, same = rows[order], same[order]
    again = (same[1:] == same[:-1]) & (seen[rows][1:] - seen[rows][:-1] <= 1000) & (rule[rows][1:] != rule[rows][:-1])
    out[rows[1:][again]] = False
    return out


def _rows(batch: pa.RecordBatch, rows: Ints, addresses: pa.Array, ends: tuple[Ints, ...], outcome: Ints, seen: Ints) -> pa.RecordBatch:
    """The tally's rows of some records, whose source and host are numbered in `addresses`."""
    if not len(rows):
        return TALLY.empty()
    part = batch.select(["feed", "file", "byte_offset"]).take(pa.array(rows))
    keys = _keys(batch, rows, ends, outcome)
    source, host, own, port = (end[rows] for end in ends)
    outcome, seen = outcome[rows], seen[rows]
    port = np.where(outcome >= CODE[REPLY], own, port)
    bucket = seen - np.mod(seen, DAY)
    assets, sources = (pa.DictionaryArray.from_arrays(pa.array(column.astype(np.int32)), addresses) for column in (host, source))

    def quoted(firsts: Ints) -> pa.Array:
        chosen = _chosen(source[firsts], joined((host, port))[firsts], port[firsts], outcome[firsts], seen[firsts])
        texts = _texts(batch.take(pa.array(rows[firsts[chosen]])))
        places = np.full(len(firsts), -1, np.int64)
        places[chosen] = np.arange(len(chosen))
        return pc.fill_null(texts.take(pa.array(places, mask=places < 0)), "")

    codes = (keys.indices.to_numpy().astype(np.int64), bucket, host, source)
    return grouped_rows("contacts", part, codes, seen, bucket, keys, quoted, assets, sources)


def _keys(batch: pa.RecordBatch, rows: Ints, ends: tuple[Ints, ...], outcome: Ints) -> pa.DictionaryArray:
    """The key of each of some records; each different one is put into words once."""
    answer = outcome[rows] >= CODE[REPLY]
    own, port = (end[rows] for end in ends[2:])
    names, transport = _listed(batch.column("network_transport"), str)
    flags, flag = _listed(batch.column("tcp_flags"), _flags)
    prints, mark = _listed(batch.column("packet_fingerprint"), lambda text: "?" if text is None else text.replace(" ", "_"))
    ways, way = _listed(batch.column("network_direction"), lambda word: _DIRECTIONS.get(word or "", "?"))
    turned = [_TURNED.get(word, word) for word in ways]
    flag, mark = flag[rows], mark[rows]
    mark = np.where((np.array(flags) == "A")[flag] | answer, -1, mark)
    kept = (own < LOW) & (own < port) & ~answer & (np.array(flags) != "S")[flag]
    parts = (transport[rows], np.where(answer, own, port), outcome[rows], flag, mark, np.where(kept, own, -1), way[rows], answer.astype(np.int64))
    number, count = numbered(joined(parts))
    first = np.empty(count, np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    texts = zip(*(part[first].tolist() for part in parts), strict=True)
    words = [
        f"{names[a]} {b} {OUTCOMES[c]} {flags[d]} {prints[e] if e >= 0 else '?'} {f if f >= 0 else '?'} {turned[g] if h else ways[g]}"
        for a, b, c, d, e, f, g, h in texts
    ]
    return pa.DictionaryArray.from_arrays(pa.array(number.astype(np.int32)), pa.array(words))


def _listed(column: pa.Array, word: Callable[[str | None], str]) -> tuple[list[str], Ints]:
    """The different words of a column, and the place of each row's among them."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    values = encoded.dictionary.to_pylist()
    return [*map(word, values), word(None)], np.asarray(pc.fill_null(encoded.indices, len(values))).astype(np.int64)


def _flags(text: str | None) -> str:
    """Flags as the key writes them; a segment that goes on with a conversation is like any other."""
    if text is None:
        return "?"
    return "A" if "A" in text and not {"S", "R"} & set(text) else text or "-"


def _chosen(source: Ints, door: Ints, port: Ints, outcome: Ints, seen: Ints) -> Ints:
    """Which contacts are quoted: the first of each source, and the first after each pause."""
    doors = np.unique(np.stack([source, door], axis=1), axis=0)[:, 0]
    many = np.isin(source, np.unique(doors)[np.unique(doors, return_counts=True)[1] >= PLACES])
    closed = (outcome >= CODE[UNANSWERED]) & (outcome <= CODE[REFUSED])
    rows = np.flatnonzero((outcome < CODE[REPLY]) & (closed | many | ~np.isin(port, WEB)))
    rows = rows[np.lexsort((seen[rows], source[rows]))]
    new = np.diff(source[rows], prepend=-1) != 0
    rank = np.arange(len(rows)) - np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0)) if len(rows) else rows
    after = np.diff(seen[rows], prepend=0) >= PAUSE
    return np.sort(rows[(rank < QUOTED) | after])


def _texts(rows: pa.RecordBatch) -> pa.Array:
    """The line of each record, else the contact written out."""
    sides = [
        pc.binary_join_element_wise(rows.column(f"{side}_address"), rows.column(f"{side}_port").cast(pa.string()), " port ")
        for side in ("source", "destination")
    ]
    written = pc.binary_join_element_wise(sides[0], sides[1], " to ")
    if LINE not in rows.schema.names:
        return written
    texts = [_text(line) for line in rows.column(LINE).to_pylist()]
    return pc.coalesce(pa.array(texts, pa.string()), written)


def _text(line: bytes) -> str | None:
    """A line as text, None where it is none."""
    try:
        text = line[: 4 * MAX_TEXT].rstrip(b"\r\n").decode("utf-8", "strict" if len(line) <= 4 * MAX_TEXT else "ignore")
    except UnicodeDecodeError:
        return None
    text = text[:MAX_TEXT]
    return text if text and text.replace("\t", " ").isprintable() else None


CONTACTS = Tally("contacts", FLOW, count)
"""Contacts by source, host, door, outcome and day."""
