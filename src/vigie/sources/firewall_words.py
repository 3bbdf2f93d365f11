"""What firewalls' words mean: whether a rule's name says that it stops packets, which packets are answers, the look of a packet.

A rule's name is free text that its administrator chose, in English or French; it is the only verdict that such a log holds. Where it says
nothing, or says both, the packet's fate is untold.

References:
    - https://www.netfilter.org/documentation/HOWTO/packet-filtering-HOWTO-7.html (LOG, --log-prefix)
    - https://wiki.ubuntu.com/UncomplicatedFirewall (UFW BLOCK, LIMIT BLOCK, ALLOW, AUDIT)
    - RFC 792, RFC 4443 (types of ICMP messages)
    - M. Zalewski, "Silence on the Wire" (2005): length, window and time to live as a look of the sender's system
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.records.flow import DROPPED, REPLY, UNTOLD
from vigie.sources.flow_columns import ACK, FIN, FLAGS, PSH, RST, SYN, URG, labels

Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]

_STOP: Final = (
    r"drop(?:s|ped|ping)?|block(?:s|ed|ing)?|reject(?:s|ed|ing)?|den(?:y|ied|ies)|discard(?:s|ed)?|refuse[sd]?|ban(?:s|ned)?|tarpit|blackhole"
    r"|bloqu[eé]e?s?|refus[eé]?e?s?|rejet[eé]?e?s?|interdite?s?"
)
_LET: Final = r"accept(?:s|ed)?|allow(?:s|ed)?|pass(?:ed)?|permit(?:s|ted)?|accept[eé]e?s?|autoris[eé]e?s?"
_PLACE: Final = r"in|out|input|output|fwd|forward|all|any|invalid|wan|lan|log|scan"
_STOPS: Final = re.compile(rf"(?:{_STOP})\Z|(?:drop|deny|reject|block)(?:{_PLACE})\Z|(?:{_PLACE}|ufw|ip|tables|fw|net|new|and|bad)(?:drop|dropped|deny|denied|reject|rejected|block|blocked)\Z")
_LETS: Final = re.compile(rf"(?:{_LET})\Z")
_WORD: Final = re.compile(r"[^\W\d_]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BITS: Final = {"FIN": FIN, "SYN": SYN, "RST": RST, "PSH": PSH, "ACK": ACK, "URG": URG, "CWR": 0, "ECE": 0}
_LIFETIMES: Final = np.array([32, 64, 128, 255])
_ANSWERS: Final = (0, 3, 4, 11, 12, 14, 16, 18)
_ANSWERS_6: Final = (1, 2, 3, 4, 129)


@lru_cache(maxsize=4096)
def verdict(name: str | None) -> str | None:
    """The word of a rule's name that says that its packets are stopped, as written; null where none does, or another says that they pass."""
    words = _WORD.findall(_CAMEL.sub(" ", (name or "")[:256]))
    stops = [word for word in words if _STOPS.match(word.lower())]
    return stops[0] if stops and not any(_LETS.match(word.lower()) for word in words) else None


@lru_cache(maxsize=4096)
def permit(name: str | None) -> str | None:
    """The word of a rule's name that says that its packets pass, as written."""
    return next((word for word in _WORD.findall((name or "")[:256]) if _LETS.match(word.lower())), None)


def flag_bits(words: Sequence[str]) -> Ints:
    """Bits of TCP flags written as words (`ACK SYN`), one number for each text; -1 where one of the words is no flag."""
    out = []
    for text in words:
        bits = [_BITS.get(word, -1) for word in text[:64].split()]
        out.append(-1 if -1 in bits else int(np.bitwise_or.reduce(bits)) if bits else 0)
    return np.array(out, np.int64)


def answering(bits: Ints, flagged: Marks) -> Marks:
    """Packets of TCP that answer: SYN with ACK, and any RST.

    Args:
        bits: of the flags.
        flagged: where the log tells them.
    """
    both: Marks = (bits & (SYN | ACK)) == (SYN | ACK)
    reset: Marks = (bits & RST) > 0
    return flagged & (both | reset)


def answering_ping(kind: Ints, six: Marks) -> Marks:
    """Messages of ICMP that answer another packet (errors, replies).

    Args:
        kind: types; -1 where there is none.
        six: which are of ICMPv6.
    """
    return np.where(six, np.isin(kind, _ANSWERS_6), np.isin(kind, _ANSWERS))


def flow_states(dropped: Marks, replies: Marks) -> pa.DictionaryArray:
    """What became of packets: an answer to nothing is one whatever was done with it."""
    return labels(np.where(replies, 2, dropped.astype(np.int64)), (UNTOLD, DROPPED, REPLY))


def fingerprints(length: Ints, window: Ints, lifetime: Ints) -> pa.DictionaryArray:
    """The look of packets, "length window ttl"; null where one of the three is -1.

    Args:
        length: bytes of the packet.
        window: of TCP.
        lifetime: TTL or hop limit; rounded up to what systems begin with.
    """
    begun = np.minimum(np.searchsorted(_LIFETIMES, lifetime), 3)
    known = (length >= 0) & (window >= 0) & (lifetime >= 0)
    codes = pa.array((length << 20) | (window << 2) | begun, mask=~known).dictionary_encode()
    texts = [f"{code >> 20} {code >> 2 & 0x3FFFF} {_LIFETIMES[code & 3]}" for code in codes.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(codes.indices, pa.array(texts, pa.string()))


__all__ = ["FLAGS", "answering", "answering_ping", "fingerprints", "flag_bits", "flow_states", "permit", "verdict"]
