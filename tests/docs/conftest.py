"""One sandbox for all pages."""

import pytest

from docs.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    return Sandbox(tmp_path_factory.mktemp("machine"))
