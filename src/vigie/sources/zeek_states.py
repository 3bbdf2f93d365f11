"""What became of a connection, by Zeek's `conn_state` and `history`, and which flags its first packet bore.

History has a letter for each kind of packet, upper case for the originator's and lower case for the responder's: S for a SYN, H for a
SYN-ACK, A for a bare ACK, D for data, F for a FIN, R for a RST; `^` says that Zeek took the other side for the originator. Packets without
flags leave no letter.

References:
    - https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html
"""

from __future__ import annotations

from typing import Final

from vigie.records.flow import ESTABLISHED, REFUSED, REPLY, UNANSWERED, UNTOLD

_MADE: Final = frozenset(("SF", "S1", "S2", "S3"))
_CLOSED: Final = frozenset(("RSTO", "RSTR", "OTH"))
BY_STATE: Final = {
    "S0": UNANSWERED, "REJ": REFUSED, "SF": ESTABLISHED, "S1": ESTABLISHED, "S2": ESTABLISHED, "S3": ESTABLISHED, "RSTO": ESTABLISHED,
    "RSTR": ESTABLISHED, "RSTOS0": UNANSWERED, "SH": UNANSWERED, "SHR": REPLY, "RSTRH": REPLY,
}  # fmt: skip
"""What `conn_state` means where nothing else is told."""
_FLAGS: Final = {"S": "S", "H": "SA", "A": "A", "F": "F", "R": "R", "-": ""}
_ANSWERS: Final = {"icmp": (0, 3, 4, 5, 11, 12, 14, 16, 18), "ipv6-icmp": (1, 2, 3, 4, 129)}
"""Types of ICMP that answer a packet, so that by themselves they are backscatter."""
_QUESTIONS: Final = {"icmp": (8, 13, 15, 17), "ipv6-icmp": (128,)}


def outcome(transport: str, state: str, history: str | None, sent: bool | None, answered: bool | None, kind: int | None) -> tuple[str, str | None]:
    """What became of a connection.

    Args:
        transport: as in `network_transport`.
        state: `conn_state`; "" when there is none.
        history: "" when it is unset, None when the log has no such column.
        sent: whether the originator sent a packet; None when the log does not tell.
        answered: whether the responder did.
        kind: type of an ICMP message.

    Returns:
        `flow_state`, and the flags of the first packet ("" for none, None when not told).
    """
    if transport in _ANSWERS:
        return _ping(transport, state, answered, kind), None
    if transport != "tcp":
        if BY_STATE.get(state) == ESTABLISHED or answered:
            return (ESTABLISHED if sent is not False else REPLY), None
        return (BY_STATE.get(state) or (UNANSWERED if answered is False else UNTOLD)), None
    return _tcp(state, history, sent, answered), _first_flags(state, history, sent)


def _first_flags(state: str, history: str | None, sent: bool | None) -> str | None:
    """The flags of a TCP connection's first packet, as far as the history tells them."""
    if history is None:
        return None
    letters = history.removeprefix("^")
    if not letters or (letters[0] == "r" and _after_nothing(history, sent)):
        return "" if letters or state == "OTH" else None
    return _FLAGS.get(letters[0].upper())


def _tcp(state: str, history: str | None, sent: bool | None, answered: bool | None) -> str:
    letters = (history or "").removeprefix("^")
    if letters and state not in _MADE and (letters[0] in "HRh" or (letters[0] == "r" and not _after_nothing(history, sent))):
        return REPLY
    if state not in _CLOSED or history is None:
        return BY_STATE.get(state, UNTOLD)
    back = {letter for letter in letters if letter.islower()}
    if back & set("hadf"):
        return ESTABLISHED
    if "r" in back:
        return REFUSED
    if answered or (letters and not set(letters) & set("SAFDIQ-")):
        return BY_STATE.get(state, UNTOLD)
    return UNANSWERED


def _after_nothing(history: str | None, sent: bool | None) -> bool:
    """Whether the first letter is an answer to a packet that bore no flags, and so left no letter itself."""
    return bool(sent) and not (history or "").startswith("^")


def _ping(transport: str, state: str, answered: bool | None, kind: int | None) -> str:
    if answered:
        return ESTABLISHED
    if kind in _ANSWERS[transport]:
        return REPLY
    if answered is False and kind in _QUESTIONS[transport]:
        return UNANSWERED
    return BY_STATE.get(state, UNTOLD) if answered is None else UNTOLD
