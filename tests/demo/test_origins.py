"""Half of the invented month has its last hop in one country, and the bounds say what may be said."""

import json

from vigie.demo.places import RELAY_COUNTRY, TABLES, write_places


def test_half_of_the_last_hops_and_the_bounds(demo):
    vigie, facts = demo
    found = json.loads(vigie("explain", "origin", "--archive", "demo/archive", "--json"))
    attacks = found["shares"]["attack"]
    first = attacks["countries"][0]
    assert attacks["total"] == facts["attacks"] - facts["information_operations"]
    assert first["country"] == RELAY_COUNTRY
    assert 0.45 < first["share"] < 0.55
    assert first["lower"] < 0.35
    assert first["upper"] > 0.55
    for unit in found["shares"].values():
        assert sum(one["placed"] for one in unit["countries"]) + sum(unit["unplaced"].values()) == unit["total"]
        assert all(one["lower"] <= one["share"] <= one["upper"] for one in unit["countries"])
    assert set(attacks["unplaced"]) == {"relayed", "disputed", "unverified", "mixed"}
    assert {"hosting", "vpn", "tor_exit"} <= set(found["relays"][0]["kinds"])
    assert "D'où viennent-elles" in vigie.told
    assert f"{RELAY_COUNTRY} (code privé)" in vigie.told


def test_the_tables_are_stamped_as_invented_and_know_every_attacker(demo, tmp_path):
    vigie, _ = demo
    for name in TABLES:
        text = (vigie.folder / "demo" / "geo" / f"{name}.csv").read_text("utf-8")
        assert text.startswith("# Invented")
        assert text == next(path for path in write_places(tmp_path) if path.stem == name).read_text("utf-8")
    rows = map(json.loads, vigie("show", "sources", "--archive", "demo/archive", "--limit", "5000", "--json").splitlines())
    unknown = [row["source_address"] for row in rows if row["attacks"] and row["country"] is None and row["source_address"]]
    assert unknown == []
