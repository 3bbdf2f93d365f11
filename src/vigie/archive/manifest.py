"""The manifest: every segment's hash, each line bound to the one before, so that a change to the evidence shows."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def chain(folder: Path, segments: list[Path]) -> None:
    """Append segments to the manifest, each line bound to the one before by its hash.

    A line that a crash tore is left as it is, with a line end put behind it: it stays in the chain as a witness.

    Args:
        folder: of the archive.
        segments: folders of its segments, in order.

    Raises:
        OSError: something cannot be read or written.
    """
    manifest = folder / "manifest.jsonl"
    text = manifest.read_text("utf-8", "replace") if manifest.exists() else ""
    lines = text.splitlines()
    known = {_name_in(line) for line in lines}
    previous = hashlib.sha256(lines[-1].encode()).hexdigest() if lines else ""
    fresh = [segment for segment in segments if segment.name not in known]
    with manifest.open("a", encoding="utf-8") as out:
        if text and not text.endswith("\n"):
            out.write("\n")
        for segment in fresh:
            digest = hashlib.sha256()
            for path in sorted(segment.iterdir()):
                digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
            line = json.dumps({"segment": segment.name, "sha256": digest.hexdigest(), "previous": previous})
            out.write(line + "\n")
            previous = hashlib.sha256(line.encode()).hexdigest()


def _name_in(line: str) -> str:
    try:
        return str(json.loads(line)["segment"])
    except (ValueError, KeyError, TypeError):
        return ""
