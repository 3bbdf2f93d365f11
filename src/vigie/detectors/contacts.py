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

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.conversations import CODE, OUTCOMES, outcomes
from vigie.records import FLOW, TALLY, Tally
from vigie.records.flow import REFUSED, REPLY, UNANSWERED
from vigie.records.tally import EMPTY, MAX_TEXT, grouped_rows, joined

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
_DIRECTIONS: Final = {INBOUND: "i", INTERNAL: "n", OUTBOUND: "o"}
"""Where a contact goes: to us, among us, to others."""
_NOT_HOSTS: Final = r"^(?:22[4-9]|23\d)\.|^255\.|^0\.0\.0\.0$|^ff"
"""Groups and broadcasts, which are nobody's door."""


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Contacts by source, host, door, outcome, flags and fingerprint, and day.

    Args:
        batch: rows of `FLOW`, perhaps with `line`.

    Returns:
        rows of `TALLY`: `asset` is the host, `key` "transport port outcome flags fingerprint port-of-the-source direction" (`?` where the log
        does not tell, `-` for no flags). An answer is counted under what it answers: `source_address` is whom it was sent to.
    """
    rows = np.flatnonzero(_counted(batch))
    if not len(rows):
        return TALLY.empty()
    taken = batch.take(pa.array(rows))
    both = pa.concat_arrays([taken.column("source_address"), taken.column("destination_address")]).dictionary_encode()
    source, host = (both.indices.to_numpy()[part].astype(np.int64) for part in (slice(0, len(rows)), slice(len(rows), None)))
    own, port = (taken.column(name).to_numpy().astype(np.int64) for name in ("source_port", "destination_port"))
    seen = taken.column("seen_at").cast(pa.int64()).to_numpy()
    once = _once(taken, (source, host, own, port), seen)
    outcome, kept = outcomes(taken, source, host, (own, port), seen)
    rows = np.flatnonzero(once & kept)
    answer = outcome >= CODE[REPLY]
    return _rows(taken, rows, both, np.where(answer, host, source), np.where(answer, source, host), (own, port), outcome, seen)


def _counted(batch: pa.RecordBatch) -> Flags:
    """Flows with ports, between hosts; alerts speak of flows that are there themselves."""
    transport = batch.column("network_transport").cast(pa.string())
    wanted = pc.and_(pc.is_in(transport, pa.array(["tcp", "udp"])), pc.not_equal(pc.fill_null(batch.column("event_kind").cast(pa.string()), EMPTY), "alert"))
    for name in ("source_address", "source_port", "destination_port", "seen_at"):
        wanted = pc.and_(wanted, pc.is_valid(batch.column(name)))
    hosts = batch.column("destination_address").dictionary_encode()
    good = pc.invert(pc.match_substring_regex(hosts.dictionary, _NOT_HOSTS))
    return np.asarray(pc.fill_null(pc.and_(wanted, good.take(hosts.indices)), False))


def _codes(column: pa.Array) -> Ints:
    """A number for each value, 0 for null."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    return np.asarray(pc.fill_null(pc.add(encoded.indices.cast(pa.int64()), 1), 0))


def _once(taken: pa.RecordBatch, ends: tuple[Ints, ...], seen: Ints) -> Flags:
    """False for packets that another rule logged within a millisecond before."""
    packet = np.asarray(pc.fill_null(taken.column("packet_id"), -1))
    out = np.ones(len(seen), bool)
    rows = np.flatnonzero(packet >= 0)
    if len(rows):
        rows = rows[np.lexsort((seen[rows], packet[rows], *(part[rows] for part in ends)))]
        again = seen[rows][1:] - seen[rows][:-1] <= 1000
        for part in (packet, *ends):
            again &= part[rows][1:] == part[rows][:-1]
        rules = _codes(taken.column("rule_name"))[rows]
        out[rows[1:][again & (rules[1:] != rules[:-1])]] = False
    return out


def _rows(
    taken: pa.RecordBatch, rows: Ints, addresses: pa.DictionaryArray, source: Ints, host: Ints, ports: tuple[Ints, Ints], outcome: Ints, seen: Ints
) -> pa.RecordBatch:
    """The tally's rows of some records, whose source and host are numbered in `addresses`."""
    if not len(rows):
        return TALLY.empty()
    part = taken.take(pa.array(rows))
    source, host, outcome, seen = (column[rows] for column in (source, host, outcome, seen))
    answer = outcome >= CODE[REPLY]
    port = np.where(answer, ports[0][rows], ports[1][rows])
    flags, prints = part.column("tcp_flags").cast(pa.string()), part.column("packet_fingerprint").cast(pa.string())
    going = np.asarray(pc.fill_null(pc.match_substring_regex(flags, "^[^SR]*A[^SR]*$"), False)) & ~answer
    flags = pc.if_else(pa.array(going), "A", flags)
    prints = pc.if_else(pa.array(going | answer), pa.scalar(None, pa.string()), prints)
    syn = np.asarray(pc.fill_null(pc.equal(flags, "S"), False))
    own = np.where((ports[0][rows] < LOW) & (ports[0][rows] < ports[1][rows]) & ~syn & ~answer, ports[0][rows], -1)
    way = part.column("network_direction").cast(pa.string())
    transport = part.column("network_transport").cast(pa.string())
    keys = pc.binary_join_element_wise(
        transport, pa.array(port).cast(pa.string()), pa.array(OUTCOMES).take(pa.array(outcome)),
        pc.if_else(pc.fill_null(pc.equal(flags, ""), False), "-", pc.fill_null(flags, "?")), pc.replace_substring(pc.fill_null(prints, "?"), " ", "_"),
        pc.if_else(pa.array(own >= 0), pa.array(own).cast(pa.string()), "?"), _way(way, answer), " ",
    ).dictionary_encode()  # fmt: skip
    bucket = seen - np.mod(seen, DAY)
    codes = (keys.indices.to_numpy().astype(np.int64), bucket, host, source)
    assets, sources = (pa.DictionaryArray.from_arrays(pa.array(column.astype(np.int32)), addresses.dictionary) for column in (host, source))

    def quoted(firsts: Ints) -> pa.Array:
        chosen = _chosen(source[firsts], joined((host, port))[firsts], port[firsts], outcome[firsts], seen[firsts])
        texts = _texts(part.take(pa.array(firsts[chosen])))
        places = np.full(len(firsts), -1, np.int64)
        places[chosen] = np.arange(len(chosen))
        return pc.fill_null(texts.take(pa.array(places, mask=places < 0)), "")

    return grouped_rows("contacts", part, codes, seen, bucket, keys, quoted, assets, sources)


def _way(way: pa.Array, answer: Flags) -> pa.Array:
    """The direction of the contact: that of an answer, turned round."""
    turned = pa.array(answer)
    inward, outward = pc.fill_null(pc.equal(way, INBOUND), False), pc.fill_null(pc.equal(way, OUTBOUND), False)
    inward, outward = pc.if_else(turned, outward, inward), pc.if_else(turned, inward, outward)
    inside, outside = (pc.fill_null(pc.equal(way, word), False) for word in (INTERNAL, EXTERNAL))
    outward = pc.or_(outward, outside)
    return pc.if_else(inward, _DIRECTIONS[INBOUND], pc.if_else(outward, _DIRECTIONS[OUTBOUND], pc.if_else(inside, _DIRECTIONS[INTERNAL], "?")))


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
