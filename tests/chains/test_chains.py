"""The chains are well-formed, plausible, and every line of their logs is read. What vigie says of them is asked elsewhere."""

from __future__ import annotations

import ipaddress
import re

import pytest

from chains.chains import FAMILIES, LABELS, LAYOUT, chains, log_of, sites
from conftest import batch_of
from vigie.sources.registry import recognise, source_named
from vigie.sources.source import Reading

CHAINS = chains()
DOCUMENTATION = [ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]
each = pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.name)


def typed(chain):
    """Whether a tool of the command line sent what was typed; a browser encodes more."""
    return not chain.agent.startswith("Mozilla/")


def test_there_are_chains_of_every_family_and_site_and_controls():
    bespoke = [chain for chain in CHAINS if chain.label == "bespoke"]
    assert len(bespoke) >= 28
    assert {chain.family for chain in bespoke} == FAMILIES
    assert {chain.site for chain in CHAINS} == set(sites())
    assert [sum(chain.label == label for chain in CHAINS) for label in ("nothing", "tool")] == [4, 4]
    assert len({chain.name[:2] for chain in CHAINS}) == len(CHAINS)
    assert len({chain.address for chain in CHAINS}) == len(CHAINS)


@each
def test_fields_are_of_their_kind(chain):
    assert chain.label in LABELS
    assert chain.family in (FAMILIES if chain.label != "nothing" else {"-"})
    assert chain.site in sites() and chain.site.endswith(".example")
    assert chain.who and chain.aim and chain.agent
    assert any(ipaddress.ip_address(chain.address) in net for net in DOCUMENTATION)
    for visit in chain.visits:
        assert re.fullmatch(r"(GET|POST|HEAD) /[!#-\[\]-~]*", visit.request), visit.request
        assert 200 <= visit.status < 600 and visit.size >= 0 and visit.seconds >= 0


@each
def test_a_request_is_encoded_as_its_agent_would(chain):
    for visit in chain.visits:
        target = visit.request.split(" ")[1]
        assert not re.search('["<>#]', target), target
        assert not re.search("%(?![0-9A-Fa-f]{2})", target), target
        assert typed(chain) or "'" not in target.partition("?")[2], target


@each
def test_an_ordinary_page_has_its_ordinary_answer(chain):
    usual = {f"GET {target}": (status, size) for target, status, size, *_ in sites()[chain.site]["pages"]}
    for visit in chain.visits:
        assert (visit.status, visit.size) == usual.get(visit.request, (visit.status, visit.size)), visit.request


@each
def test_the_same_request_has_the_same_answer(chain):
    seen = {}
    for visit in chain.visits:
        first = seen.setdefault(visit.request, (visit.status, visit.size))
        assert visit.request.startswith("POST") or first == (visit.status, visit.size), visit.request


@each
def test_a_person_takes_time_and_a_script_does_not(chain):
    minutes = (chain.visits[-1].at - chain.visits[0].at).total_seconds() / 60
    assert minutes <= 2 if chain.label == "tool" else 3 <= minutes <= 190 if chain.label == "nothing" else 10 <= minutes <= 190


@each
def test_every_line_is_read(chain):
    lines = log_of(chain).splitlines(keepends=True)
    assert source_named("nginx").read(batch_of(lines), Reading(layout=LAYOUT)).column("unread").null_count == len(lines)
    verdict = recognise([line.rstrip(b"\n") for line in lines[:1000]], "", Reading())
    assert (verdict.source.name, verdict.share) == ("nginx", 1.0)


def test_a_seed_draws_the_same_log_and_another_seed_another():
    assert log_of(CHAINS[0], 3) == log_of(CHAINS[0], 3) != log_of(CHAINS[0], 4)


@each
def test_the_log_is_sorted_and_holds_the_chain_among_a_day_of_visits(chain):
    lines = log_of(chain).decode().splitlines()
    times = [float(line.rsplit(" ", 2)[1]) for line in lines]
    assert times == sorted(times) and times[-1] - times[0] > 22 * 3600
    mine = [line for line in lines if line.startswith(f"{chain.address} ")]
    assert len(mine) == len(chain.visits)
    assert len({line.split(" ", 1)[0] for line in lines}) > 24 * 3
