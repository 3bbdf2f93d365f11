"""What a network is for, as far as its number or its own name says so.

A number that everybody knows stands in `data/networks.csv`; for the others the words of the name decide. That a network rents out machines
says that whoever sends from it need not be where it is; it says nothing bad of it. Where nothing speaks, nothing is said.

References:
    - RFC 1930 (autonomous systems)
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from vigie.origins.origin import ACCESS, CDN, EDUCATION, GOVERNMENT, HOSTING, MOBILE, TOR, VPN
from vigie.origins.table import _DATA

NUMBER, NAME = "network's number", "network's name"
"""What says so."""

_WORDS: Final = (
    (VPN, ("vpn", "mullvad", "nordvpn", "expressvpn", "surfshark", "windscribe")),
    (EDUCATION, ("university", "universitaet", "universität", "universite", "université", "universidad", "universidade", "universitas", "universita",
                 "universitet", "universiteit", "uniwersytet", "college", "school", "schools", "academic", "education", "educational", "hochschule",
                 "polytechnic", "politecnico", "politechnika", "renater", "cnrs", "inria")),
    (GOVERNMENT, ("ministry", "ministere", "ministère", "ministerio", "government", "gouvernement", "govt", "parliament", "municipality",
                  "department", "county", "federal", "dod", "army", "navy", "police", "bundesamt", "prefecture")),
    (HOSTING, ("hosting", "hoster", "hosters", "host", "hosts", "webhosting", "server", "servers", "datacenter", "datacentre", "datacenters", "vps", "cloud",
               "colo", "colocation", "dedicated", "hébergement", "hebergement", "serveurs", "serverius", "bulletproof", "cdn")),
    (MOBILE, ("mobile", "cellular", "wireless", "gsm", "lte", "vodafone", "t-mobile", "movil", "mobil", "kyivstar", "orange", "airtel", "mtn")),
    (ACCESS, ("telecom", "telekom", "telecomunicacoes", "telecomunicaciones", "telecommunications", "telecommunication", "telecoms", "telephone", "telefonica",
              "broadband", "cable", "fiber", "fibre", "fibra", "internet", "isp", "provedor", "comcast", "verizon", "sfr", "bouygues", "free", "proximus",
              "telia", "telenor", "swisscom", "ukrtelecom", "rostelecom", "communications", "dsl")),
)  # fmt: skip
"""Words that say what a network is for; those that stand first decide."""

_SPLIT: Final = re.compile(r"[^\w-]+")


@lru_cache(maxsize=1)
def known() -> dict[int, tuple[str, str]]:
    """Networks that everybody knows: number → kind, and how their name begins."""
    try:
        text = (_DATA / "networks.csv").read_text("utf-8")
    except OSError:
        return {}
    return {int(row["asn"]): (row["kind"], row["name"]) for row in csv.DictReader(text.splitlines())}


@lru_cache(maxsize=65_536)
def kind_of_name(name: str) -> str | None:
    """What a network is for by the words of its name; None when they do not say."""
    words = set(_SPLIT.split(name.lower()[:200]))
    return next((kind for kind, telling in _WORDS if not words.isdisjoint(telling)), None)


def kinds_of(numbers: npt.NDArray[np.object_], names: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """What each network is for, and what says so (`NUMBER` or `NAME`); None where nothing does.

    Args:
        numbers: AS number, or None; shape (n,).
        names: of the network, or None; shape (n,).
    """
    kind, ground = np.full(len(numbers), None, object), np.full(len(numbers), None, object)
    table = known()
    for at, (number, name) in enumerate(zip(numbers.tolist(), names.tolist(), strict=True)):
        if number is not None and number in table:
            kind[at], ground[at] = table[number][0], NUMBER
        elif name and (found := kind_of_name(str(name))) is not None:
            kind[at], ground[at] = found, NAME
    return kind, ground


HIDES: Final = {HOSTING: HOSTING, CDN: CDN, VPN: VPN, TOR: TOR}
"""Kinds of network whose machines speak for somebody else, and the relay that each is."""
