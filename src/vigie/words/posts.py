"""What stands around the sentences on accounts, groups and rumours: headings, lanes, what could not be seen. The sentences themselves are those of `social/*_words.py`.

Never: a word for an account that says what it is, a person, a country. "First" always means first in these data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

HEADINGS: Final[Mapping[str, tuple[str, str]]] = {
    "account": ("account", "compte"), "platform": ("platform", "plateforme"), "posts": ("posts", "messages"), "active_days": ("active days", "jours actifs"),
    "per_day": ("a day", "par jour"), "result": ("rhythm", "rythme"), "log10_lr": ("score", "score"), "bound": ("beyond one person", "au-delà d'une personne"),
    "groups": ("groups", "groupes"), "first_seen": ("first", "premier"), "last_seen": ("last", "dernier"), "articles_per_day": ("articles a day", "articles par jour"),
    "group": ("group", "groupe"), "accounts": ("accounts", "comptes"), "kinds": ("in concert on", "de concert sur"), "objects": ("things", "choses"),
    "coincidences": ("coincidences", "coïncidences"), "p": ("chance (p)", "hasard (p)"), "borderline": ("borderline", "limite"), "attack_id": ("counted as", "comptée comme"),
    "rumour": ("rumour", "rumeur"), "what": ("what", "quoi"), "first_at": ("first in our data", "première fois dans nos données"), "first_group": ("by", "par"),
    "peak_at": ("peak (hour)", "pic (heure)"), "peak_posts": ("at the peak", "au pic"), "last_at": ("last", "dernier"), "carried_by": ("touched by", "touchée par"),
    "name": ("claim", "affirmation"), "wording": ("wording", "formulation"), "supports": ("support it", "la soutiennent"), "denies": ("deny it", "la démentent"), "reports": ("report it", "la rapportent"),
}  # fmt: skip
"""Headings of lists: English, French."""

RESULT: Final[Mapping[str, tuple[str, str]]] = {
    "assisted": ("closer to assisted", "plutôt assisté"), "undecided": ("undecided", "indécis"), "hand": ("closer to run by hand", "plutôt à la main"),
    "little": ("not enough posts", "trop peu de messages"), "declared": ("declares itself automated", "se déclare automatisé"),
    "sampled": ("no score: a sample", "pas de score : échantillon"), "coarse": ("no score: days only", "pas de score : au jour près"),
}  # fmt: skip
"""A result of an account in a cell: English, French."""

PRECISION: Final[Mapping[str, tuple[str, str]]] = {
    "us": ("microseconds", "la microseconde"), "ms": ("milliseconds", "la milliseconde"), "s": ("seconds", "la seconde"), "min": ("minutes", "la minute"), "day": ("days", "le jour"),
}  # fmt: skip
"""What times are told to: English, French."""

KIND: Final[Mapping[str, tuple[str, str]]] = {
    "post": ("posts of their own", "messages propres"), "repost": ("reposts", "relais"), "quote": ("quotes", "citations"), "reply": ("answers", "réponses"),
    "edit": ("edits without their post", "modifications sans leur message"), "delete": ("deletions", "suppressions"),
}  # fmt: skip
"""Kinds of post: English, French."""

MARK_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "planned_client": ("programs that plan posts", "programmes qui planifient"), "first_seconds": ("first seconds of the minute", "premières secondes de la minute"),
    "round_minutes": ("round minutes", "minutes rondes"), "same_minute": ("same minute of the hour", "même minute de l'heure"), "same_gap": ("equal gaps", "intervalles égaux"),
    "feed_lag": ("time after the article", "délai après l'article"), "turns": ("work in turns", "travail en relais"), "speech": ("bursts of own words", "moments de parole propre"),
    "sittings": ("sittings", "séances"), "answers": ("answers", "réponses"), "no_night": ("no night", "pas de nuit"), "many_articles": ("articles a day", "articles par jour"),
}  # fmt: skip
"""What a sign of `social.account_marks` looks at: English, French."""

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "none": "no posts were read. Give vigie an export of posts, for example: vigie read posts.jsonl (docs/posts.md lists the formats)",
        "none_of": "no {what}{filtered}", "of_this_kind": " of this kind", "what_accounts": "accounts", "what_groups": "synchronised groups", "what_rumours": "rumours", "what_claims": "declared claims (vigie read --claims FILE; examples/claims.toml)",
        "lane": "What posts show (a lane of its own, docs/posts.md):",
        "lane_posts": "{posts} posts of {accounts} accounts ({platforms}), {first} to {last}.",
        "lane_scored": "Rhythm, of accounts with enough posts ({scored}): {assisted} said closer to assisted, {hand} closer to run by hand, {undecided} undecided.",
        "lane_unscored": "No score: {parts}.",
        "lane_bound": "Beyond what one person posts by hand: {count}.",
        "lane_groups": "Synchronised groups: {groups} ({accounts} accounts). Waves of rumours: {rumours}.",
        "lane_once": "Shared by many at once, to be looked at, no groups: {count} links or texts.",
        "lane_next": "Next:  vigie show accounts, vigie show groups, vigie show rumours, vigie explain posts",
        "yes": "yes", "no": "no",
        "identified": "Accounts bear pseudonyms. On your own screen --identified shows who they are and the lines as they stand.",
        "masked": "Ids and names that vigie knows are replaced in the lines; read a line before you share the screen. As they stand: --identified",
        "no_lines": "Lines are left out of JSON and CSV unless --identified is given; file and byte say where they stand.",
        "account_head": "{posts} posts on {active} active days ({silent} silent ones), {first} to {last}. {own} of its own ({links} with a link), {reposts} reposts, {replies} answers.",
        "account_pace": "On the median active day {day} posts, on the busiest {most}; articles a day: {articles}.",
        "quiet": "Longest quiet run of a usual week: {quiet} h. Hours of the day without a post in a usual week: {night}.",
        "hours": "Posts by hour of the day (UTC), {count} at the busiest:",
        "score": "Score {score} = power of ten of the likelihood ratio; from +1 closer to assisted, down from -1 closer to run by hand. It is this sum:",
        "figure": "{contribution}  {name} ({value}): above {assisted} of the assisted and {hand} of the hand-run accounts",
        "reading": "          read as: {follows}",
        "opposite": "          or else: {other}",
        "sums": "{sum}  in all",
        "no_score": "There is no score, so nothing is summed.",
        "trained": "Trained on: {reference}. Few, and one operator's: a proxy.",
        "marks_assisted": "Signs that fit assisted posting:", "marks_staff": "Signs that fit people, full time or in turns:", "marks_both": "Signs that fit both:",
        "marks_none": "none", "marks_untold": "These data do not show: {names}.",
        "rate_none": "Rates that no person holds: none found.",
        "speech": "Bursts of its own words between long runs of links and reposts: {count}.",
        "speech_at": "  {begin} to {end} UTC, {posts} posts",
        "in_groups": "It belongs to {groups}.",
        "behind": "Its posts ({shown} of {count}; more with --limit):",
        "account_not": "This speaks of a rhythm. It says neither who posts nor who wrote the words; assisted is not inauthentic, and a press office is assisted too.",
        "volume": "How much an account posts decides nothing here.",
        "post_at": "  {time} UTC  {account}  {file}, byte {byte}", "line_gone": "(line not kept: it stands in the file at this place)",
        "group_members": "Members:", "member_row": "  {account}  {posts} posts, {kinds}", "by_pair": "proved with single members", "by_group": "proved with the group as a whole",
        "group_objects": "On what ({shown} of {count}; more with --limit):", "object_row": "  {times} x  {object}  ({accounts} accounts, first {first} UTC)",
        "group_expected": "Expected beside found, of pairs proved:",
        "expected_row": "  {kind}: {pairs} pairs, close on {found} of their common things, where chance gives {expected}",
        "together": "  {kind}: in concert as a group ({pairs} pairs), no pair proved alone", "seen_too": "  {kind}: {pairs} pairs meet there too; nothing is concluded from it",
        "group_proof": "Coincidences, the closest first ({shown} of {count}; more with --limit):",
        "group_order": "Who is first:", "group_else": "What else may be the reason, to be looked at before anything is said:",
        "group_attack": "Counted as one attack of the kind information operation: vigie explain {attack}",
        "group_weak": "Below the bar of the count, so not counted.",
        "facts": "To do it again ({kind}): {settings}", "p0": "Strangers who met once were that close in {low} to {high} of cases, by how crowded the moment was (p0).",
        "rumour_text": "First wording: {text}", "rumour_wave": "Posts, by day (UTC):", "rumour_hours": "Posts, by hour (UTC):",
        "rumour_groups": "Of your declared groups it was touched by, in order of time: {groups}.", "rumour_no_groups": "None of its posts is of a group that you declared.",
        "rumour_undeclared": "No groups are declared, so nothing is said of who carries it to whom: vigie read … --groups FILE (examples/groups.toml).",
        "rumour_explicit": "Passed on in so many words: {count} (hands at most: {hops}):", "rumour_relay": "  {how}, {lag} later{between}", "rumour_relays": "({shown} of {count}; more with --limit)",
        "rumour_between": ", {giver} to {taker}",
        "proposals": "Perhaps the same story, for a person to judge; nothing was merged:", "proposals_some": "Perhaps the same story, for a person to judge; nothing was merged ({shown} of {count}; more with --limit):", "proposal_lone": "an article", "proposal_said": " “{text}”: {why}.",
        "proposal_confirm": "If two of them are one claim, say so in a file of claims (examples/claims.toml) and give it to vigie; posts that hold the card's words are found from then on:",
        "matched": "the card's words: {words}", "confirmed": "Declared by a person: {name}. {wording}",
        "nobody": "no declared group",
        "matrix": "Who posts after whom, all items together (not only this rumour):",
        "precedence": "Who is first of two, all items together:", "symbiosis": "Whether they carry each other, all items together:",
        "wave_head": "Pages or words that {origin} had first in our data or published, passed on by {accounts} accounts of {carrier}, {first} to {last} UTC. Pages or words: {rumours}. Posts: {posts}.",
        "wave_not": "Passing on is an opinion and counts for nothing alone; what counts is who begins, by a list that you declared, and that five or more of one declared sphere or of one group carry it.",
        "against": "What speaks against reading more into it:", "also": "Claims of the same wave: {claims}.",
        "disarm": "In DISARM's words, by what was measured and not by intent:",
        "io_lead": "It is an information operation in the sense of the count: accounts in concert or a rumour's wave. How it was found, and what else may be the reason: vigie explain {id}",
        "io_not": "Whether a tool or a hand made it is not asked here: a rhythm is read account by account (vigie show accounts).",
        "read_head": "{posts} posts were read, {distinct} of them different ones, of {accounts} accounts and {articles} articles of sites ({platforms}), {first} to {last}.",
        "read_kinds": "Among them {parts}.",
        "read_precision": "Times are told to {parts}.",
        "read_origin": "Of {count} reposts and quotes the original is among the posts for {known}, and its time told for {timed}.",
        "read_client": "The program is told for {share} of the posts, links for {links}.",
        "read_kept": "What was said is kept only where it is evidence ({kept} lines); of the rest a hash and a length.",
        "read_kept_all": "Everything is kept (--keep all).",
        "cannot": "What cannot be seen:",
        "cannot_sample": "Whether these posts are all that the accounts posted. When a search chose them, gaps and scores of accounts mean nothing: read only exports of whole accounts for scores.",
        "cannot_seconds": "Nothing within a minute: {share} of the times carry no seconds, so groups that post within seconds are sought among the rest only.",
        "cannot_days": "No rhythm at all where only the day is told ({share} of the posts).",
        "cannot_origin": "Who passed on what, where the original is not told ({share} of reposts and quotes).",
        "cannot_client": "Which program posted: the files do not tell.",
        "cannot_gone": "Deleted posts and suspended accounts: their absence is not silence.",
        "cannot_groups": "Who carries rumours to whom: no groups are declared. Try: vigie read … --groups FILE (examples/groups.toml)",
        "kinds_tested": "Sharing in concert was tested for:", "kind_tested": "  {kind}: {shares} shares of {accounts} accounts, pairs that could be in concert: {tests}; {found}",
        "kind_none": "none found", "kind_cut": "cut-off p = {cut}",
        "next": "Next:", "next_groups": "who shares in concert", "next_rumours": "which claims run", "next_count": "all of it in the count",
        "result_all": "accounts by result",
    },
    "fr": {
        "none": "aucun message n'a été lu. Donnez à vigie un export de messages, par exemple : vigie read posts.jsonl (docs/posts.md liste les formats)",
        "none_of": "pas {what}{filtered}", "of_this_kind": " de cette sorte", "what_accounts": "de comptes", "what_groups": "de groupes synchronisés", "what_rumours": "de rumeurs", "what_claims": "d'affirmations déclarées (vigie read --claims FICHIER ; examples/claims.toml)",
        "lane": "Ce que montrent les messages (à part, docs/posts.md) :",
        "lane_posts": "{posts} messages de {accounts} comptes ({platforms}), du {first} au {last}.",
        "lane_scored": "Rythme, parmi les comptes qui ont assez de messages ({scored}) : dits plutôt assistés {assisted}, plutôt à la main {hand}, indécis {undecided}.",
        "lane_unscored": "Pas de score : {parts}.",
        "lane_bound": "Au-delà de ce qu'une personne publie à la main : {count}.",
        "lane_groups": "Groupes synchronisés : {groups} ({accounts} comptes). Vagues de rumeurs : {rumours}.",
        "lane_once": "Partagés par beaucoup au même moment, à regarder, sans être des groupes : {count} liens ou textes.",
        "lane_next": "Ensuite :  vigie show accounts, vigie show groups, vigie show rumours, vigie explain posts",
        "yes": "oui", "no": "non",
        "identified": "Les comptes portent des pseudonymes. Sur votre propre écran, --identified montre qui ils sont et les lignes telles quelles.",
        "masked": "Dans les lignes, les identifiants et noms que vigie connaît sont remplacés ; relisez une ligne avant de partager l'écran. Telles quelles : --identified",
        "no_lines": "Les lignes n'entrent pas dans JSON et CSV sans --identified ; fichier et octet disent où elles sont.",
        "account_head": "{posts} messages en {active} jours actifs ({silent} jours sans), du {first} au {last}. {own} propres ({links} avec un lien), {reposts} relais, {replies} réponses.",
        "account_pace": "Le jour actif médian, {day} messages ; le plus chargé, {most} ; articles par jour : {articles}.",
        "quiet": "Plus long silence d'une semaine courante : {quiet} h. Heures du jour sans message dans une semaine courante : {night}.",
        "hours": "Messages par heure du jour (UTC), {count} à l'heure la plus chargée :",
        "score": "Score {score} = puissance de dix du rapport de vraisemblance ; dès +1 plutôt assisté, dès -1 plutôt à la main. C'est cette somme :",
        "figure": "{contribution}  {name} ({value}) : au-dessus de {assisted} des comptes assistés et de {hand} des comptes à la main",
        "reading": "          lecture : {follows}",
        "opposite": "          ou bien : {other}",
        "sums": "{sum}  en tout",
        "no_score": "Il n'y a pas de score, donc rien à additionner.",
        "trained": "Référence : {reference}. C'est peu, et d'un seul opérateur : une approximation.",
        "marks_assisted": "Signes qui vont avec une publication assistée :", "marks_staff": "Signes qui vont avec des personnes, à temps plein ou en relais :",
        "marks_both": "Signes qui vont avec les deux :",
        "marks_none": "aucun", "marks_untold": "Ces données ne montrent pas : {names}.",
        "rate_none": "Cadences qu'aucune personne ne tient : aucune trouvée.",
        "speech": "Moments de parole propre entre de longues suites de liens et de partages : {count}.",
        "speech_at": "  du {begin} au {end} UTC, {posts} messages",
        "in_groups": "Il appartient à {groups}.",
        "behind": "Ses messages ({shown} sur {count} ; davantage avec --limit) :",
        "account_not": "Il s'agit d'un rythme. Cela ne dit ni qui publie ni qui a écrit les mots ; assisté ne veut pas dire trompeur, un service de presse l'est aussi.",
        "volume": "La quantité de messages ne décide de rien ici.",
        "post_at": "  {time} UTC  {account}  {file}, octet {byte}", "line_gone": "(ligne non conservée : elle est dans le fichier à cet endroit)",
        "group_members": "Membres :", "member_row": "  {account}  {posts} messages, {kinds}", "by_pair": "prouvé avec certains membres", "by_group": "prouvé avec le groupe entier",
        "group_objects": "Sur quoi ({shown} sur {count} ; davantage avec --limit) :", "object_row": "  {times} x  {object}  ({accounts} comptes, d'abord le {first} UTC)",
        "group_expected": "Attendu à côté de trouvé, pour les paires prouvées :",
        "expected_row": "  {kind} : {pairs} paires, proches sur {found} de leurs choses communes, là où le hasard en donne {expected}",
        "together": "  {kind} : de concert comme groupe ({pairs} paires), aucune paire prouvée seule", "seen_too": "  {kind} : {pairs} paires s'y croisent aussi ; rien n'en est conclu",
        "group_proof": "Coïncidences, les plus proches d'abord ({shown} sur {count} ; davantage avec --limit) :",
        "group_order": "Qui est premier :", "group_else": "Ce qui peut aussi l'expliquer, à examiner avant de dire quoi que ce soit :",
        "group_attack": "Compte pour une attaque de la sorte opération d'information : vigie explain {attack}",
        "group_weak": "Sous la barre du compte, donc non compté.",
        "facts": "Pour le refaire ({kind}) : {settings}", "p0": "Des inconnus qui ne se sont croisés qu'une fois étaient aussi proches dans {low} à {high} des cas, selon l'affluence (p0).",
        "rumour_text": "Première formulation : {text}", "rumour_wave": "Messages par jour (UTC) :", "rumour_hours": "Messages par heure (UTC) :",
        "rumour_groups": "Vos groupes déclarés qui l'ont touchée, dans l'ordre : {groups}.", "rumour_no_groups": "Aucun de ses messages n'est d'un groupe que vous avez déclaré.",
        "rumour_undeclared": "Aucun groupe n'est déclaré, donc rien n'est dit de qui la relaie vers qui : vigie read … --groups FICHIER (examples/groups.toml).",
        "rumour_explicit": "Relayée en toutes lettres : {count} (mains au plus : {hops}) :", "rumour_relay": "  {how}, {lag} plus tard{between}", "rumour_relays": "({shown} sur {count} ; davantage avec --limit)",
        "rumour_between": ", de {giver} à {taker}",
        "proposals": "Peut-être la même histoire, à juger par une personne ; rien n'a été fusionné :", "proposals_some": "Peut-être la même histoire, à juger par une personne ; rien n'a été fusionné ({shown} sur {count} ; la suite avec --limit) :", "proposal_lone": "un article", "proposal_said": " « {text} » : {why}.",
        "proposal_confirm": "Si deux d'entre elles sont une même affirmation, dites-le dans un fichier d'affirmations (examples/claims.toml) et donnez-le à vigie ; les messages qui portent les mots de la fiche seront trouvés dès lors :",
        "matched": "mots de la fiche : {words}", "confirmed": "Déclarée par une personne : {name}. {wording}",
        "nobody": "aucun groupe déclaré",
        "matrix": "Qui publie après qui, tous objets confondus (pas seulement cette rumeur) :",
        "precedence": "Qui des deux est premier, tous objets confondus :", "symbiosis": "Se relaient-ils l'un l'autre, tous objets confondus :",
        "wave_head": "Pages ou mots que {origin} avait en premier dans nos données ou a publiés, relayés par {accounts} comptes de {carrier}, du {first} au {last} UTC. Pages ou mots : {rumours}. Messages : {posts}.",
        "wave_not": "Relayer est une opinion et ne compte pour rien seul ; ce qui compte, c'est qui commence, selon une liste que vous avez déclarée, et que cinq comptes au moins d'une sphère déclarée ou d'un groupe le portent.",
        "against": "Ce qui s'oppose à en lire davantage :", "also": "Affirmations de la même vague : {claims}.",
        "disarm": "Dans les mots de DISARM, d'après ce qui a été mesuré et non d'après une intention :",
        "io_lead": "C'est une opération d'information au sens du compte : des comptes de concert ou la vague d'une rumeur. Comment on l'a trouvée, et ce qui peut aussi l'expliquer : vigie explain {id}",
        "io_not": "Outil ou main, la question ne se pose pas ici : un rythme se lit compte par compte (vigie show accounts).",
        "read_head": "{posts} messages lus, dont {distinct} différents, de {accounts} comptes, et {articles} articles de sites ({platforms}), du {first} au {last}.",
        "read_kinds": "Parmi eux {parts}.",
        "read_precision": "Les heures sont données à {parts} près.",
        "read_origin": "Sur {count} relais et citations, l'original est parmi les messages pour {known}, et son heure connue pour {timed}.",
        "read_client": "Le programme est connu pour {share} des messages, les liens pour {links}.",
        "read_kept": "Ce qui est dit n'est gardé que là où c'est un indice ({kept} lignes) ; du reste, une empreinte et une longueur.",
        "read_kept_all": "Tout est gardé (--keep all).",
        "cannot": "Ce qui ne peut être vu :",
        "cannot_sample": "Si ces messages sont tous ceux des comptes. Choisis par une recherche, leurs intervalles et leurs scores ne veulent rien dire : pour les scores, lisez des exports de comptes entiers.",
        "cannot_seconds": "Rien à l'intérieur d'une minute : {share} des heures n'ont pas de secondes, et les groupes qui publient à quelques secondes ne sont cherchés que parmi le reste.",
        "cannot_days": "Aucun rythme là où seul le jour est donné ({share} des messages).",
        "cannot_origin": "Qui a relayé quoi, là où l'original n'est pas donné ({share} des relais et citations).",
        "cannot_client": "Quel programme a publié : les fichiers ne le disent pas.",
        "cannot_gone": "Messages supprimés et comptes suspendus : leur absence n'est pas un silence.",
        "cannot_groups": "Qui relaie les rumeurs vers qui : aucun groupe n'est déclaré. Essayez : vigie read … --groups FICHIER (examples/groups.toml)",
        "kinds_tested": "Le partage de concert a été testé pour :", "kind_tested": "  {kind} : {shares} partages de {accounts} comptes, paires qui pouvaient être de concert : {tests} ; {found}",
        "kind_none": "rien trouvé", "kind_cut": "seuil p = {cut}",
        "next": "Ensuite :", "next_groups": "qui partage de concert", "next_rumours": "quelles affirmations circulent",
        "next_count": "le tout dans le compte",
        "result_all": "les comptes par résultat",
    },
}  # fmt: skip


SHOWN_BY: Final[Mapping[str, tuple[str, str]]] = {
    "same_text": ("accounts that post one text as their own", "comptes qui publient un même texte comme le leur"),
    "article_without_link": ("accounts that post an article's words without its link", "comptes qui publient les mots d'un article sans son lien"),
    "declared_look_alike": ("links to hosts declared as look-alikes", "liens vers des sites déclarés comme imitations"), "listed_sites_repeat": ("sites of a list that repeat it", "sites d'une liste qui le répètent"),
    "sphere_passes_on": ("accounts of a sphere that pass it on", "comptes d'une sphère qui le relaient"), "weeks_later": ("accounts of a sphere, weeks later still", "comptes d'une sphère, des semaines après encore"),
    "several_platforms": ("platforms", "plateformes"), "rhythm": ("posts in a rhythm closer to assisted", "messages au rythme plutôt assisté"),
    "synchronised_sharing": ("accounts that share in concert", "comptes qui partagent de concert"), "synchronised_hashtag": ("accounts in concert on a hashtag", "comptes de concert sur un mot-dièse"),
}  # fmt: skip
"""What was measured for a technique of DISARM, as what its number counts: English, French."""

DECLARED_NOW: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "kept": "Kept: {what}. Nothing was read anew.", "groups": "your groups", "claims": "your claims", "pairs": "the pairs of D3lta", "model": "where the model is",
        "no_posts": "No posts were read yet: vigie read FILE…", "claims_found": "{found} of {cards} claims have posts in our data, {posts} in all. Where words are no longer kept, posts are not found by them, and near copies fall out of rumours: to find all, read the posts with --claims into a new archive.",
        "proposed": "{proposals} pairs of texts are proposed as perhaps one story.",
    },
    "fr": {
        "kept": "Gardé : {what}. Rien n'a été relu.", "groups": "vos groupes", "claims": "vos affirmations", "pairs": "les paires de D3lta", "model": "où est le modèle",
        "no_posts": "Aucun message n'a encore été lu : vigie read FICHIER…",
        "claims_found": "{found} affirmations sur {cards} ont des messages dans nos données, {posts} en tout. Là où les mots ne sont plus gardés, ils ne trouvent rien et les copies proches quittent leur rumeur : pour tout trouver, relisez les messages avec --claims dans une nouvelle archive.",
        "proposed": "{proposals} paires de textes sont proposées comme étant peut-être une même histoire.",
    },
}  # fmt: skip
"""What is said when something is declared and nothing read."""


def heading(column: str, lang: str) -> str:
    """Heading of a column of accounts, groups or rumours."""
    pair = HEADINGS.get(column)
    return column.replace("_", " ") if pair is None else pair[1 if lang == "fr" else 0]
