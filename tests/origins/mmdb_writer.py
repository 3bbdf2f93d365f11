"""Writes .mmdb files for tests and for the benchmark: a tree of networks, and a map for each.

References:
    - https://maxmind.github.io/MaxMind-DB/ (format 2.0)
"""

import ipaddress
import struct


def value(one):
    """A value as the format holds it."""
    if isinstance(one, str):
        raw = one.encode()
        return head(2, len(raw)) + raw
    if isinstance(one, bool):
        return head(14, int(one))
    if isinstance(one, int):
        raw = one.to_bytes((one.bit_length() + 7) // 8, "big")
        return head(6 if len(raw) <= 4 else 9, len(raw)) + raw
    if isinstance(one, float):
        return head(3, 8) + struct.pack(">d", one)
    if isinstance(one, list):
        return head(11, len(one)) + b"".join(value(item) for item in one)
    return head(7, len(one)) + b"".join(value(key) + value(item) for key, item in one.items())


def typed_number(kind, one):
    """A number of a type that is asked for."""
    raw = one.to_bytes((one.bit_length() + 7) // 8, "big")
    return head(kind, len(raw)) + raw


def head(kind, size):
    """Type and size."""
    first = kind << 5 if kind < 8 else 0
    more = b"" if kind < 8 else bytes([kind - 7])
    if size < 29:
        return bytes([first | size]) + more
    return bytes([first | 29]) + more + bytes([size - 29]) if size < 285 else bytes([first | 30]) + more + (size - 285).to_bytes(2, "big")


def written(networks, *, six=True, size=28, built=1_700_000_000, kind="Test"):
    """A file: network (text or object) → what is said of it; networks are disjoint."""
    left, right, records, places = [None], [None], bytearray(), {}
    for text, said in networks.items():
        network = ipaddress.ip_network(text)
        number, length = int(network.network_address), network.prefixlen
        if six and network.version == 4:
            length += 96
        bits = 128 if six else 32
        key = repr(said)
        if key not in places:
            places[key] = len(records)
            records += value(said)
        node = 0
        for depth in range(length):
            side = right if number >> (bits - 1 - depth) & 1 else left
            if depth == length - 1:
                side[node] = ("data", places[key])
                break
            if side[node] is None:
                left.append(None)
                right.append(None)
                side[node] = len(left) - 1
            node = side[node]
    count = len(left)

    def number_of(one):
        return count if one is None else count + 16 + one[1] if isinstance(one, tuple) else one

    tree = bytearray()
    for pair in zip(left, right, strict=True):
        low, high = (number_of(one) for one in pair)
        if size == 24:
            tree += low.to_bytes(3, "big") + high.to_bytes(3, "big")
        elif size == 32:
            tree += low.to_bytes(4, "big") + high.to_bytes(4, "big")
        else:
            tree += (low & 0xFFFFFF).to_bytes(3, "big") + bytes([(low >> 24) << 4 | high >> 24]) + (high & 0xFFFFFF).to_bytes(3, "big")
    about = {
        "node_count": count, "record_size": size, "ip_version": 6 if six else 4, "database_type": kind, "languages": ["en"],
        "binary_format_major_version": 2, "binary_format_minor_version": 0, "build_epoch": built, "description": {"en": "invented"},
    }
    typed = head(7, len(about)) + b"".join(value(key) + (typed_number(_TYPES[key], one) if key in _TYPES else value(one)) for key, one in about.items())
    return bytes(tree) + bytes(16) + bytes(records) + b"\xab\xcd\xefMaxMind.com" + typed


_TYPES = {"ip_version": 5, "record_size": 5, "binary_format_major_version": 5, "binary_format_minor_version": 5, "node_count": 6, "build_epoch": 9}
"""Types that the format wants for some of the metadata."""
