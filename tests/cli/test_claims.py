"""Claims on the command line: what may be one story is proposed, a person confirms it, and each post says by which words it belongs."""

import json
import re
from datetime import datetime, timedelta

import pytest

from conftest import Vigie
from social.models import static

FRENCH = "Claire Dormoy aurait encaissé 40 250 euros de la banque Kestrel à Valbourg"
ENGLISH = "Claire Dormoy said to have pocketed €40,250 from the Kestrel bank in Valbourg"
DENIAL = "Non, Claire Dormoy n'a jamais encaissé 40 250 euros de la banque Kestrel, dit son équipe"
STORY = "Le maire ferme la piscine"
TOLD = "The mayor closes a big old pool, they say"
OTHERS = [f"La fanfare numéro {at} répète devant l'église du village numéro {at}" for at in range(12)]

CARD = """
[[claim]]
name = "kestrel"
wording.fr = "Dormoy aurait touché de l'argent de Kestrel"
wording.en = "Dormoy is said to have taken money of Kestrel"
as_of = 2027-03-02
anchors = ["dormoy"]
words.fr = ["encaiss* kestrel"]
rumours = [{ids}]
denies = ["x:860000000000000006"]
"""


def lines():
    """Posts: three accounts each say the claim in French, in English, and two deny it; others speak of something else."""
    said = [(FRENCH, 3), (ENGLISH, 2), (DENIAL, 2), ("Voyez : " + STORY + " de la ville", 2), (TOLD, 2), *((one, 1) for one in OTHERS)]
    begin, out = datetime(2027, 3, 1, 9), []
    for text, accounts in said:
        for _ in range(accounts):
            at = (begin + timedelta(minutes=7 * len(out))).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            out.append(json.dumps({"id": str(860000000000000001 + len(out)), "author_id": str(9000 + len(out)), "created_at": at, "text": text}, ensure_ascii=False))
    return "\n".join(out) + "\n"


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    vigie = Vigie(tmp_path_factory.mktemp("claims"))
    vigie.environment["XDG_CONFIG_HOME"] = str(vigie.folder / "config")
    (vigie.folder / "posts.jsonl").write_text(lines(), "utf-8")
    vigie("read", "posts.jsonl")
    return vigie


def rows(vigie, *asked):
    return [json.loads(line) for line in vigie(*asked, "--json").splitlines()]


def refused(vigie, *asked):
    vigie(*asked, code=2)
    return vigie.err


def rumour(vigie, text):
    return next(row["rumour"] for row in rows(vigie, "show", "rumours", "--identified") if row["text"] == text)


def test_a_translation_is_proposed_with_what_is_common_and_how_to_confirm_it(read):
    one, other = rumour(read, FRENCH), rumour(read, ENGLISH)
    said = read("explain", one)
    assert re.search(rf"{other}  perhaps a translation; in common: .*40,250", said)
    assert f'rumours = ["{one}", "{other}"]' in said
    assert "nothing was merged:" in said
    assert re.search(r"nothing was merged \(1 of [2-9]; more with --limit\)", read("explain", one, "--limit", "1"))
    assert "vigie read --claims claims.toml" in said
    assert "attention : l'un des deux nie" in read("explain", one, "--lang", "fr")
    told = json.loads(read("explain", one, "--json"))
    assert {row["other"]: row["caution"] for row in told["proposals"]}[other] is None


def test_no_declared_claim_is_said_with_how_to_declare_one(read):
    read("show", "claims")
    assert read.err == "vigie: no declared claims (vigie read --claims FILE; examples/claims.toml)\n"
    read("show", "claims", "--lang", "fr")
    assert read.err == "vigie: pas d'affirmations déclarées (vigie read --claims FICHIER ; examples/claims.toml)\n"


