r"""Which tool wrote a text, where its grammar gives it away: canary hosts, tags, delimiters, opening probes.

What is looked for is what a tool writes even under a browser's agent, and never its bare name, which anyone may search for;
nor what two tools share (`sleep(15)` is Acunetix's and ZAP's).
One hit names the tool of *this* text; that a run was a tool's needs two such texts or more. Tools without a grammar of their own
(ffuf, wfuzz, hydra … send the words of a list, and nothing else) are not named here.

References:
    - Recordings of the tools themselves (`tests/captures`), from which `by_sqlmap` and most of what is here was read.
    - Templates that tools publish: Acunetix (`acx`, `bxss.me`), Netsparker/Invicti (`r87.me`, `netsparker(0x…)`), AppScan (`WFXSSProbe`),
      Qualys WAS (`<qss`), skipfish (`sfi…v…`) and Vega (`vvv…v…`), ZAP (`zj{{…}}zj`, `….owasp.org`), Burp (Collaborator), nmap (NSE `http-*`),
      dirb (`randomfile1`), DirBuster (`thereIsNoWayThat-You-CanBeThere`), feroxbuster (96 hexadecimal digits).
"""

from __future__ import annotations

from functools import cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.database import exact
from vigie.detectors.sql_tools import MAX_VALUE, by_sqlmap, without_comments

