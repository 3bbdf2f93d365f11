"""Which side of a flow is ours, where the user names our networks."""

from __future__ import annotations

import ipaddress

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.sources.clients import networks
from vigie.sources.source import Reading

_DIRECTIONS = pa.array(["external", "inbound", "outbound", "internal"])


def directed(records: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Put the direction in `network_direction`, whatever the log says of it, when own networks are named.

    Args:
        records: rows of `FLOW`.
        reading: `ours` names the networks.

    Returns:
        the rows, each `inbound`, `outbound`, `internal` or `external` (neither side is ours).
    """
    if not reading.ours or not records.num_rows:
        return records
    there, here = (_inside(records.column(name), reading.ours) for name in ("source_address", "destination_address"))
    at = records.schema.get_field_index("network_direction")
    found = pa.DictionaryArray.from_arrays(pa.array(here.astype(np.int32) + 2 * there), _DIRECTIONS)
    return records.set_column(at, records.schema.field(at), found.cast(records.schema.field(at).type))


def _inside(addresses: pa.Array, ours: tuple[str, ...]) -> npt.NDArray[np.int32]:
    """1 where an address is of one of some networks; distinct ones are looked at one by one."""
    distinct = addresses.dictionary_encode()
    parsed = [ipaddress.ip_address(text) for text in distinct.dictionary.to_pylist()]
    inside = np.array([any(one.version == network.version and one in network for network in networks(ours)) for one in parsed], np.int32)
    return np.asarray(np.append(inside, 0)[distinct.indices.fill_null(len(inside)).to_numpy()], np.int32)