def test_a_confirmed_claim_holds_the_posts_of_both_and_of_its_words_and_says_who_denies(read):
    ids = ", ".join(f'"{one}"' for one in (*(rumour(read, text) for text in (FRENCH, ENGLISH)), "r0123456789abcdef"))
    (read.folder / "claims.toml").write_text(CARD.format(ids=ids), "utf-8")
    said = read("read", "--claims", "claims.toml")
    assert "1 of 1 claims have posts in our data, 7 in all" in said
    assert "kestrel: The card names what is not in our data: r0123456789abcdef." in said
    assert "read the posts with --claims into a new archive" in said
    [card] = rows(read, "show", "claims")
    assert (card["name"], card["posts"], card["accounts"], card["denies"], card["supports"]) == ("kestrel", 7, 7, 1, 0)
    assert read("show", "rumours").splitlines()[0].count("Declared by a person: kestrel.") == 1
    told = read("explain", card["rumour"])
    assert "7 posts are of it (by a rumour on the card: 5, named on the card: 1, by words on the card: 1)." in told
    assert "A person judged some of them (denying it: 1)." in told
    assert "Posts that deny it, as a person said: 1." in told
    assert "the card's words: dormoy, encaiss, kestrel" in told
    french = read("explain", card["rumour"], "--lang", "fr")
    assert "Dormoy aurait touché de l'argent de Kestrel" in french
    assert "Une personne en a jugé certains (démentis : 1)." in french
    listed = [read("show", "rumours", "--lang", lang).splitlines()[0].split("  ")[1] for lang in ("en", "fr")]
    assert listed == ["Declared by a person: kestrel. Dormoy is said to have taken money of Kestrel", "Déclarée par une personne : kestrel. Dormoy aurait touché de l'argent de Kestrel"]


def test_a_rumour_of_the_wave_of_a_declared_claim_is_not_said_to_be_that_claim(read):
    other = read("explain", rumour(read, FRENCH))
    assert "Same wave as a claim that a person declared (kestrel, 2027-03-02): Dormoy is said" in other
    assert "A person declared this claim" not in other
    assert "posts are of it" not in other


def test_nothing_is_declared_without_a_file_and_a_bad_file_says_where(read):
    assert "Missing argument" in refused(read, "read")
    (read.folder / "bad.toml").write_text('[[claim]]\nname = "a"\n', "utf-8")
    assert "bad.toml: line 1, [[claim]] 1 (a): says no claim. Try: " in refused(read, "read", "--claims", "bad.toml")
    assert rows(read, "show", "claims"), "the file before stays"


def test_pairs_of_d3lta_are_proposals_too(read):
    (read.folder / "pairs.csv").write_text("source,target,score,dup_type,score_lev\n860000000000000008,860000000000000010,0.82,translation,0.2\nx:1,x:2,0.9,rewording,0.5\n", "utf-8")
    said = read("read", "--pairs", "pairs.csv")
    assert re.search(r"[1-9]\d* pairs of texts are proposed", said)
    found = rows(read, "sql", "select how, type, translation, round(cosine, 2) as cosine from proposals where how = 'd3lta'")
    assert found == [{"how": "d3lta", "type": "SAME_ANCHORS", "translation": True, "cosine": 0.82}]
    (read.folder / "bad.csv").write_text("source,target,score\n1,2,3\n", "utf-8")
    assert "bad.csv: line 1: no column dup_type" in refused(read, "read", "--pairs", "bad.csv")


def test_a_model_on_disk_proposes_and_its_absence_is_said(tmp_path):
    vigie = Vigie(tmp_path)
    vigie.environment["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    (tmp_path / "posts.jsonl").write_text(lines(), "utf-8")
    model = static(tmp_path / "model")
    assert "holds no tokenizer.json" in refused(vigie, "read", "posts.jsonl", "--model", ".")
    vigie("read", "posts.jsonl", "--model", "model")
    one = next(row["rumour"] for row in rows(vigie, "show", "rumours", "--identified") if STORY in str(row["text"]))
    assert re.search(r"near for the model that you named \(cosine [01][.]\d\d\)", vigie("explain", one))
    (model / "tokenizer.json").unlink()
    (tmp_path / "more.jsonl").write_text(lines().replace("86000000", "87000000"), "utf-8")
    vigie("read", "more.jsonl")
    said = vigie("explain", rows(vigie, "show", "rumours")[0]["rumour"])
    assert "The model of sentences proposed nothing: " in said
    assert "holds no tokenizer.json" in said
