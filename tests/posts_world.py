"""An invented collection of posts: strangers who share news at their own pace, a sphere that shares in concert what one outlet writes, all in files of X."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta

START = datetime(2017, 2, 1, 6, tzinfo=UTC)
SPHERE = tuple(f"50{number:02d}" for number in range(7))
WORDS = (
    "mairie école budget débat train hôpital loi vote quartier stade marché forêt rivière usine journal lettre photo radio maire élue jeunes impôt maison loyer route pont "
    "musée théâtre chanson livre plage hiver printemps grève accord projet retard victoire défaite enquête promesse discours réunion programme question réponse chiffre idée"
).split()

GROUPS = f"""
[[group]]
name = "depeche"
title.fr = "La Dépêche du Levant"
title.en = "The Levant Dispatch"
kind = "state_media"
domains = ["depeche.example"]
as_of = 2017-02-01
source = "invented for a test"

[[group]]
name = "cercle"
title.fr = "Le cercle"
title.en = "The circle"
kind = "sphere"
accounts = [{", ".join(chr(34) + "x:" + account + chr(34) for account in SPHERE)}]
as_of = 2017-02-01
source = "invented for a test"
"""


def post(number, account, at, text, link):
    return {
        "id": str(826_000_000_000_000_000 + number), "author_id": account, "created_at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "text": text, "lang": "fr",
        "entities": {"urls": [{"url": f"https://t.co/{number}", "expanded_url": link}]},
        "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0},
    }  # fmt: skip


def world(seed=1, *, articles=6, apart=3.0):
    """Posts in order of time.

    Args:
        seed: of all that is drawn.
        articles: of the outlet that the sphere passes on.
        apart: hours between them.
    """
    rng = random.Random(seed)
    shared = []
    for story in range(70):
        begun = START + timedelta(seconds=rng.randrange(40 * 3600))
        for account in rng.sample(range(60), 9):
            words = " ".join(rng.sample(WORDS, 9))
            shared.append((begun + timedelta(seconds=rng.lognormvariate(6.5, 1)), f"10{account:02d}", words, f"https://gazette.example/article/{story}"))
    for article in range(articles):
        begun = START + timedelta(hours=2 + apart * article, minutes=rng.randrange(30))
        for account in SPHERE:
            words = " ".join(rng.sample(WORDS, 9))
            shared.append((begun + timedelta(seconds=rng.randrange(24)), account, words, f"https://depeche.example/{article}"))
    shared.sort()
    return [post(number, account, at, text, link) for number, (at, account, text, link) in enumerate(shared)]


def lines(posts):
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in posts)
