"""How tests are dealt to workers: a folder or file that shares something costly goes to one of them, and long files of many small tests to all."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/demo/", "tests/docs/")
"""Folders whose tests share one costly thing."""

APART = ("test_all_sources.py", "test_automation_figures.py", "test_derive.py", "test_availability.py", "test_kernels.py", "test_rules.py")
"""Files of tests that share nothing, and that are most of the work."""


class Dealt(LoadScopeScheduling):
    """Deals whole files, but for those named above."""

    def _split_scope(self, nodeid):
        file = nodeid.split("::", 1)[0]
        folder = next((name for name in TOGETHER if name in f"/{file}"), None)
        if folder:
            return folder
        return nodeid if file.endswith(APART) else file
