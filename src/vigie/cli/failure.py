"""What ends a command: a sentence for the user and an exit code of the interface."""

from __future__ import annotations

FINDINGS, USAGE, NOTHING_READ, CONFIGURATION, PARTLY_READ = 1, 2, 3, 4, 5


class Failure(Exception):  # noqa: N818 - it is the end of a command, not always an error
    """Ends the command with `code`, after one sentence on stderr that says what, where, and what to try."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code
