r"""The commands that a value would run if a shell read it.

A value is a command injection when it changes the shape of the command it stands in: it ends the command, pipes into
another, substitutes another's answer. The value is cut at what a shell cuts at, what a shell removes (quotes, `\`, `^`, `$@`,
unset variables, `${IFS}`, braces) is removed, and globs such as `/???/c?t` are held against well-known files. Words that are
commands and prose too (`find`, `sort`, `host`) need an argument that only a shell would be given.

References:
    - POSIX.1-2024, Shell Command Language, 2.2 Quoting, 2.6 Word Expansions, 2.10 Shell Grammar.
    - CAPEC-88, CWE-78.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

MAX_VALUE = 2048
"""Characters of a value that are read as a command line."""

MAX_COMMANDS = 64
"""Commands of one value that are looked at."""

_NAMES = """7z adduser aircrack apk apt apt-get arp awk base32 base64 bash bitsadmin busybox bzip2 capsh certutil chattr chgrp chmod
    chown chroot cmd composer cp cpan crontab csh cscript curl dash dd dig dmesg dnf docker doas dpkg du easy_install ed egrep
    fdisk fgrep fish ftpget ftpput gawk gcc gdb getent gimp git gpg grep groupadd gunzip gzip hexdump hostid htop hping3 icacls
    iconv ifconfig insmod iptables ipconfig irb java javac journalctl jrunscript kubectl ksh ldd ln ll logname lsb_release lscpu lsof
    ls lua lwp-download lwp-request lynx mawk md5sum mkdir mkfifo mknod modprobe mshta msiexec mv mysql mysqldump nano nawk nc
    ncat netcat netsh netstat nmap node nohup nologin npm nslookup nsenter ntpdate objdump openssl passwd pcregrep perl pgrep php
    phpinfo pidof ping pip pip3 pkexec pkill pmap podman popd powershell printenv ps psql psftp pwd pwsh python python2 python3 rbash
    readelf readlink realpath regedit regsvr32 rm rmdir rsync ruby rundll32 rvim sc scp schtasks sed setenforce setfacl sftp sh
    sha1sum sha256sum shuf socat sqlite3 ssh sshd ssh-keygen strace strings stty su sudo systemctl systeminfo tac tar tasklist
    taskkill tclsh tcpdump tcsh telnet tftp tmux traceroute ulimit umask uname unalias unlink unshare unzip useradd userdel usermod
    vim vmstat vssadmin wc wevtutil wget whoami wmic wscript xargs xterm xxd xz yum zcat zgrep zip zsh mimikatz rev hostname
    nltest quser tnftp aria2c axel setuid gsettings lsusb ss arch ipcs fuser"""
COMMANDS = frozenset(_NAMES.split())
"""Commands whose names are no words of prose."""

_EVERYDAY = """alias apropos at attrib batch bg break builtin cal cancel cat cd chcp clear cls comm command continue copy cut date del
    df diff dir echo eject env eval exec exit expand export expr false fc fetch fg file find finger fold ftp function groups halt head help
    history host id info install ip jobs join kill last less link local locate login logout look mail make man md more most mount move net
    nice nl paste patch poweroff printf query rd read reboot reg reset rev route screen script service set shift
    shopt shutdown size sleep sort source split start stat sum sync tail tee test time timeout top touch tr tree true trap type
    umount uniq unset uptime users ver vi vol w wait watch wall whereis which who whois write yes whoami"""
WORDS = frozenset(_EVERYDAY.split())
"""Commands whose names are words of prose, or of programs' vocabularies, too."""

_SOFTWARE = "bash csh docker git java ksh mysql node npm perl php pip python python2 python3 ruby sh sqlite3 ssh vim zip gcc gimp nano lua composer fish zsh curl"
_LISTED = frozenset(_SOFTWARE.split())
"""Programs that people also list by name, with the same separators."""

