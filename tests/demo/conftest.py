"""One demo, written and read once for all tests of this folder."""

import json
from ipaddress import ip_network

import pytest

from conftest import Vigie


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The command line with a finished demo in `demo`, and what `count --json` says about it."""
    folder = tmp_path_factory.mktemp("story")
    vigie = Vigie(folder)
    vigie.told = vigie("demo", "--out", "demo", "--lang", "fr", "--no-serve")
    vigie.noted = vigie.err
    return vigie, json.loads(vigie("count", "--archive", "demo/archive", "--json"))


@pytest.fixture(scope="session")
def invented():
    """Networks that nobody owns: documentation and benchmarks."""
    return [ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32")]
