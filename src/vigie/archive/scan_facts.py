"""The scan behind an attack, with its first contacts line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue

_SCAN = "select s.* from scans s semi join (select skeleton from signals where attack_id = ? and family = 'port_scan') using (skeleton)"
_CONTACTS = """
select t.first_seen, t.source_address, t.asset, split_part(t.key, ' ', 1) as transport, split_part(t.key, ' ', 2) as port, split_part(t.key, ' ', 3) as outcome,
       t.file::varchar as file, t.byte_offset, any_value(e.line) as line
from tallies t join scan_sources u on u.source_address = t.source_address join evidence e on e.file = t.file and e.byte_offset = t.byte_offset
where t.tally = 'contacts' and t.evidence <> '' and u.skeleton = ? and t.first_seen between u.first_seen and u.last_seen
group by all order by t.first_seen, t.byte_offset limit ?
"""


def scan_of(catalogue: Catalogue, attack: str, limit: int) -> dict[str, object] | None:
    """The scan behind an attack, with its first contacts as `contacts`; None where there is none.

    Args:
        catalogue: an open one.
        attack: id.
        limit: contacts at most.
    """
    found = catalogue.rows(_SCAN, [attack])
    if not found:
        return None
    contacts = catalogue.rows(_CONTACTS, [found[0]["skeleton"], limit])
    return {**{name: value for name, value in found[0].items() if name != "skeleton"}, "contacts": contacts}