_WINDOWS = frozenset(["powershell", "pwsh", "cmd", "mshta", "certutil", "bitsadmin", "wmic", "rundll32", "regsvr32", "cscript", "wscript", "vssadmin"])
_ACCOUNTS = frozenset(["user", "users", "localgroup", "group", "view", "share", "start", "use", "accounts", "session", "config"])
_PREFIXES = frozenset(["sudo", "time", "nohup", "env", "exec", "command", "builtin", "nice", "doas", "busybox", "eval", "timeout", "xargs", "!", "then", "do"])
_CUT = re.compile(r"\$\(\(?|[<>]\(|&&|\|\|?&?|[;&\n\r`]")
_SPACES = re.compile(r"\$\{?IFS\}?(?:\$\d)?|\$\{IFS[^}]{0,16}\}|%PROGRAMFILES:~\d+,-?\d+%", re.IGNORECASE)
_SHELLS = re.compile(r"\$\{?(?:SHELL|BASH)\}?(?!\w)|\$0(?=\s+-)")
_NOTHING = re.compile(r"\$[@*1-9](?!\w)|\$[@*]|\$\{[@*!?\w]{0,12}\}|\$\(\)|``|''|\"\"|\$[A-Za-z_]\w{0,11}(?=\s|/|$|[A-Z]{0})")
_GLUE = re.compile(r"[\\^'\"]")
_BRACES = re.compile(r"^\{([^{}\s]{1,200}),([^{}]{0,200})\}")
_WORD = re.compile(r"[\s({+,@]*((?:[A-Za-z_]\w{0,15}=[^\s;|&]{0,64}\s+)?)([./~\w-]{1,48}?)(?:\.exe)?(?=[\s<>|;&)}(]|$|\+[-/\w])")
_EVIDENCE = re.compile(
    r"(?:^|[\s+=\"'])(?:--?[a-z]|/(?:etc|bin|usr|var|tmp|proc|dev|home|root|opt|sys|[a-z]\b|\?|\*|\[|[\w.-]{1,32}/)|\.{1,2}/|~/|[a-z]:[\\/]|\\\\|%[a-z]{2,}|https?://|ftp://|\d{1,3}(?:\.\d{1,3}){3}\b|\*)"
    r"|\$[({a-z_]|(?:^|[^-=<>])>{1,2}\s?[/&\w]|<\s?[/(&]|`|\b[\w-]{1,32}\.(?:sh|py|pl|rb|php|txt|exe|conf|cnf|log|ini|bat|ps1|html?|passwd|key|pem|sql|c|jsp|asp)\b|^\s*[\"'][^\"']{1,64}[\"']\s*$|\bhkey_|^\s*\d{1,2}:\d{2}\s+[\"'/]",
    re.IGNORECASE,
)
_OPTION = re.compile(r"^[\s+]*(?:-|/|\$|\d|\"|'|~/|\.{1,2}/|[a-z]:\\|\*)", re.IGNORECASE)
_PATH = re.compile(r"^[\s+]*(?:-{1,2}[a-z]|/|\$|~/|\.{1,2}/|[a-z]:[\\/]|\*)", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*[\"']?-?\d{1,6}(?:\.\d+)?[smhd]?[\"']?\s*(?:[#)]|$)")
_SYSTEM = re.compile(r"(?:^|[\s+\"'=])(?:/(?:etc|proc|var|bin|usr|root|home|dev|tmp)\b|[a-z]:\\)|https?://", re.IGNORECASE)
_CODE = re.compile(r"^\s+-(?:c|e|r)\s*[\"'$(]")
_LETTERS = re.compile(r"[^\W\d_]{3}")
_PROSE = re.compile(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}\s+[^\W\d_]{2,}")
_ODD_WORD = re.compile(r"\s*[^\s'\"\\^$`{]{0,16}['\"\\^$`{]")
_SYNOPSIS = re.compile(r"(?:^|\s)\[[-\w<{]|\{-|\.\.\.")
_QUOTED_BITS = re.compile(r"(?:[a-z]{0,8}(?:['\"]{2}|['\"][a-z]{1,12}['\"]|\\(?=[a-mo-qstvwyz])|\^(?=[a-z])|\$[@*]|``)){1,16}[a-z]{1,12}|(?:[a-z](?:\\(?![nrux])|\^)){2,12}[a-z]", re.IGNORECASE)
_WILD = re.compile(r"/{1,3}[\w.*?\[\]!/-]{2,64}")
_INSIDE = re.compile(r"\[[^\]]{0,16}\]")

_FILES = """etc/passwd etc/shadow etc/hosts etc/group etc/issue etc/hostname etc/crontab etc/fstab etc/ssh etc/apache2 etc/nginx
    etc/resolv.conf etc/os-release bin/cat bin/ls bin/sh bin/bash bin/id bin/nc bin/ping bin/sleep bin/uname bin/more bin/head bin/tail
    bin/less bin/nl bin/echo bin/ps bin/pwd bin/tac bin/netcat usr/bin/id usr/bin/cat usr/bin/wget usr/bin/curl usr/bin/uname usr/bin/whoami usr/bin/python
    usr/bin/perl usr/bin/php usr/bin/nc usr/bin/head usr/bin/tail usr/bin/tac usr/bin/nl usr/bin/xxd usr/bin/base64 usr/bin/bash usr/bin/find
    proc/self proc/version proc/cpuinfo dev/tcp var/log var/www etc bin usr/bin usr/local tmp root home sbin usr/sbin proc/self/environ flag flag.txt"""
_KNOWN_FILES = tuple(tuple(path.split("/")) for path in _FILES.split())


@dataclass(frozen=True, slots=True)
class Command:
    """A command that a value would run.

    Attributes:
        text: what convinced, as a shell would read it.
        shape: `chain` (ends, pipes or substitutes), `alone` (the value is the command), `hidden` (written so that a filter misses
            it), `glob` (a file named by wildcards).
        confidence: 0..1.
    """

    text: str
    shape: str
    confidence: float


def command_in(value: str, *, header: bool = False) -> Command | None:
    """The most convincing command of a value, or None.

    Args:
        value: decoded text; only its first 2,048 characters are looked at.
        header: whether it is a header that programs fill (agent, referrer), in which semicolons are everyday.
    """
    text = value[:MAX_VALUE]
    if "+" in text and not any(c.isspace() for c in text):
        text = text.replace("+", " ")
    found = globbed(text)
    if found:
        return Command(found, "glob", 0.85)
    best = _commands(text, header=header)
    if best is not None:
        return best
    plain = dequoted(text)
    if plain != text:
        again = _commands(plain, header=header, hidden=_ODD_WORD.match(text) is not None)
        if again is not None:
            return Command(again.text, "hidden", min(0.9, again.confidence + 0.2))
        if not header:
            return _split_word(text)
    return None


def dequoted(text: str) -> str:
    r"""The text without what a shell removes: empty quotes, `\`, `^`, unset variables; `${IFS}` as a space, `{a,b}` as `a b`."""
    out = _NOTHING.sub("", _SPACES.sub(" ", _SHELLS.sub("sh", text)))
    out = _GLUE.sub("", out)
    return re.sub(r"\{([^{}\s]{1,64}),([^{}]{1,200})\}", lambda m: f"{m[1]} {m[2]}".replace(",", " "), out)


def _commands(text: str, *, header: bool, hidden: bool = False) -> Command | None:
    cuts = list(_CUT.finditer(text))[:MAX_COMMANDS]
    if not header:
        alone = _one(text, 0, cuts[0].start() if cuts else len(text), "", header=False, hidden=hidden)
        if alone is not None:
            return alone
    for at, cut in enumerate(cuts):
        stop = cuts[at + 1].start() if at + 1 < len(cuts) else len(text)
        found = _one(text, cut.start(), stop, cut[0], header=header, hidden=hidden)
        if found is not None:
            return found
    return None


def _one(text: str, begin: int, stop: int, cut: str, *, header: bool, hidden: bool) -> Command | None:
    """Judge the command between two cuts; `cut` is "" for what the value begins with."""
    start = begin + len(cut)
    body = text[start:stop]
    braces = _BRACES.match(body.lstrip())
    if braces:
        body = f"{braces[1]} {braces[2]}".replace(",", " ")
    name, arguments, prefixed = _name(body, hidden=hidden)
    if not name:
        return None
    known, word = name in COMMANDS, name in WORDS
    if not (known or word):
        return None
    closed = stop < len(text) and (text[stop] in "`;|&\n\r" or text[start - 1 : start] in ("(", "`"))
    quoted = text[start : start + 24].strip()[:1] in ("'", '"')
    shown = text[begin : begin + 200]
    rest = arguments.strip(" )\"'`};#\t+")
    prose = bool(_PROSE.search(arguments)) and not _EVIDENCE.search(arguments)
    if not cut:
        return _alone(name, arguments, rest, shown, known=known, prefixed=prefixed, hidden=hidden, cut_after=stop < len(text))
    before = text[:begin].rstrip()
    glued = not text[begin - 1 : begin].isspace() and not text[start : start + 1].isspace()
    substituted = cut in ("$(", "`", "<(", ">(", "$((")
    strong = substituted or cut in ("||", "&&") or not (_LETTERS.search(before) or (before[-1:].isalpha() and cut == "&"))
    if header:
        if (known or substituted) and (rest == "" or _EVIDENCE.search(arguments)) and (cut != ";" or known) and not (cut == ";" and rest == ""):
            return Command(shown, "chain", 0.8)
        return None
    if _EVIDENCE.search(arguments) and not (word and (prose or (sum(w.isalpha() for w in rest.split()) > 1 and not _OPTION.match(arguments)))):
        if cut in ("\n", "\r", "&") and word and not strong and not _OPTION.match(arguments):
            return None
        return Command(shown, "chain", 0.9)
    if rest == "":
        line = cut in ("\n", "\r")
        sure = substituted or (strong and (not line or before != "")) or (glued and cut in (";", "|")) or (closed and glued and not line)
        sure = sure or (known and name not in _LISTED and not line)
        return Command(shown, "chain", 0.8 if known else 0.6) if sure and not (quoted and word and not hidden) else None
    if _NUMBER.match(arguments) and name in ("sleep", "ping", "kill", "timeout", "wait", "exit", "shutdown", "echo"):
        return Command(shown, "chain", 0.8)
    if name == "net" and rest.split()[0].lower() in _ACCOUNTS:
        return Command(shown, "chain", 0.8)
    if known and not prose and (len(rest.split()) <= 2 or strong):
        return Command(shown, "chain", 0.7)
    if word and (substituted or (strong and not before and glued)) and len(rest.split()) <= 2 and (cut != "&" or not rest[:1].isalpha()):
        return Command(shown, "chain", 0.5)
    return None


def _alone(
    name: str, arguments: str, rest: str, shown: str, *, known: bool, prefixed: bool, hidden: bool, cut_after: bool
) -> Command | None:
    """A value that begins with a command: it must read as a command line from end to end."""
    words = rest.split()
    if name == "alias" and re.match(r"^\s+(?:[+-]\w{0,8}\+?\s+)?\w{1,32}=\S", arguments):
        return Command(shown, "alone", 0.5)
    if not words and cut_after and name in ("id", "ls", "ps", "whoami", "dir", "env"):
        return Command(shown, "alone", 0.5)
    if not words:
        return Command(shown, "alone", 0.6) if name in ("whoami", "ifconfig", "ipconfig", "netstat", "systeminfo", "tasklist", "printenv") or (hidden and (known or prefixed)) else None
    if any(w.isalpha() and len(w) > 1 and w.lower() not in COMMANDS for w in words[1:]) and not (hidden or re.search(r"\s-\w|[<>]|['\"]", arguments)):
        return None
    if name in ("sleep", "ping") and _NUMBER.match(arguments):
        return Command(shown, "alone", 0.5)
    if name in _WINDOWS and re.match(r"^\s+[-/]\w", arguments):
        return Command(shown, "alone", 0.7)
    evidence = _EVIDENCE.search(arguments)
    plain = sum(w.isalpha() for w in words)
    system = _SYSTEM.search(arguments)
    if _CODE.match(arguments) and name in _LISTED:
        return Command(shown, "alone", 0.6)
    if not (system or hidden or cut_after or prefixed) and any(len(w) > 2 and w.isalpha() for w in words):
        return None
    if _SYNOPSIS.search(arguments) or sum(len(w) > 2 and w.isalpha() for w in words) > 3:
        return None
    if evidence and plain <= max(1, len(words) // 2) and (known or _PATH.match(arguments)):
        return Command(shown, "alone", 0.82 if system else 0.6)
    if prefixed and (known or hidden) and (len(words) <= 3 or evidence):
        return Command(shown, "alone", 0.5)
    if known and (hidden or cut_after) and len(words) <= 2:
        return Command(shown, "alone", 0.5)
    return None


def _name(body: str, *, hidden: bool) -> tuple[str, str, bool]:
    """The command's name without its folder, its arguments, and whether another command such as `sudo` runs it."""
    prefixed = False
    for _ in range(3):
        match = _WORD.match(body)
        if match is None:
            return "", "", False
        word = match[2].lower()
        name = word.rpartition("/")[2]
        rest = body[match.end() :]
        if name in _PREFIXES:
            inner = _WORD.match(rest)
            if inner is not None and inner[2].lower().rpartition("/")[2] in (COMMANDS | WORDS if hidden else COMMANDS):
                prefixed = True
                body = rest
                continue
        if "/" in word and not re.match(r"^(?:/{0,2}(?:[\w.-]{0,16}/){1,4})\w", word):
            return "", "", False
        return name.removesuffix(".exe"), rest.removeprefix(".exe"), prefixed
    return "", "", False


def _split_word(text: str) -> Command | None:
    r"""A command's name cut by quotes or escapes, which no prose does: `'i'fconfig`, `w\ho\ami`, `c''at x`."""
    match = _QUOTED_BITS.search(text)
    if match is None or (match.start() and not re.match(r"[\s;|&(`/=\n]", text[match.start() - 1])):
        return None
    name = _GLUE.sub("", _NOTHING.sub("", match[0])).lower()
    if name in COMMANDS or (name in WORDS and (match.start() == 0 or _EVIDENCE.search(text[match.end() :]))):
        return Command(text[match.start() : match.start() + 200], "hidden", 0.7)
    return None


def globbed(text: str) -> str:
    """The first path with wildcards that names a well-known file or command, or "".

    Only paths of at least two letters besides their wildcards, or of exact lengths (`/???/??t`), count: `/*/*` names everything.
    """
    if "/" not in text or not ("*" in text or "?" in text or "[" in text):
        return ""
    flat = _INSIDE.sub(lambda m: m[0].replace("/", ""), text)
    for match in list(_WILD.finditer(flat))[:16]:
        path = match[0]
        if not any(c in path for c in "*?[") or (match.start() and flat[match.start() - 1].isalnum() and flat[match.start() - 1] != "n"):
            continue
        parts = [part for part in path.split("/") if part][:4]
        literal = sum(c.isalpha() for c in _INSIDE.sub("", path))
        exact = path.count("?") + 2 * path.count("[")
        if literal + exact < 4 or (not literal and len(parts) < 2) or any(len(part) > 20 or part.count("*") > 3 for part in parts):
            continue
        if len(parts) == 1 and "[" not in path:
            continue
        if _names_known(tuple(part.lower() for part in parts)):
            return path
    return ""


@lru_cache(maxsize=4096)
def _names_known(parts: tuple[str, ...]) -> bool:
    from fnmatch import fnmatchcase

    return any(
        len(known) == len(parts) and all(fnmatchcase(name, pattern) for name, pattern in zip(known, parts, strict=True)) for known in _KNOWN_FILES
    )
