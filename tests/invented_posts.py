"""Invented posts: readers who hear of the same page within minutes, beside six accounts that share within seconds; an account with a timetable, one that posts in sittings.

`fortnight` is as little as shows each of them, `month` all of them, `weekend` the readers and the six alone.
"""

import datetime as dt
import json
import random

WORDS = (
    "vote débat marché école rue pluie budget maire train bus lycée santé usine port mer neige forêt impôt salaire retraite hôpital musée stade pont place avenue quartier réforme programme "
    "meeting sondage région ville campagne candidat presse journal radio plateau soirée matin question réponse livre film chanson village paysan lait blé vigne route vélo tram gare taxi loyer"
).split()
BEGIN = dt.datetime(2017, 2, 1)
GROUP = [f"77000000000005{n:03d}" for n in range(6)]
READERS = [f"77000000000001{n:03d}" for n in range(40)]
CROWD = [f"77000000000002{n:03d}" for n in range(60)]
TIMETABLE, SITTINGS = "77000000000006000", "77000000000007000"
HOSTILE = "=HYPERLINK(\"https://t.example\") \x1b[31mrouge\x1b[0m \u202eeuqilbup @someone.else le candidat aurait vendu sa maison au maire de la ville"
"""A text that six accounts share: a formula, colours of a terminal, letters from right to left, a handle."""
GROUPS = """
[[group]]
name = "rumour_site"
title.en = "Site of rumours"
title.fr = "Site de rumeurs"
kind = "low_credibility"
domains = ["rumeur.example"]
as_of = 2017-01-31
source = "invented"

[[group]]
name = "sphere"
title.en = "A sphere"
title.fr = "Une sphère"
kind = "sphere"
accounts = [{members}]
as_of = 2017-01-31
source = "invented"

[[group]]
name = "press"
title.en = "Press"
title.fr = "Presse"
kind = "mainstream"
accounts = ["x:{reader}"]
as_of = 2017-01-31
source = "invented"
""".format(members=", ".join(f'"x:{one}"' for one in GROUP), reader=READERS[0])


class World:
    """Posts in the form of the X API."""

    def __init__(self, seed=11):
        self.chance = random.Random(seed)
        self.posts = []

    def words(self, count=9):
        return " ".join(self.chance.choice(WORDS) for _ in range(count))

    def post(self, account, at, text, link=None, *, of=None):
        """One post; `of` is the id of a post that it passes on."""
        number = str(860000000000000001 + len(self.posts))
        urls = [{"url": f"https://t.example/{number[-4:]}", "expanded_url": link}] if link else []
        told = {"id": number, "author_id": account, "created_at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "text": text, "lang": "fr", "source": "Web", "entities": {"urls": urls}}
        if of:
            told["referenced_tweets"] = [{"type": "retweeted", "id": of}]
        self.posts.append((at, {**told, "public_metrics": {"retweet_count": 1, "reply_count": 0, "like_count": 0, "quote_count": 0}}))
        return number

    def readers(self, days, each=6, pages=2):
        """Posts of their own, and pages that many hear of within the hour."""
        for account in READERS:
            for _ in range(each):
                self.post(account, BEGIN + dt.timedelta(seconds=self.chance.randint(0, days * 86400 - 1)), self.words(), f"https://journal{self.chance.randint(1, 9)}.example/a{self.chance.randint(1, 99)}")
        for day in range(days):
            for page in range(pages):
                start = BEGIN + dt.timedelta(days=day, seconds=self.chance.randint(6 * 3600, 20 * 3600))
                for account in self.chance.sample(READERS, self.chance.randint(4, 10)):
                    self.post(account, start + dt.timedelta(seconds=int(self.chance.lognormvariate(6.5, 1))), self.words(), f"https://grand{page}.example/{day}-{page}")

    def group(self, days, pages=8):
        """Six accounts, the same page within 25 seconds; then a reader, hours later, passes one on."""
        for page in range(pages):
            start = BEGIN + dt.timedelta(seconds=self.chance.randint(0, (days - 1) * 86400))
            link = f"https://rumeur.example/article-{page}"
            ids = [self.post(account, start + dt.timedelta(seconds=self.chance.randint(0, 25)), HOSTILE if page == 0 else f"Selon la rumeur {self.words(6)} {page}", link) for account in GROUP]
            self.post(READERS[0], start + dt.timedelta(hours=3), f"RT {self.words(5)}", link, of=ids[0])

    def timetable(self, days, hours=12):
        """Every hour on the quarter."""
        for day in range(days):
            for hour in range(hours):
                self.post(TIMETABLE, BEGIN + dt.timedelta(days=day, hours=7 + hour, minutes=15), self.words(), f"https://depeches.example/{day}-{hour}")

    def sittings(self, days, each=3):
        """A few posts at a time, at any hour of the day."""
        for day in range(days):
            for _ in range(each):
                at = BEGIN + dt.timedelta(days=day, hours=self.chance.randint(8, 21), minutes=self.chance.randint(0, 59), seconds=self.chance.randint(0, 59))
                for _ in range(self.chance.randint(2, 4)):
                    at += dt.timedelta(seconds=self.chance.randint(20, 150))
                    self.post(SITTINGS, at, self.words())

    def crowd(self, hours, stories=70):
        """Many hear of a story, each at a pace of its own."""
        for story in range(stories):
            start = BEGIN + dt.timedelta(seconds=self.chance.randrange(hours * 3600))
            for account in self.chance.sample(CROWD, 9):
                self.post(account, start + dt.timedelta(seconds=int(self.chance.lognormvariate(6.5, 1))), self.words(), f"https://gazette.example/article/{story}")

    def wave(self, articles, apart):
        """The six, in words of their own, on what one site writes every so many hours."""
        for article in range(articles):
            start = BEGIN + dt.timedelta(hours=2 + apart * article, minutes=self.chance.randrange(30))
            for account in GROUP:
                self.post(account, start + dt.timedelta(seconds=self.chance.randrange(24)), self.words(), f"https://rumeur.example/{article}")

    def told(self):
        """The posts in order of time."""
        return [told for _, told in sorted(self.posts, key=lambda one: (one[0], one[1]["id"]))]


def month(days=16):
    """All of them."""
    world = World()
    world.readers(days)
    world.group(days)
    world.timetable(days)
    world.sittings(days)
    return world.told()


def fortnight(days=14):
    """As little as shows each of them."""
    world = World()
    world.readers(days, each=2, pages=1)
    world.group(days)
    world.timetable(days, hours=8)
    return world.told()


def weekend(*, articles=6, apart=3.0):
    """Many readers, and six accounts that pass on what one site writes.

    Args:
        articles: of the site.
        apart: hours between them.
    """
    world = World(1)
    world.crowd(40)
    world.wave(articles, apart)
    return world.told()


def lines(posts):
    """One JSON object a line, as a file has them."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in posts)
