"""Write the parts of the documentation that a program can write: transcripts, the table of families, with `--figures` recall and quiet.

Run: python tests/docs/refresh.py [--figures]
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docs.documents import (
    DETECTION,
    GAP,
    PAGES,
    README,
    RECIPES,
    ROOT,
    Command,
    families_table,
    masked,
    name,
    transcripts,
    with_section,
)
from docs.sandbox import Sandbox


def refreshed(command: Command, printed: str) -> list[str]:
    """The lines of a transcript with the numbers of today: each is looked for, in order, by what is not a number."""
    lines, out, at = [line.rstrip() for line in printed.split("\n")], [], 0
    for line in command.said:
        found = next((n for n in range(at, len(lines)) if masked(lines[n]) == masked(line)), None)
        if line == GAP or found is None:
            out.append(line)
            if found is None and line != GAP:
                print(f"no line like {line!r} in the output of {' '.join(command.words)}: write it by hand")
            continue
        out.append(lines[found])
        at = found + 1
    return out


def measured(script: str) -> str:
    """Output of a benchmark."""
    done = subprocess.run([sys.executable, str(ROOT / "benchmarks" / script)], capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout


def recall_table() -> str:
    """What `benchmarks/recall.py` says, as a table."""
    rows = ["| data | values | found, or flagged where nothing is an attack |", "|---|---|---|"]
    printed = measured("recall.py")
    for file, kind, hits, total, verb, share in re.findall(r"^  (\S+) +([\w-]+) +(\d+) of +(\d+) (found|flagged) +([\d.]+ %)", printed, re.MULTILINE):
        rows.append(f"| {file}, {kind} | {int(total):,} | {int(hits):,} {verb}, {share} |")
    return "\n".join(rows) + "\n"


def quiet_table() -> str:
    """What `benchmarks/quiet.py` says, as a table; sorts without any flag in one row."""
    rows = ["| sort of value | values | flagged |", "|---|---|---|"]
    silent, silent_values = [], 0
    for sort, values, share in re.findall(r"^  (\S.*?) +(\d+) values +([\d.]+) %", measured("quiet.py"), re.MULTILINE):
        if float(share) == 0:
            silent.append(sort)
            silent_values += int(values)
        else:
            rows.append(f"| {sort} | {int(values):,} | {share} % |")
    rows.append(f"| {len(silent)} other sorts: {', '.join(silent)} | {silent_values:,} | none |")
    return "\n".join(rows) + "\n"


def main() -> None:
    """Write the pages."""
    DETECTION.write_text(with_section(DETECTION, "families", families_table()), "utf-8")
    if "--figures" in sys.argv:
        README.write_text(with_section(README, "figures: recall", recall_table()), "utf-8")
        README.write_text(with_section(README, "figures: quiet", quiet_table()), "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(Path(folder))
        for page in PAGES:
            if page in RECIPES:
                continue
            for command in transcripts(page):
                _, printed = sandbox.run(list(command.words))
                text = page.read_text("utf-8")
                page.write_text(text.replace("\n".join(command.said), "\n".join(refreshed(command, printed))), "utf-8")
            print(name(page))


if __name__ == "__main__":
    main()
