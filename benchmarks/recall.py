"""How much of each kind of payload is found, and how quiet ordinary text stays. Prints figures and what was missed.

Each value is sent as a browser would send it: one percent-encoded parameter of a request line, read back through
the whole kernel. Needs the development data beside the project; says so and ends when it is not there.

Run: python benchmarks/recall.py [--misses DIR]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyarrow as pa

from vigie.detectors.registry import detect
from vigie.records import ACCESS

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "web"
WANTED = {"sqli": "sql_injection", "xss": "cross_site_scripting", "path-traversal": "path_traversal", "cmdi": "command_injection"}
CRS_FAMILIES = {930, 931, 932, 933, 934, 941, 942, 943, 944}
CHUNK = 5000


def batch_of(rows: list[dict[str, object]]) -> pa.RecordBatch:
    """Access records with just these columns."""
    blank = {field.name: None for field in ACCESS.schema} | {"feed": "f", "file": "f", "http_method": "GET", "http_status": 200}
    batch = pa.RecordBatch.from_pylist([{**blank, "byte_offset": at, **row} for at, row in enumerate(rows)], schema=ACCESS.schema)
    return batch.append_column("fingerprint", pa.array(range(batch.num_rows), pa.uint64()))


def families(rows: list[dict[str, object]]) -> list[set[str]]:
    """Families that signal in each record."""
    out: list[set[str]] = [set() for _ in rows]
    for low in range(0, len(rows), CHUNK):
        signals = detect(ACCESS, batch_of(rows[low : low + CHUNK]))
        for at, family in zip(signals.column("byte_offset").to_pylist(), signals.column("family").to_pylist(), strict=True):
            out[low + at].add(family)
    return out


def values(path: Path) -> list[dict[str, str]]:
    """Rows of a payload file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def sent(value: str, parameter: str = "id", path: str = "/index.php") -> dict[str, object]:
    """The record of a request that carries a value."""
    return {"url_original": f"{path}?{parameter}={quote(value.encode('utf-8', 'surrogatepass'), safe='')}"}


def payloads(name: str, misses: dict[str, list[str]]) -> dict[str, float]:
    """Recall of one payload file in percent, class by class; for ordinary values (`norm`) the share that is flagged."""
    rows = values(SHARED / name)
    found = families([sent(row["value"]) for row in rows])
    total, own, some = Counter(), Counter(), Counter()
    by_file: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row, spoke in zip(rows, found, strict=True):
        kind = row["cls"]
        total[kind] += 1
        some[kind] += bool(spoke)
        own[kind] += WANTED.get(kind, "") in spoke
        if kind != "norm":
            by_file[row.get("file", "")][0] += 1
            by_file[row.get("file", "")][1] += WANTED[kind] in spoke
        if (kind == "norm") == bool(spoke) and not (kind != "norm" and WANTED[kind] in spoke):
            misses[f"{name}.{kind}"].append(f"{sorted(spoke)}\t{row['value']!r}")
        elif kind != "norm" and WANTED[kind] not in spoke:
            misses[f"{name}.{kind}.other"].append(f"{sorted(spoke)}\t{row['value']!r}")
    for kind in total:
        if kind == "norm":
            print(f"  {name:<28} {kind:<15} {some[kind]:>6} of {total[kind]:>6} flagged  {100 * some[kind] / total[kind]:7.3f} %")
        else:
            print(
                f"  {name:<28} {kind:<15} {own[kind]:>6} of {total[kind]:>6} found    {100 * own[kind] / total[kind]:7.2f} % as {WANTED[kind]}"
                f", {100 * some[kind] / total[kind]:.2f} % as any family"
            )
    for file, (n, hit) in sorted(by_file.items(), key=lambda item: -item[1][0])[:10] if len(by_file) > 1 else []:
        print(f"      {file:<34} {hit:>6} of {n:>6}  {100 * hit / n:7.2f} %")
    return {kind: 100 * (some if kind == "norm" else own)[kind] / total[kind] for kind in total}


def sentences(misses: dict[str, list[str]]) -> float:
    """French (and English) prose as searches: percent flagged."""
    lines = (SHARED / "french_benign.txt").read_text("utf-8").splitlines()
    found = families([sent(line, "s", "/") for line in lines])
    for line, spoke in zip(lines, found, strict=True):
        if spoke:
            misses["french_benign"].append(f"{sorted(spoke)}\t{line}")
    n = sum(map(bool, found))
    print(f"  {'french_benign.txt':<28} {'prose':<15} {n:>6} of {len(lines):>6} flagged  {100 * n / len(lines):7.3f} %")
    return 100 * n / len(lines)


def crs(misses: dict[str, list[str]]) -> float:
    """The regression tests of the Core Rule Set that an access log could hold (a query, no body): percent found."""
    rows, tests = [], []
    for line in (SHARED / "crs_regression_odd.jsonl").read_text("utf-8").splitlines():
        test = json.loads(line)
        family = int(str(test["rule"])[:3])
        if family not in CRS_FAMILIES or test.get("data") or not test["uri"] or (test["positive"] and "?" not in test["uri"]):
            continue
        headers = {k.lower(): v for k, v in (test["headers"] or {}).items()}
        parts = urlsplit(test["uri"]) if test["uri"].startswith("http") else None
        target = test["uri"] if parts is None else parts.path + "?" + parts.query
        rows.append({
            "url_original": target, "http_method": test["method"], "user_agent": headers.get("user-agent"),
            "http_referrer": headers.get("referer"), "http_cookie": headers.get("cookie"),
        })  # fmt: skip
        tests.append((family, test))
    found = families(rows)
    total, hit = Counter(), Counter()
    quiet = [0, 0]
    attacks = [spoke - {"content_discovery"} for spoke in found]  # a scanner's name is not the payload
    for (family, test), spoke in zip(tests, attacks, strict=True):
        if test["positive"]:
            total[family] += 1
            hit[family] += bool(spoke)
            if not spoke:
                misses["crs"].append(f"{test['rule']} {test['test']}\t{test['uri']!r} {test['headers']}")
        else:
            quiet[0] += 1
            quiet[1] += bool(spoke)
            if spoke:
                misses["crs.negative"].append(f"{test['rule']} {test['test']} {sorted(spoke)}\t{test['uri']!r}")
    print(f"  {'crs_regression_odd':<28} {'positive':<15} {sum(hit.values()):>6} of {sum(total.values()):>6} found    {100 * sum(hit.values()) / sum(total.values()):7.2f} %")
    print("      " + "  ".join(f"{family}: {hit[family]}/{total[family]}" for family in sorted(total)))
    print(f"      negative for their own rule (may carry another attack): {quiet[1]} of {quiet[0]} signalled")
    return 100 * sum(hit.values()) / sum(total.values())


def main() -> None:
    """Measure everything that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", type=Path, help="write what was missed, or flagged wrongly, into this folder")
    given = parser.parse_args()
    if not SHARED.is_dir():
        print("the development data is not beside the project: nothing to measure")
        return
    misses: dict[str, list[str]] = defaultdict(list)
    print("share found, or flagged where nothing is an attack:")
    payloads("httpparams_train.jsonl", misses)
    payloads("libinjection_half.jsonl", misses)
    sentences(misses)
    crs(misses)
    if given.misses:
        given.misses.mkdir(parents=True, exist_ok=True)
        for name, lines in misses.items():
            (given.misses / f"{name}.txt").write_text("\n".join(lines) + "\n", "utf-8", "surrogatepass")


if __name__ == "__main__":
    main()
