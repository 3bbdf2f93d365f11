"""Figures are measured only where the development data, which is not part of the project, lies beside it."""

from conftest import SHARED

collect_ignore = [] if (SHARED / "web").is_dir() else ["test_recall.py"]
