r"""What OpenSSH's server and Dropbear say of connections and log-ins.

OpenSSH writes several lines about one guess, and which of them depends on its version and its `LogLevel`. Each has the action that it can
answer for, so that a count by source and account does not take one guess for two:

- `Failed password` and `error: PAM: …` are guesses, one each; `Failed keyboard-interactive/pam` is told, since PAM's line before it is the guess.
- `Invalid user` is told, with `account` as the reason: it comes before every guess at an account that is not there, and it is all that is
  left of a client that only has a key. It counts, as a log-in begun, where no guess at the same account follows. No other line that is told
  has this reason.
- `Failed publickey`, `none`, `hostbased` and the like are told: clients offer every key that they have, and a key that does not fit is no guess.
  `Connection closed by authenticating user …` and `maximum authentication attempts exceeded` are log-ins begun.
- A connection that ends before log-in, and names no user, is a probe. Of two lines about it the one with the address is, the other is told.

References:
    - https://github.com/openssh/openssh-portable: auth.c (`auth_log`, `allowed_user`), auth-pam.c, packet.c, kex.c, sshd.c, sshd-session.c.
    - https://github.com/mkj/dropbear: src/svr-authpasswd.c, svr-auth.c, svr-session.c.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from vigie.records.login import CONNECTED, ENDED, FAILED, PASSED, PROBED, REFUSED, STARTED, TOLD
from vigie.sources.phrases import FOUND, Phrase, understand

_FROM: Final = r" from (?P<peer>[^ ]+)(?: port (?P<port>[0-9]{1,5}))?"
_PORT: Final = r"(?: port (?P<port>[0-9]{1,5}))?"
_USER: Final = r" for (?P<invalid>invalid user |illegal user )?(?P<user>.*)"
_ANY_USER: Final = r" for (?:invalid user |illegal user )?(?P<user>.*)"
_LISTED: Final = r" for (?:(?P<invalid><invalid username>)|(?:invalid user |illegal user )?(?P<user>.*))"
_TAIL: Final = r"(?: ssh[12])?(?: \[preauth\])?"
_PREAUTH: Final = r" \[preauth\]"
_NAMED: Final = r" from (?:authenticating|invalid) user (?P<user>.*)"
_AT: Final = r" (?P<peer>[^ ]+) port (?P<port>[0-9]{1,5})"
_PEER: Final = r"(?P<peer>[^ :]+|[0-9a-fA-F:.]+)" + _PORT

OPENSSH: Final = (
    Phrase("Failed password", _USER + _FROM + _TAIL, FAILED, "password"),
    Phrase("Failed none", _ANY_USER + _FROM + _TAIL, TOLD, "no_password"),
    Phrase("Failed keyboard-interactive/pam", _ANY_USER + _FROM + _TAIL, TOLD, "password"),
    Phrase("Failed keyboard-interactive", r"(?:/[a-z]{1,16})?" + _LISTED + _FROM + _TAIL, FAILED, "password"),
    Phrase("Failed ", r"[a-z0-9/@.-]{1,64}" + _ANY_USER + _FROM + _TAIL, TOLD, "password"),
    Phrase("Accepted ", r"(?:[a-z0-9/@.-]{1,64}) for (?P<user>.*)" + _FROM + _TAIL, PASSED),
    Phrase("Partial ", r"[a-z0-9/@.-]{1,64} for (?P<user>.*)" + _FROM + _TAIL, TOLD),
    Phrase("Postponed ", r"[a-z0-9/@.-]{1,64}" + _ANY_USER + _FROM + _TAIL, TOLD),
    Phrase("Received disconnect from ", _PEER + r": ?[0-9]{1,4}: .*", ENDED),
    Phrase("error: Received disconnect from ", _PEER + r": ?[0-9]{1,4}: .*", ENDED),
    Phrase("Invalid user ", r"(?P<user>.*)" + _FROM, TOLD, "account"),
    Phrase("Illegal user ", r"(?P<user>.*)" + _FROM, TOLD, "account"),
    Phrase("input_userauth_request: ", r"(?:invalid|illegal) user (?P<user>.*?)" + f"(?:{_PREAUTH})?", TOLD),
    Phrase("Connection from ", r"(?P<peer>[^ ]+) port (?P<port>[0-9]{1,5})(?: on .*)?", CONNECTED),
    Phrase("Connection from ", r"(?P<peer>[0-9a-fA-F:.]+)", CONNECTED),
    Phrase("Connection closed by authenticating user ", r"(?P<user>.*)" + _AT + _PREAUTH, STARTED, "closed"),
    Phrase("Connection closed by invalid user ", r"(?P<user>.*)" + _AT + _PREAUTH, TOLD, "closed"),
    Phrase("Connection reset by authenticating user ", r"(?P<user>.*)" + _AT + _PREAUTH, STARTED, "closed"),
    Phrase("Connection reset by invalid user ", r"(?P<user>.*)" + _AT + _PREAUTH, TOLD, "closed"),
    Phrase("Disconnected from authenticating user ", r"(?P<user>.*)" + _AT + _PREAUTH, STARTED, "closed"),
    Phrase("Disconnected from invalid user ", r"(?P<user>.*)" + _AT + _PREAUTH, TOLD, "closed"),
    Phrase("Connection closed by ", r"(?P<peer>[^ ]+)" + _PORT + _PREAUTH, PROBED, "closed"),
    Phrase("Connection reset by ", r"(?P<peer>[^ ]+)" + _PORT + _PREAUTH, PROBED, "closed"),
    Phrase("Disconnected from ", r"(?P<peer>[^ ]+)" + _PORT + _PREAUTH, PROBED, "closed"),
    # OpenSSH of today writes `[preauth]` or the user from the key exchange on: without either nothing was said before
    Phrase("Connection closed by ", _AT[1:], PROBED, "closed"),
    Phrase("Connection reset by ", _AT[1:], PROBED, "closed"),
    Phrase("Connection closed by user ", r"(?P<user>.*)" + _AT, ENDED),
    Phrase("Connection reset by user ", r"(?P<user>.*)" + _AT, ENDED),
    Phrase("Connection closed by ", r"(?P<peer>[^ ]+)", ENDED),
    Phrase("Connection reset by ", r"(?P<peer>[^ ]+)", ENDED),
    Phrase("Disconnected from user ", r"(?P<user>.*)" + _AT, ENDED),
    Phrase("Disconnected from ", r"(?P<peer>[^ ]+)" + _PORT, ENDED),
    Phrase("Did not receive identification string", _FROM, PROBED, "closed"),
    Phrase("Bad protocol version identification ", r"'(?P<bytes>.*)'" + _FROM, PROBED, "protocol"),
    Phrase("Protocol major versions differ for ", _PEER + ": (?P<bytes>.*)", PROBED, "protocol"),
    Phrase("banner exchange: Connection", _FROM + ": (?P<bytes>invalid format|.*version.*)", PROBED, "protocol"),
    Phrase("banner exchange: Connection", _FROM + ": .*", PROBED, "closed"),
    Phrase("error: kex_exchange_identification: ", r"client sent invalid protocol identifier (?P<bytes>.*)", TOLD, "protocol"),
    Phrase("error: kex_exchange_identification: ", r"banner line .*", TOLD, "protocol"),
    Phrase("error: kex_exchange_identification: ", r".*", TOLD, "closed"),
    Phrase("kex_exchange_identification: ", r".*", TOLD, "closed"),
    Phrase("error: kex_protocol_error: ", r".*", TOLD, "protocol"),
    Phrase("kex_protocol_error: ", r".*", TOLD, "protocol"),
    Phrase("ssh_dispatch_run_fatal: Connection", _NAMED + _AT + ": .*", STARTED, "encryption"),
    Phrase("ssh_dispatch_run_fatal: Connection", r" from (?P<peer>[^ ]+) port (?P<port>[0-9]{1,5}): .*", PROBED, "encryption"),
    Phrase("fatal: ssh_dispatch_run_fatal: Connection", _NAMED + _AT + ": .*", STARTED, "encryption"),
    Phrase("fatal: ssh_dispatch_run_fatal: Connection", r" from (?P<peer>[^ ]+) port (?P<port>[0-9]{1,5}): .*", PROBED, "encryption"),
    Phrase("Unable to negotiate with ", _PEER + ": .*", PROBED, "encryption"),
    Phrase("fatal: Unable to negotiate with ", _PEER + ": .*", PROBED, "encryption"),
    Phrase("fatal: Unable to negotiate a key exchange method", f"(?:{_PREAUTH})?", TOLD, "encryption"),
    Phrase("fatal: no matching ", r"(?:cipher|mac|comp|hostkey|host key type|key exchange method) found.*", TOLD, "encryption"),
    Phrase("fatal: Read from socket failed: ", r".*" + _PREAUTH, TOLD, "closed"),
    Phrase("fatal: Write failed: ", r".*" + _PREAUTH, TOLD, "closed"),
    Phrase("fatal: Timeout before authentication for ", r"(?P<peer>[^ ]+)" + _PORT, PROBED, "closed"),
    Phrase("Timeout before authentication for connection from ", r"(?P<peer>[^ ]+) to [^ ]+, pid = (?P<process>[0-9]{1,10})", PROBED, "closed"),
    Phrase("error: PAM: User not known to the underlying authentication module", _USER + _FROM + "(?: via [^ ]+)? *", FAILED, "account"),
    Phrase("error: PAM: ", r"[A-Za-z ,']{1,80}?" + _USER + _FROM + "(?: via [^ ]+)? *", FAILED, "password"),
    Phrase("error: maximum authentication attempts exceeded", _USER + _FROM + _TAIL, STARTED, "password"),
    Phrase("Disconnecting invalid user ", r"(?P<user>.*)" + _AT + ": .*", TOLD, "closed"),
    Phrase("Disconnecting authenticating user ", r"(?P<user>.*)" + _AT + ": .*", TOLD, "password"),
    Phrase("Disconnecting: Too many authentication failures", rf"(?: for (?:invalid user )?(?P<user>.*?))?(?:{_PREAUTH})?", TOLD, "password"),
    Phrase("Disconnecting: Change of username or service not allowed: ", r".*", TOLD, "closed"),
    Phrase("User ", r"(?P<user>.*) from (?P<peer>[^ ]+) not allowed because .*", REFUSED, "locked"),
    Phrase("User ", r"(?P<user>.*) not allowed because .*", TOLD, "locked"),
    Phrase("fatal: Access denied for user ", r"(?P<user>.*) by PAM account configuration.*", TOLD, "locked"),
    Phrase("ROOT LOGIN REFUSED FROM ", r"(?P<peer>[^ ]+)" + _PORT + f"(?:{_PREAUTH})?", REFUSED, "method"),
    Phrase("refused connect from ", r"(?P<name>.*) \((?P<peer>[^() ]+)\)", REFUSED, "source"),
    Phrase("refused connect from ", r"(?P<peer>[^ ]+)", REFUSED, "source"),
    Phrase("drop connection #", r"[0-9]{1,9} from \[(?P<peer>[^ \]]+)\]:(?P<port>[0-9]{1,5}) on .*", REFUSED, "unknown"),
    Phrase("reverse mapping checking getaddrinfo for ", r"(?P<name>[^ ]*) \[(?P<peer>[^ \]]+)\] failed.*", TOLD),
    Phrase("Address ", r"(?P<peer>[^ ]+) maps to (?P<name>[^ ]*), but this does not map back to the address.*", TOLD),
    Phrase("Nasty PTR record ", r'"(?P<name>[^"]*)" is set up for (?P<peer>[^ ,]+), ignoring', TOLD),
    Phrase("SSH: Server;Ltype: ", r"[A-Za-z]{1,16};Remote: (?P<peer>[^ ;]+)-(?P<port>[0-9]{1,5});.*", TOLD),
    Phrase("Starting session: ", r".* for (?P<user>.*)" + _FROM + "(?: id [0-9]{1,9})?", TOLD),
    Phrase("Close session: ", r"user (?P<user>.*)" + _FROM + "(?: id [0-9]{1,9})?", TOLD),
)
"""In the order in which they are asked; commonest first where order does not matter."""

DROPBEAR: Final = (
    Phrase("Bad password attempt for ", r"'(?P<user>.*)' from (?P<peer>[^ ]+):(?P<port>[0-9]{1,5})", FAILED, "password"),
    Phrase("Bad PAM password attempt for ", r"'(?P<user>.*)' from (?P<peer>[^ ]+):(?P<port>[0-9]{1,5})", FAILED, "password"),
    Phrase("Login attempt for nonexistent user", r"(?: '(?P<user>.*)')? from (?P<peer>[^ ]+):(?P<port>[0-9]{1,5})", STARTED, "account"),
    Phrase("Login attempt with wrong user ", r"(?P<user>.*) from (?P<peer>[^ ]+):(?P<port>[0-9]{1,5})", STARTED, "account"),
    Phrase("Password auth succeeded for ", r"'(?P<user>.*)' from (?P<peer>[^ ]+):(?P<port>[0-9]{1,5})", PASSED),
    Phrase("PAM password auth succeeded for ", r"'(?P<user>.*)' from (?P<peer>[^ ]+):(?P<port>[0-9]{1,5})", PASSED),
    Phrase("Pubkey auth succeeded for ", r"'(?P<user>.*)' with .* from (?P<peer>[^ ]+):(?P<port>[0-9]{1,5})", PASSED),
    Phrase("Child connection from ", r"(?P<peer>[^ ]+):(?P<port>[0-9]{1,5})", CONNECTED),
    Phrase("Exit before auth", r"(?: from <(?P<peer>[^ ]+):(?P<port>[0-9]{1,5})>)?: \(user '(?P<user>.*)', [0-9]{1,9} fails\): .*", STARTED, "closed"),
    Phrase("Exit before auth", r"(?: from <(?P<peer>[^ ]+):(?P<port>[0-9]{1,5})>)?: .*", PROBED, "closed"),
    Phrase("Exit (", r"(?P<user>.*)\)(?: from <(?P<peer>[^ ]+):(?P<port>[0-9]{1,5})>)?: .*", ENDED),
)
_BORROWED: Final = r"^(?:Failed|Accepted|Postponed|Partial) "
_CUT: Final = r" (?P<version>ssh[12]):(?P<tail>.*)$"
_SECOND: Final = r" from [^ ]+ port [0-9]{1,5}(?: ssh[12])?(?:: .*)?(?: \[preauth\])?$"


def understand_openssh(message: pl.Series) -> pl.DataFrame:
    r"""What OpenSSH's lines say.

    `Failed password for NAME from ADDRESS port PORT ssh2: MORE`: name and more (a client's certificate, its user's name at home) are the
    client's to choose. The address is the last one before the first `ssh2:`. Where another whole `from … port … ssh2` follows, either the
    name or the rest imitates a line, and nothing tells which: such a line keeps neither address nor name. The lines with which the same
    process ends the connection have the address.

    Args:
        message: what sshd said.

    Returns:
        as `understand`.
    """
    cut = message.str.contains(_BORROWED) & message.str.contains(_CUT)
    cut = cut.fill_null(value=False)
    said = understand(message.set(cut, None) if cut.any() else message, OPENSSH)
    if not cut.any():
        return said
    places = cut.arg_true()
    whole = message.filter(cut)
    before = understand(whole.str.replace(_CUT, " $version"), OPENSSH)
    lost = before["action"].is_null()
    doubtful = whole.str.extract(_CUT, 2).str.contains(_SECOND) & ~lost
    if lost.any():
        after = understand(whole.set(~lost, None), OPENSSH)
        before = before.select(before[name].fill_null(after[name]) for name in before.columns)
    kept = before.select(before[name].set(doubtful, None) if name in FOUND else before[name] for name in before.columns)
    return said.select(said[name].clone().scatter(places, kept[name]) for name in said.columns)


def understand_dropbear(message: pl.Series) -> pl.DataFrame:
    """What Dropbear's lines say."""
    return understand(message, DROPBEAR)
