"""The client behind proxies: `X-Forwarded-For` is believed only as far as trusted proxies wrote it."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from vigie.sources.address import canonical
from vigie.sources.source import Reading

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache(maxsize=64)
def networks(trusted: tuple[str, ...]) -> tuple[Network, ...]:
    """Parsed networks of trusted proxies.

    Raises:
        ValueError: one of them is no address or CIDR.
    """
    return tuple(ipaddress.ip_network(text, strict=False) for text in trusted)


@lru_cache(maxsize=65_536)
def client_of(peer: str | None, forwarded: str | None, trusted: tuple[str, ...]) -> str | None:
    """The last address, from the right, that no trusted proxy owns.

    Args:
        peer: address that connected.
        forwarded: the header as logged (`client, proxy1, proxy2`), or None.
        trusted: networks whose additions to the header are believed.
    """
    if peer is None or forwarded is None or not _inside(peer, trusted):
        return peer
    client = peer
    for part in reversed(forwarded[:4096].split(",")):
        address = canonical(part)
        if address is None:
            break
        client = address
        if not _inside(address, trusted):
            break
    return client


def _inside(address: str, trusted: tuple[str, ...]) -> bool:
    parsed = ipaddress.ip_address(address)
    return any(parsed.version == network.version and parsed in network for network in networks(trusted))


def real_clients(records: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Put the client's address in `source_address` and the proxy's in `peer_address`; fill in the host the user named."""
    if reading.host:
        index = records.schema.get_field_index("url_domain")
        hosts = pc.coalesce(records.column(index), pa.scalar(reading.host.lower()))
        records = records.set_column(index, records.schema.field(index), hosts)
    forwarded = records.column("forwarded_for")
    if not reading.trusted or forwarded.null_count == len(forwarded):
        return records
    pairs = pa.StructArray.from_arrays([records.column("source_address"), forwarded], ["peer", "forwarded"])
    peers = pairs.field("peer").to_pylist()
    chains = pairs.field("forwarded").to_pylist()
    clients = [client_of(peer, chain, reading.trusted) for peer, chain in zip(peers, chains, strict=True)]
    found = pa.array(clients, pa.string())
    source = records.schema.get_field_index("source_address")
    peer_at = records.schema.get_field_index("peer_address")
    behind = pc.fill_null(pc.not_equal(found, records.column(source)), False)
    connected = pc.if_else(behind, records.column(source), records.column(peer_at))
    out = records.set_column(peer_at, records.schema.field(peer_at), connected)
    return out.set_column(source, records.schema.field(source), found)
