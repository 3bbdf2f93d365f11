"""What became of a conversation, by the flags that each side sent: for logs that add up flags and packets of both directions.

References:
    - RFC 9293, section 3.10.7 (a SYN is answered by SYN with ACK, or by RST)
"""

from __future__ import annotations

from typing import Final

import numpy as np

from vigie.records.flow import ESTABLISHED, REFUSED, REPLY, UNANSWERED, UNTOLD
from vigie.sources.flow_columns import ACK, FIN, PSH, RST, SYN, Ints, Marks

OUTCOMES: Final = (UNTOLD, ESTABLISHED, REFUSED, UNANSWERED, REPLY)
"""What the numbers of `conversations` mean."""


def conversations(tcp: Marks, mine: Ints, yours: Ints, back: Ints) -> Ints:
    """What became of conversations of which both directions were watched.

    Args:
        tcp: which are TCP's.
        mine: bits of all flags that the source sent; -1 where the log does not tell.
        yours: the same of the destination.
        back: packets that came back; -1 where the log does not tell.

    Returns:
        numbers of `OUTCOMES`.
    """
    sent, got = np.maximum(mine, 0), np.maximum(yours, 0)
    told = (mine >= 0) & (yours >= 0)
    answer = sent & (SYN | ACK | PSH) == (SYN | ACK)
    stray = (got & SYN == 0) & (answer | ((sent & (SYN | RST) == RST) & (got == 0)))
    made = (got & (SYN | PSH | FIN) > 0) | (got & (RST | ACK) == ACK)
    by_flags = np.select([stray, made, got & RST > 0, (got == 0) & (back <= 0)], [4, 1, 2, 3], 0)
    by_count = np.select([back > 0, back == 0], [1, 3], 0)
    untold = np.where(back == 0, 3, 0)
    return np.where(tcp, np.where(told, by_flags, untold), by_count).astype(np.int64)


def first_flags(tcp: Marks, mine: Ints, packets: Ints, yours: Ints) -> tuple[Ints, Marks]:
    """The flags of the first packet, as far as the sum of all that one side sent tells them.

    Args:
        tcp: which conversations are TCP's.
        mine: bits of all flags that the source sent; -1 where the log does not tell.
        packets: how many it sent; -1 where the log does not tell.
        yours: bits that the destination sent; -1 where that is not told, as for logs of one direction.

    Returns:
        bits, and where they are known: the only packet's flags; a SYN that no ACK went with, or that the destination answered with its own; flags
        that all sent packets may have had (no SYN, no ACK).
    """
    bits = np.maximum(mine, 0) & 63
    single = packets == 1
    opened = (bits & SYN > 0) & ((bits & ACK == 0) | (np.maximum(yours, 0) & SYN > 0))
    odd = bits & (SYN | ACK) == 0
    known = tcp & (mine >= 0) & (single | opened | odd)
    return np.where(single | odd, bits, SYN), known