GRAMMARS: Final[tuple[tuple[str, str], ...]] = (
    (
        "acunetix",
        r"acunetix[-_](?:wvs|aspect|test|product)|\bbxss\.me\b|response\.write\(9\d{3,}\*9\d{3,}\)|<acx>|\bacux\d{4}|\bvulnweb\.com/t/"
        r"|gethostbyname\(lc\(|\(select\(0\)from\(select\(sleep\(\d+\)\)\)v\)|if\(now\(\)=sysdate\(\),sleep\(15\)|2\+\d{1,3}-\d{1,3}-1=0\+0\+0\+1"
        r"|\b15=\(select 15 from pg_sleep\(15\)\)--|receive_message\(chr\(98\)\|\|chr\(98\)\|\|chr\(98\),15\)"
        r"|'set\|set&set'|nz\^xyu\|\|a #|12345'\"\\'\\\"\);\|\]\*|chjpbnqobwq1kdmxmzm3ksk7|print\(md5\(31337\)\)|<script >(?:alert|prompt)\(\w{0,4}\(?9\d{3}",
    ),
    (
        "netsparker",
        r"\b(?:netsparker|invicti)\(|\br87\.(?:me|com)\b|\bns\(?0x[0-9a-f]{6}|_!@\ddilemma|0x5f2140\w{2}64696c656d6d61"
        r"|char\(95\)[,+ |]{1,4}char\(33\)[,+ |]{1,4}char\(64\)|'\"--></style></script><script>(?:alert|netsparker)\(0x",
    ),
    ("appscan", r"\bwfxssprobe|wf'sql\"probe"),
    ("qualys", r"<q[qs]s\b|\bqualysperiscope\b"),
    ("skipfish", r"\bsfi\d{6}v\d{6}|-->\">'>'\"<sf"),
    ("vega", r"\bvvv\d{6}v\d{6}|-->\">'>'\"<vvv"),
    ("w3af", r"d'z\"0|a'b\"c'd\"|\bw3af\.(?:org|com|sf\.net)\b"),
    (
        "wapiti",
        r"\bwapiti3\.ovh\b|(?:\xbf|\\xbf|\x{fffd})(?:'|\\x27)(?:\"|\\x22)\(|\balert\)?\(['\"/]w[a-z0-9]{9}['\"/]\)|\bw4p1t1_|^/zqxj\w{6,12}\.html$"
        r"|\bsleep\(7\)|benchmark\(10000000,md5\(1\)\)|waitfor delay '0:0:7'|driver=sql server;server=1\.1\.1\.1;database=w\]",
    ),
    ("nikto", r"\bnikto-test-|\bcirt\.net/rfiinc|<script>alert\(['\"]vulnerable['\"]\)|\(evasions:\w{1,16}\)"),
    ("nessus", r"\bnessus_(?:is_probing|was_text)|\.nessus\.org\b|\bnessus\d{6,}"),
    ("openvas", r"\bopenvas(?:vt|-vt|_vt|-\d{6,}|\d{6,})"),
    (
        "burp suite",
        r"\.(?:burpcollaborator\.net|oastify\.com)\b|\(select\*from\(select\(sleep\(20\)\)\)a\)"
        r"|\b[a-z][a-z0-9]{4}(?:['\"]?-alert\(1\)-['\"]?|['\"]?>?<script>alert\(1\)</script>)[a-z0-9]{5}$",
    ),
    ("nuclei", r"\{\{(?:interactsh-url|randstr|rand_(?:int|base|text)\w*)|(?-i:\{\{(?:BaseURL|RootURL|Hostname)\}\})|\bprojectdiscovery\b"),
    ("interactsh", r"\b[a-z0-9]{33}\.(?:oast\.(?:pro|live|site|online|fun|me)|interact\.sh)\b|\.interact\.sh\b"),
    (
        "zap",
        r"\bzj[{$#<][^ ]{2,40}zj\b|//\d{15,20}\.owasp\.org|google\.com(?::80)?/search\?q=(?:owasp%20)?zap\b|\bzapproxy\b|0w45pz4p"
        r"|java\.lang\.thread\.sleep\"\(\d+\) from information_schema\.system_columns|randomblob\(\d+\) when not null then|set-cookie: tamper=[0-9a-f]{8}-"
        r"|utl_inaddr\.get_host_name\('10\.0\.0\.1'\) from dual|(?-i:<scrIpt>alert\(1\);</scRipt>)",
    ),
    ("havij", r"999999\.9['\")]{0,3} ?\)*\s*union all select 0x3[0-9a-f]{4,}|!s!wcrtestinput"),
    ("commix", r"(?-i:\b[A-Z]{6}\$\(\(\d{1,3}\+\d{1,3}\)\)\$\(echo [A-Z]{6}\)[A-Z]{6})|(?-i:echo [A-Z]{6}\$\(\()|print\(`echo [a-z]{6}"),
    ("arachni", r"\barachni_|_arachni(?:_|\b)|\barachni\.com\b"),
    ("xsstrike", r"\bv3dm0s|\bst4r7s.{0,400}3nd$"),
    ("slowhttptest", r"^testing_purposes_only$"),
    ("arjun", r"^/[^?]{0,256}\?(?:[^ ]{0,256}&)?z\d{5}=\d{6}$"),
    ("dalfox", r"\bclass=['\"]?(?:dalfox|dlx)\b|\balf<dalfox|\bdalfox['\"<>(]"),
    ("wafw00f", r"union select all from information_schema and "),
    ("paros", r"alert\(['\"]paros"),
    (
        "nmap",
        r"/nmaplowercheck\d|/nmapuppercheck\d|/nmap/folder/check\d|/nice ports,/tri(?:%6e|n)ity|' or sqlspider|\b(?:ghz>hzx|hzx\"zxc|zxc'xcv)"
        r"|/'\"/><script>alert\(1\)</script>$",
    ),
    ("dirb", r"^/(?:[^?]{0,64}/)?(?:randomfile1|frand2)/?$"),
    ("dirbuster", r"/thereisnowaythat-you-canbethere"),
    ("feroxbuster", r"^/(?:[^?]{0,64}/)?[0-9a-f]{96}/?$"),
)
"""Tool → what only that tool writes (RE2 syntax, without case unless said). The first that matches names the text."""


@cache
def _any() -> str:
    return "|".join(f"(?:{pattern})" for _, pattern in GRAMMARS)


def marks(text: str) -> str:
    """Name of the tool whose grammar is in a text, or "".

    Args:
        text: decoded reading of a place (a path, a value, an agent, a referrer); its first `MAX_VALUE` characters are looked at.
    """
    text = without_comments(text[:MAX_VALUE])
    if exact(_any()).search(text):
        return next((name for name, pattern in GRAMMARS if exact(pattern).search(text)), "")
    return "sqlmap" if by_sqlmap(text) else ""


def marked(texts: pa.Array) -> pa.Array:
    """Names of the tools whose grammar is in each text: equal texts are looked at once.

    Args:
        texts: decoded texts, strings or a dictionary of strings; null has no tool.

    Returns:
        one string per text, "" where no tool shows.
    """
    encoded = texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()
    names = pa.array([marks(text) if text else "" for text in encoded.dictionary.to_pylist()], pa.string())
    return pc.fill_null(names.take(encoded.indices), "")
