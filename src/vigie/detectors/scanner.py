"""Scanners that give their own name in the agent text, and which tool that is.

A name is only what a client says of itself: it counts as an attack of its own only where the same source's run is not counted by
what it did, and it names the tool of that run.

References:
    - CAPEC-310, ATT&CK T1595.002.
"""

from __future__ import annotations

import re

from vigie.detectors.detector import Detector, Finding, Place
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

TOOLS = {
    "sqlmap": "sqlmap", "nikto": "nikto", "nmap": "nmap", "masscan": "masscan", "zgrab": "zgrab", "nuclei": "nuclei",
    "projectdiscovery": "nuclei", "wpscan": "wpscan", "nessus": "nessus", "openvas": "openvas", "greenbone": "openvas",
    "acunetix": "acunetix", "netsparker": "netsparker", "invicti": "netsparker", "fuzz faster u fool": "ffuf", "ffuf": "ffuf",
    "gobuster": "gobuster", "dirbuster": "dirbuster", "dirb": "dirb", "wfuzz": "wfuzz", "feroxbuster": "feroxbuster", "w3af": "w3af",
    "wapiti": "wapiti", "arachni": "arachni", "havij": "havij", "zaproxy": "zap", "owasp zap": "zap", "owasp_zap": "zap", "owasp-zap": "zap",
    "burpsuite": "burp suite", "burp": "burp suite", "joomscan": "joomscan", "whatweb": "whatweb", "commix": "commix",
    "dirsearch": "dirsearch", "cmsmap": "cmsmap", "skipfish": "skipfish", "hydra": "hydra", "zmeu": "zmeu", "w00tw00t": "dfind",
    "qualys": "qualys", "detectify": "detectify", "jaeles": "jaeles", "fimap": "fimap", "censysinspect": "censys", "shodan": "shodan",
    "leakix": "leakix", "l9explore": "leakix", "l9tcpid": "leakix", "expanseinc": "expanse", "xsser": "xsser", "sqlninja": "sqlninja",
    "medusa": "medusa", "patator": "patator", "xsstrike": "xsstrike", "vega/": "vega", "grabber": "grabber", "webshag": "webshag",
    "uniscan": "uniscan", "jorgee": "jorgee", "paros": "paros", "webinspect": "webinspect", "appscan": "appscan", "brutus": "brutus",
    "jsql": "jsql", "golismero": "golismero", "tsunamisecurityscanner": "tsunami", "apachebench": "apachebench", "siege/": "siege",
    "joedog": "siege", "slowhttptest": "slowhttptest", "morfeus": "morfeus", "muieblackcat": "muieblackcat", "bsqlbf": "bsqlbf",
    "pangolin": "pangolin", "absinthe": "absinthe",
}  # fmt: skip
"""What an agent text says → what the tool is called."""

_NAMED = re.compile(r"(?<![a-z])(" + "|".join(sorted(map(re.escape, TOOLS), key=len, reverse=True)) + ")", re.IGNORECASE)


def declared(agent: str) -> str:
    """Name of the tool that an agent text says it is, or "".

    Knows the tools that only make load too (ApacheBench, siege …): they look for no holes, so no rule speaks for their name.
    """
    match = _NAMED.search(agent[:1024])
    return TOOLS[match[1].lower()] if match else ""


def confirm(reading: str, place: Place) -> Finding | None:
    """Name the tool of an agent text that a rule took for a scanner's; "" where it is none of those known by name."""
    del place
    return Finding("content_discovery.scanner", reading[:512], 0.8, kind="scanner", tool=declared(reading))


DETECTOR = Detector("content_discovery.scanner", "content_discovery", ACCESS, load_rules("scanner"), confirm)
"""The pattern finds, `confirm` names."""
