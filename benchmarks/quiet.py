"""How quiet the rules stay on what visitors, editors and programs of an ordinary site send. Prints the share flagged, sort by sort.

Nothing here is an attack: prose of manual pages (when they are installed, English and French), titles and questions full of the
words of SQL, shells, HTML and paths, and generated values of the kinds that real sites receive: beacons, tokens, filters,
editors' drafts, sign-in answers, shared links. Generated from a fixed seed, so two runs measure the same.

Run: python benchmarks/quiet.py [--show N] [--each N]
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import random
import re
import string
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

from recall import batch_of

from vigie.detectors.registry import detect
from vigie.records import ACCESS

CHUNK = 5000
SEED = 20170423
MANUALS = {"manual pages, English": "/usr/share/man", "manual pages, French": "/usr/share/man/fr"}

FIRST = ["Anne", "Élodie", "Jean-Luc", "Zoé", "O'Brien", "D'Arcy", "François", "Marie-Hélène", "Noël", "L'Hermite", "N'Diaye", "Müller", "Søren", "Łukasz"]
NOUNS = ["l'éducation", "aujourd’hui", "l'hôpital public", "la santé", "l'Union européenne", "le climat", "l’emploi", "la sécurité", "l'école", "le vote", "l'or noir",
         "budget", "the union", "select committee", "drop-in centre", "table tennis", "order of merit", "the house", "campaign", "debate", "climate", "vote by mail"]
VERBS = ["où trouver", "comment choisir", "qui est pour", "that's why", "don't miss", "update on", "where is", "select the best of", "delete my account for", "how to join", "quand commence"]
SQL_TALK = ["how to use sleep(5) in php", "select * from tutorial for beginners", "difference between union and union all", "insert into a table of contents", "what does drop table mean",
            "mysql group by having count example", "order by date descending in wordpress", "update statement where clause missing", "null vs empty string", "sql injection explained",
            "convert int to varchar", "case when then else in excel", "like operator wildcard", "count(*) vs count(1)", "left join or right join", "delete from cart not working"]
SHELL_TALK = ["chmod 755 or 644 for wordpress", "find files larger than 1 GB", "cat and dog food", "who is on the list", "kill process windows 10", "curl vs wget", "bash script tutorial",
              "ping time too high", "how to tail a log file", "sudo without password", "what is /etc/hosts for", "rm -rf joke", "top 10 commands; sort and uniq", "grep two words & more",
              "echo chamber", "time to sleep", "host a party", "make & install", "ls command options", "sleep command in batch file"]
HTML_TALK = ["<b> tag html", "what does <br> mean", "html <a> target blank", "css style attribute", "onclick event javascript", "iframe not loading", "script of the play", "<3 you all",
             "a < b and b > c", "<<le titre>>", "the alert() function", "document.write deprecated", "javascript: les bases", "h1 vs h2", "title > subtitle", "object-oriented programming"]
PATH_TALK = ["/etc/hosts windows 10 location", "C:\\Users\\me\\Documents", "/var/www/html permissions", "where is php.ini", "images/../logo", "et/ou", "1/2 ou 3/4", "http/2 vs http/1.1",
             "Photos/2017/meeting.jpg", "../ relative path explained", "file:// link in mail", "notes.txt", "/home page", "www.example.org/contact", "wp-config.php explained", "TCP/IP"]
SEARCHED_CODE = ["array_map php example", "console.log(result)", "for (i = 0; i < n; i++)", "print('hello')", "if (a == b)", "std::vector<int>", "x = y + 1;", "function foo(bar)", "git rebase -i HEAD~3",
                 "npm install --save", "SELECT name FROM users", "git push origin main", "def main():", "i++", "foo.bar()", "a && b || c", "#include <stdio.h>", "@media (max-width: 600px)", "$.ajax()",
                 "<?php echo 1; ?>", "docker run -it ubuntu", "python -m venv env", "document.getElementById('x')", "java.util.Scanner", "SELECT * FROM posts WHERE id = 1"]


def _word(of: random.Random, low: int = 4, high: int = 10, letters: str = string.ascii_lowercase) -> str:
    return "".join(of.choices(letters, k=of.randint(low, high)))


def _token(of: random.Random, low: int = 16, high: int = 64) -> str:
    return _word(of, low, high, string.ascii_letters + string.digits + "-_")


def _base64(of: random.Random) -> str:
    text = base64.b64encode(of.randbytes(of.randint(12, 120))).decode()
    return of.choice([text, text.rstrip("="), text.replace("+", "-").replace("/", "_")])


def _jwt(of: random.Random) -> str:
    parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": _word(of), "exp": of.randint(10**9, 2 * 10**9), "name": of.choice(FIRST), "admin": False}]
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*coded, base64.urlsafe_b64encode(of.randbytes(32)).decode().rstrip("=")])


def _sentence(of: random.Random) -> str:
    return f"{of.choice(VERBS)} {of.choice(NOUNS)} {of.choice(['et', '&', '-', ':', 'or', 'and', ';', '/', '|'])} {of.choice(NOUNS)}{of.choice(['', ' ?', '!', ' (2017)', '…', ' #vote', ' – ' + of.choice(FIRST)])}"


def _page(of: random.Random) -> str:
    slug = "-".join(_word(of) for _ in range(of.randint(1, 4)))
    return f"https://{of.choice(['www.', '', 'm.', 'l.'])}{_word(of)}.example/{of.choice(['2017/04/', 'blog/', 'fr/', ''])}{slug}{of.choice(['', '/', '.html', '.php?id=7', '?utm_source=x&v=1', '#a'])}"


def _json(of: random.Random) -> str:
    return json.dumps(of.choice([
        {"lat": of.random() * 90, "lng": of.random(), "zoom": of.randint(1, 20)}, {"q": _sentence(of), "page": of.randint(1, 9)},
        [of.randint(1, 999) for _ in range(5)], {"filters": {"tag": [_word(of), of.choice(NOUNS)], "from": "2017-01-01"}, "sort": "-date"},
        {"event": "view", "props": {"title": _sentence(of), "url": _page(of)}}, {"html": f"<p>{_sentence(of)}</p>"},
    ]), ensure_ascii=of.random() < 0.5)  # fmt: skip


def _value(make: Callable[[random.Random], str], name: str | list[str] = "s", path: str = "/") -> Callable[[random.Random], str]:
    def target(of: random.Random) -> str:
        parameter = of.choice(name) if isinstance(name, list) else name
        return f"{path}?{parameter}={of.choice([quote_plus, lambda text: quote(text, safe='')])(make(of))}"

    return target


def _talk(phrases: list[str]) -> Callable[[random.Random], str]:
    def phrase(of: random.Random) -> str:
        text = of.choice(phrases)
        return of.choice([text, text, text.capitalize(), f"{text} {of.choice(NOUNS)}", f"{of.choice(VERBS)} {text}", f"{text} {of.randint(1, 2020)}", f"{text} ({_word(of)})", f"{of.choice(NOUNS)}: {text}"])

    return phrase


def _matomo(of: random.Random) -> str:
    return (f"/matomo.php?action_name={quote(_sentence(of), safe='')}&idsite=1&rec=1&r={of.randint(1, 999999)}&h=12&m=5&s=9&url={quote(_page(of), safe='')}&urlref={quote(_page(of), safe='')}"
            f"&_id={_word(of, 16, 16, '0123456789abcdef')}&_idn=0&send_image=0&_refts=0&pdf=1&cookie=1&res=1920x1080&pv_id={_token(of, 6, 6)}&e_c={quote(of.choice(NOUNS))}&cvar={quote(json.dumps({'1': [_word(of), _sentence(of)]}))}")  # fmt: skip


def _analytics(of: random.Random) -> str:
    return (f"/g/collect?v=2&tid=G-{_token(of, 8, 8)}&gtm=45je{of.randint(1, 99)}&_p={of.randint(1, 10**9)}&cid={of.randint(1, 10**9)}.{of.randint(1, 10**9)}&ul=fr-fr&sr=390x844&_s=1&dl={quote(_page(of), safe='')}"
            f"&dt={quote(_sentence(of), safe='')}&en=page_view&ep.content_group={quote(of.choice(NOUNS))}&_et={of.randint(1, 9999)}&uaa=arm&uafvl=Not%2FA)Brand%3B99.0.0.0%7CChromium%3B115.0.5790.170&uamb=0&fbp=fb.1.{of.randint(10**12, 2 * 10**12)}.{of.randint(1, 10**9)}")  # fmt: skip


def _editor(of: random.Random) -> str:
    text = of.choice([f"<p>{_sentence(of)}</p>", f"<!-- wp:paragraph --><p>{_sentence(of)}</p><!-- /wp:paragraph -->", f"[gallery ids=\"{of.randint(1, 99)},{of.randint(1, 99)}\" columns=\"3\"]", f"[caption id=\"attachment_{of.randint(1, 99)}\"]{_sentence(of)}[/caption]",
                      f"<h2>{_sentence(of)}</h2><ul><li>{of.choice(NOUNS)}</li></ul>", f"<a href=\"{_page(of)}\">{of.choice(NOUNS)}</a>", f"[button link=\"{_page(of)}\"]{of.choice(NOUNS)}[/button]"])  # fmt: skip
    return f"/wp-admin/admin-ajax.php?action={of.choice(['autosave', 'parse-embed', 'query-attachments', 'heartbeat'])}&post_id={of.randint(1, 9999)}&{of.choice(['content', 'shortcode', 'text', 'data[wp_autosave][content]'])}={quote(text, safe='')}&_ajax_nonce={_word(of, 10, 10, '0123456789abcdef')}"


def _cms(of: random.Random) -> str:
    number = of.randint(1, 9999)
    return of.choice([
        f"/?q=node/{number}&destination=admin/content&render=overlay", f"/index.php?option=com_content&view=article&id={number}:{_word(of)}-{_word(of)}&catid={number}&Itemid=101", f"/index.php?id={number}&L=1&tx_news_pi1%5Bnews%5D={number}&tx_news_pi1%5Baction%5D=detail&cHash={_word(of, 32, 32, '0123456789abcdef')}",
        f"/spip.php?article{number}&var_recherche={quote(of.choice(NOUNS))}", f"/wp-json/wp/v2/posts?per_page=10&_embed&_fields=id,title,link&search={quote(of.choice(NOUNS))}", f"/?p={number}&preview=true&preview_nonce={_word(of, 10, 10, '0123456789abcdef')}",
        f"/views/ajax?view_name=news&view_display_id=block_1&view_args=&view_path=node/{number}&field_date_value%5Bmin%5D=2017-01-01&_drupal_ajax=1&ajax_page_state%5Blibraries%5D=core/html5shiv,system/base,views/views.ajax", f"/wp-admin/load-scripts.php?c=1&load%5Bchunk_0%5D=jquery-core,jquery-migrate,utils&ver=6.{number % 9}",
        "/wp-login.php?redirect_to=https%3A%2F%2Fwww.example%2Fwp-admin%2F&reauth=1", f"/feed/?paged={number}", f"/media/com_finder/js/x.js?{number}", f"/sites/default/files/styles/large/public/2017-04/{_word(of)}%20(1).jpg?itok={_token(of, 8, 8)}",
    ])  # fmt: skip


def _sign_in(of: random.Random) -> str:
    return of.choice([
        f"/auth/callback?code={of.randint(1, 9)}&state={_token(of)}", f"/oauth2/callback?code=4/{_token(of)}&scope=email%20profile%20openid%20https://www.example/auth/userinfo.email&authuser=0&prompt=none&state={_token(of)}", f"/login?next=%2Fcompte%2F%3Fonglet%3D{_word(of)}", f"/saml/acs?SAMLResponse={quote(_base64(of), safe='')}&RelayState={quote(_page(of), safe='')}",
        f"/auth/cb?session_state={_token(of)}&code={_token(of)}&iss=https%3A%2F%2Fid.example%2Frealms%2Fx", f"/signin?session=expired&return={quote(_page(of), safe='')}", f"/verify?token={_jwt(of)}&email={quote(_word(of))}%40example.org",
    ])  # fmt: skip


def _filters(of: random.Random) -> str:
    return of.choice([
        f"/api/items?price[gte]={of.randint(1, 99)}&price[lte]=100&sort=-date", f"/boutique?filter%5Bcategory%5D%5B%5D={of.randint(1, 9)}&filter%5Bcategory%5D%5B%5D=7&order=desc&limit=50&offset=20", "/agenda?from=2017-04-01T00:00:00%2B02:00&to=2017-05-01&type=meeting,march&near=48.85,2.35&within=10km", "/api/events?date__gte=2017-04-01&city__in=Paris,Lyon&ordering=-date",
        "/odata/Items?$filter=Price%20lt%2010%20and%20Name%20eq%20'x'&$top=10&$orderby=Date%20desc&$select=Id,Name", f"/search?fq=type:(article%20OR%20page)&q=title:%22{quote(of.choice(NOUNS))}%22&rows=10", f"/list?columns[0][data]=id&columns[0][search][value]=&order[0][column]=0&order[0][dir]=asc&start=0&length=10&draw={of.randint(1, 9)}&_={of.randint(10**12, 2 * 10**12)}", f"/map?bbox={of.random():.4f},48.1,2.9,49.2&z=12&layers=B0000FTF",
        f"/api?where={quote(json.dumps({'status': 'published', 'year': {'gte': 2016}}))}&include=author,tags", "/carte?centre=2.35%3B48.85&rayon=10..50", f"/items?ids={','.join(str(of.randint(1, 999)) for _ in range(8))}&fields=id,name,(author(name))",
    ])  # fmt: skip


def _graphql(of: random.Random) -> str:
    query = f"query Articles($first: Int!, $tag: String) {{ articles(first: $first, where: {{tag: $tag, or: [{{status: PUBLISH}}]}}) {{ edges {{ node {{ id title(format: RENDERED) {_word(of)} }} }} pageInfo {{ hasNextPage }} }} }}"
    return f"/graphql?query={quote(query, safe='')}&variables={quote(json.dumps({'first': of.randint(1, 20), 'tag': of.choice(NOUNS)}), safe='')}&extensions={quote(json.dumps({'persistedQuery': {'version': 1, 'sha256Hash': _word(of, 64, 64, '0123456789abcdef')}}), safe='')}"


def _latin1(of: random.Random) -> str:
    return "/recherche.asp?mot=" + quote(_sentence(of).replace("’", "'").replace("…", "").replace("–", "-").replace("Ł", "L").encode("latin-1", "ignore"), safe="") + "&ville=Orl%e9ans&pr%e9nom=No%EBl"


def _picture(of: random.Random) -> str:
    return of.choice([
        f"/img?src=data:image/png;base64,{base64.b64encode(of.randbytes(90)).decode()}", f"/_next/image?url=%2Fimages%2F{_word(of)}.jpg&w=640&q=75", f"/thumb.php?src=/uploads/2017/{_word(of)}.png&w=300&h=200&zc=1", f"/resize/{of.randint(1, 999)}x0/filters:quality(80)/{_word(of)}.jpg", f"/_next/static/chunks/pages/%5Bslug%5D-{_word(of, 16, 16, '0123456789abcdef')}.js", f"/proxy?url={quote(_page(of), safe='')}&sig={_base64(of)}",
    ])  # fmt: skip


def _shared(of: random.Random) -> str:
    return of.choice([
        f"/sharer.php?u={quote(_page(of), safe='')}&t={quote(_sentence(of), safe='')}", f"/intent/tweet?text={quote(_sentence(of), safe='')}&url={quote(_page(of), safe='')}&via={_word(of)}", f"/redirect?to={quote(_page(of), safe='')}", f"/?utm_source=newsletter&utm_medium=email&utm_campaign={quote(of.choice(NOUNS))}&utm_content={_word(of)}&fbclid={_token(of)}", f"/oembed?url={quote(_page(of), safe='')}&format=json&maxwidth=600", f"/out?{_page(of)}", f"/viewer.html?file={quote(_page(of), safe='')}.pdf#page=2", f"/mail?to={_word(of)}%40example.org&subject={quote(_sentence(of))}&body={quote(_sentence(of) + chr(13) + chr(10) + _sentence(of))}",
    ])  # fmt: skip


def _form(of: random.Random) -> str:
    return f"/contact?nom={quote(of.choice(FIRST))}&adresse={of.randint(1, 99)},%20rue%20de%20l'{quote(of.choice(['Église', 'Hôtel-de-Ville', 'Union']))}&tel=%2B33%201%2023&message={quote(_sentence(of) + chr(10) + _sentence(of), safe='')}&mail={_word(of)}%2Btest%40example.org&envoi=OK"


def _password(of: random.Random) -> str:
    return f"/link?k={_token(of, 8, 12)}&h={_word(of, 40, 40, '0123456789abcdef')}&v={of.choice(['1.2.3', '5.0-rc1', '~2.1', '^1.0.0', '>=3', '1.x'])}&ids={_word(of, 20, 40, string.ascii_letters + string.digits + '.~_-')}"


SORTS: dict[str, Callable[[random.Random], str]] = {
    "sentences, accents and apostrophes": _value(_sentence), "talk of SQL": _value(_talk(SQL_TALK)), "talk of shells": _value(_talk(SHELL_TALK)), "talk of HTML": _value(_talk(HTML_TALK)), "talk of paths": _value(_talk(PATH_TALK)), "searched code": _value(_talk(SEARCHED_CODE)),
    "names": _value(lambda of: f"{of.choice(FIRST)} {of.choice(FIRST)}", ["name", "nom", "author"]), "e-mail addresses": _value(lambda of: f"{of.choice(['o.' , '', 'l-'])}{_word(of)}{of.choice(['+x', '', '_y'])}@{_word(of)}.example", ["email", "to", "user"]), "addresses pasted": _value(_page, ["s", "q", "url", "u", "return"]),
    "base64 tokens": _value(_base64, ["token", "state", "data", "sig"]), "JSON web tokens": _value(_jwt, ["token", "id_token", "jwt"]), "JSON": _value(_json, ["data", "params", "filter", "q"]), "Matomo": _matomo, "Google Analytics": _analytics, "WordPress editor": _editor, "content systems": _cms,
    "sign-in services": _sign_in, "filters": _filters, "GraphQL": _graphql, "Latin-1": _latin1, "pictures": _picture, "shared links": _shared, "forms": _form, "keys and versions": _password,
}  # fmt: skip


def manuals(folder: Path, limit: int) -> Iterator[str]:
    """Sentences of the manual pages of a folder, as searches."""
    of = random.Random(SEED)
    pages = sorted(path for section in "15678" for path in (folder / f"man{section}").glob("*.gz"))
    of.shuffle(pages)
    given = 0
    for page in pages:
        text = gzip.decompress(page.read_bytes()).decode("utf-8", "replace")
        text = re.sub(r"(?m)^[.'].*$", "", text)
        text = re.sub(r"\\f[A-Z]|\\f\[[^\]]*\]|\\&|\\\||\\c", "", text).replace("\\-", "-").replace("\\(aq", "'").replace("\\(bu", "").replace("\\ ", " ")
        text = re.sub(r"\\\(..|\\\[[^\]]*\]|\\[a-z]", "", text)
        sentences = [" ".join(piece.split()) for piece in re.split(r"(?<=[.!?:])\s+|\n\s*\n", text)]
        kept = [one for one in sentences if 20 <= len(one) <= 200 and one.count(" ") >= 3]
        for one in of.sample(kept, min(6, len(kept))):
            yield "/?s=" + quote_plus(one)
            given += 1
            if given >= limit:
                return


def flagged(targets: list[str]) -> list[tuple[str, str, str]]:
    """Targets that signal, each with the rule and the family that spoke."""
    out = []
    for low in range(0, len(targets), CHUNK):
        signals = detect(ACCESS, batch_of([{"url_original": target} for target in targets[low : low + CHUNK]]))
        for at, rule, family in zip(*(signals.column(name).to_pylist() for name in ("byte_offset", "rule", "family")), strict=True):
            out.append((targets[low + at], rule, family))
    return out


def main() -> None:
    """Measure every sort."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0, help="print so many of the flagged values of each sort")
    parser.add_argument("--each", type=int, default=1000, help="values of each generated sort")
    given = parser.parse_args()
    sorts: dict[str, list[str]] = {}
    for name, folder in MANUALS.items():
        sorts[name] = list(manuals(Path(folder), 6 * given.each))
    for name, make in SORTS.items():
        of = random.Random(f"{SEED} {name}")
        sorts[name] = [make(of) for _ in range(given.each)]
    for name, targets in sorts.items():
        if not targets:
            print(f"  {name:<36} not installed")
            continue
        found = flagged(targets)
        share = 100 * len({target for target, _, _ in found}) / len(set(targets))
        rules = ", ".join(f"{rule} {count}" for rule, count in Counter(rule for _, rule, _ in found).most_common(4))
        print(f"  {name:<36} {len(set(targets)):>6} values {share:7.3f} % flagged  {rules}")
        for target, rule, _ in found[: given.show]:
            print(f"      {rule:<28} {target[:200]}")


if __name__ == "__main__":
    main()
