"""What PostgreSQL's server says of connections and log-ins: in English, French and German, else by its SQLSTATE.

Which words a server uses is told by its `lc_messages`; the SQLSTATE is the same everywhere, but plain logs hold none unless `log_line_prefix`
has `%e`. A name in a message is an attacker's text, so sentences are anchored at both ends.

References:
    - https://www.postgresql.org/docs/current/errcodes-appendix.html
    - https://github.com/postgres/postgres: src/backend/libpq/auth.c, src/backend/tcop/backend_startup.c, src/backend/utils/init/postinit.c,
      src/backend/utils/init/miscinit.c, src/backend/po/fr.po, src/backend/po/de.po.
"""

from __future__ import annotations

from typing import Final

from vigie.records.login import CONNECTED, ENDED, FAILED, PASSED, PROBED, REFUSED, STARTED, TOLD
from vigie.sources.phrases import Phrase

_PORT: Final = r"(?: [Pp]ort=(?P<port>\d{1,5}))?"
_HBA: Final = r'(?P<peer>[^"]{1,255})", user "(?P<user>.*?)"(?:, database "(?P<database>.*)")?(?:, [^"]*)?'
_HBA_FR: Final = r"\s?(?P<peer>[^\s»]{1,255})\s?», utilisateur «\s?(?P<user>.*?)\s?»(?:, base de données «\s?(?P<database>.*?)\s?»)?(?:, [^»]*)?"
_HBA_DE: Final = r"(?P<peer>[^«]{1,255})«, Benutzer »(?P<user>.*?)«(?:, Datenbank »(?P<database>.*)«)?(?:, [^«]*)?"
_LET_IN: Final = r"(?P<user>.*?)(?: database=(?P<database>.*?))?(?: application_name=.*?)?(?: SSL enabled \(.*\)| GSS \(.*\))*"
_LET_IN_FR: Final = (
    r"\s?: utilisateur=(?P<user>.*?)(?: base de données[= ](?P<database>.*?))?(?: application_name=.*?)?(?: SSL activé \(.*\)| GSS \(.*\))*"
)
_LET_IN_DE: Final = r"(?P<user>.*?)(?: Datenbank=(?P<database>.*?))?(?: application_name=.*?)?(?: ?SSL an \(.*\)| GSS \(.*\))*"
_FR: Final = r"«\s?(?P<user>.*?)\s?»"
_USER_FR: Final = r".utilisateur\s+" + _FR
_BASE_FR: Final = r"«\s?(?P<database>.*?)\s?»"

_ENGLISH: Final = (
    Phrase("connection received: host=", r"(?P<peer>[^ ]+)" + _PORT, CONNECTED),
    Phrase("connection authenticated: ", r".*", TOLD),
    Phrase("connection ready: ", r".*", TOLD),
    Phrase("connection authorized: user=", _LET_IN, PASSED),
    Phrase("replication connection authorized: user=", _LET_IN, PASSED),
    Phrase("disconnection: session time: ", r"[\d:.]+ user=(?P<user>.*?) database=(?P<database>.*) host=(?P<peer>[^ ]+)" + _PORT, ENDED),
    Phrase('password authentication failed for user "', r'(?P<user>.*)"', FAILED, "password"),
    *(Phrase(f'{method} authentication failed for user "', r'(?P<user>.*)"', FAILED, "password") for method in ("PAM", "LDAP", "RADIUS", "BSD")),
    *(
        Phrase(f'{method} authentication failed for user "', r'(?P<user>.*)"', FAILED, "method")
        for method in ("Ident", "Peer", "GSSAPI", "SSPI", "certificate", '"trust"', "OAuth bearer")
    ),
    Phrase('authentication failed for user "', r'(?P<user>.*)": host rejected', REFUSED, "source"),
    Phrase('authentication failed for user "', r'(?P<user>.*)": invalid authentication method', FAILED, "method"),
    Phrase("connection requires a valid client certificate", "", FAILED, "method"),
    Phrase("empty password returned by client", "", FAILED, "no_password"),
    Phrase('no pg_hba.conf entry for host "', _HBA, REFUSED, "source"),
    Phrase('no pg_hba.conf entry for replication connection from host "', _HBA, REFUSED, "source"),
    Phrase('pg_hba.conf rejects connection for host "', _HBA, REFUSED, "source"),
    Phrase('pg_hba.conf rejects replication connection for host "', _HBA, REFUSED, "source"),
    Phrase("sorry, too many clients already", "", REFUSED, "unknown"),
    Phrase("invalid length of startup packet", "", PROBED, "protocol"),
    Phrase("incomplete startup packet", "", PROBED, "closed"),
    Phrase("invalid startup packet layout: expected terminator as last byte", "", PROBED, "protocol"),
    Phrase("no PostgreSQL user name specified in startup packet", "", PROBED, "protocol"),
    Phrase("unsupported frontend protocol ", r"(?P<bytes>\d{1,5}\.\d{1,5})(?:: .*)?", PROBED, "protocol"),
    Phrase("PID ", r"\d{1,10} in cancel request did not match any process", PROBED, "protocol"),
    Phrase("wrong key in cancel request for process ", r"\d{1,10}", PROBED, "protocol"),
    Phrase("invalid length of cancel request packet", "", PROBED, "protocol"),
    Phrase("invalid length of query cancel packet", "", PROBED, "protocol"),
    Phrase("could not accept SSL connection: ", r".*", PROBED, "encryption"),
    Phrase("could not initialize SSL connection: ", r".*", PROBED, "encryption"),
    Phrase("could not accept GSSAPI security context", r".*", PROBED, "encryption"),
    Phrase("received unencrypted data after ", r"(?:SSL|GSSAPI encryption) request", PROBED, "encryption"),
    Phrase("received direct SSL connection request ", r".*", PROBED, "encryption"),
    Phrase("failed to send ", r"(?:SSL|GSSAPI) negotiation response: .*", PROBED, "closed"),
    *(
        Phrase(f"expected {what} response, got message type ", rest, action, reason)
        for what in ("password", "SASL", "GSS", "SSPI")
        for rest, action, reason in (("88", STARTED, "no_password"), (r"\d{1,3}", PROBED, "protocol"))
    ),  # 88 is the X with which a client says good-bye
    Phrase("invalid password packet size", "", PROBED, "protocol"),
    Phrase("invalid frontend message type ", r"\d{1,3}", PROBED, "protocol"),
    Phrase("malformed SCRAM message", "", PROBED, "protocol"),
    Phrase("client selected an invalid SASL authentication mechanism", "", PROBED, "protocol"),
    Phrase("could not receive data from client: ", r".*", ENDED, "closed"),
    Phrase("could not send data to client: ", r".*", ENDED, "closed"),
    Phrase("unexpected EOF on client connection", r".*", ENDED, "closed"),
    Phrase("connection to client lost", "", ENDED, "closed"),
    Phrase("terminating connection due to ", r".*", ENDED),
    Phrase("canceling authentication due to timeout", "", STARTED, "no_password"),
    Phrase("LDAP login failed for user ", r".*", TOLD),
    Phrase("pam_authenticate failed: ", r".*", TOLD),
    Phrase("provided user name (", r".*", TOLD),
    Phrase('no match in usermap "', r".*", TOLD),
)
_FRENCH: Final = (
    Phrase("connexion reçue", r"\s?: hôte=(?P<peer>[^ ]+)" + _PORT, CONNECTED),
    Phrase("connexion authentifiée", r".*", TOLD),
    Phrase("connexion autorisée", _LET_IN_FR, PASSED),
    Phrase("connexion de réplication autorisée", _LET_IN_FR, PASSED),
    Phrase("déconnexion", r"\s?: durée de la session\s?: [\d:.]+\s+utilisateur=(?P<user>.*?) base=(?P<database>.*) hôte=(?P<peer>[^ ]+)" + _PORT, ENDED),
    Phrase("authentification par mot de passe échouée pour l", _USER_FR, FAILED, "password"),
    *(Phrase(f"authentification {method} échouée pour l", _USER_FR, FAILED, "password") for method in ("PAM", "LDAP", "RADIUS", "BSD")),
    *(Phrase(f"authentification {method} échouée pour l", _USER_FR, FAILED, "method") for method in ("peer", "GSSAPI", "SSPI", "par le certificat")),
    Phrase("Échec de l", r".authentification Ident pour l.utilisateur\s+" + _FR, FAILED, "method"),
    Phrase("authentification échouée pour l", _USER_FR + r"\s?: hôte rejeté", REFUSED, "source"),
    Phrase("mot de passe vide renvoyé par le client", "", FAILED, "no_password"),
    Phrase("aucune entrée dans pg_hba.conf pour l", r".hôte «" + _HBA_FR, REFUSED, "source"),
    Phrase("aucune entrée dans pg_hba.conf pour la connexion de la réplication à partir de", r"\s+l.hôte «" + _HBA_FR, REFUSED, "source"),
    Phrase("pg_hba.conf rejette la connexion", r"(?: de la réplication)? pour l.hôte «" + _HBA_FR, REFUSED, "source"),
    Phrase("désolé, trop de clients sont déjà connectés", "", REFUSED, "unknown"),
    Phrase("longueur invalide du paquet de démarrage", "", PROBED, "protocol"),
    Phrase("paquet de démarrage incomplet", "", PROBED, "closed"),
    Phrase("configuration invalide du paquet de démarrage", r".*", PROBED, "protocol"),
    Phrase("aucun nom d", r".utilisateur PostgreSQL n.a été spécifié dans le paquet de démarrage", PROBED, "protocol"),
    Phrase("protocole frontal ", r"(?P<bytes>\d{1,5}\.\d{1,5}) non supporté.*", PROBED, "protocol"),
    Phrase("le PID ", r"\d{1,10} dans la demande d.annulation ne correspond à aucun processus", PROBED, "protocol"),
    Phrase("mauvaise clé dans la demande d", r".annulation pour le processus \d{1,10}", PROBED, "protocol"),
    Phrase("n'a pas pu accepter la connexion SSL", r".*", PROBED, "encryption"),
    Phrase("a reçu des données non chiffrées après la demande ", r".*", PROBED, "encryption"),
    Phrase("n'a pas pu recevoir les données du client", r".*", ENDED, "closed"),
    Phrase("n'a pas pu envoyer les données au client", r".*", ENDED, "closed"),
)
_GERMAN: Final = (
    Phrase("Verbindung empfangen: Host=", r"(?P<peer>[^ ]+)" + _PORT, CONNECTED),
    Phrase("Verbindung authentifiziert: ", r".*", TOLD),
    Phrase("Verbindung autorisiert: Benutzer=", _LET_IN_DE, PASSED),
    Phrase("Replikationsverbindung autorisiert: Benutzer=", _LET_IN_DE, PASSED),
    Phrase("Verbindungsende: Sitzungszeit: ", r"[\d:.]+ Benutzer=(?P<user>.*?) Datenbank=(?P<database>.*) Host=(?P<peer>[^ ]+)" + _PORT, ENDED),
    Phrase("Passwort-Authentifizierung für Benutzer »", r"(?P<user>.*)« fehlgeschlagen", FAILED, "password"),
    *(Phrase(f"{method}-Authentifizierung für Benutzer »", r"(?P<user>.*)« fehlgeschlagen", FAILED, "password") for method in ("PAM", "LDAP", "RADIUS", "BSD")),
    *(
        Phrase(f"{method}uthentifizierung für Benutzer »", r"(?P<user>.*)« fehlgeschlagen", FAILED, "method")
        for method in ("Ident-A", "Peer-A", "GSSAPI-A", "SSPI-A", "Zertifikata")
    ),
    Phrase("Authentifizierung für Benutzer »", r"(?P<user>.*)« fehlgeschlagen: Host abgelehnt", REFUSED, "source"),
    Phrase("Client gab leeres Passwort zurück", "", FAILED, "no_password"),
    Phrase("kein pg_hba.conf-Eintrag für Host »", _HBA_DE, REFUSED, "source"),
    Phrase("kein pg_hba.conf-Eintrag für Replikationsverbindung von Host »", _HBA_DE, REFUSED, "source"),
    Phrase("pg_hba.conf lehnt Verbindung ab für Host »", _HBA_DE, REFUSED, "source"),
    Phrase("pg_hba.conf lehnt Replikationsverbindung ab für Host »", _HBA_DE, REFUSED, "source"),
    Phrase("tut mir leid, schon zu viele Verbindungen", "", REFUSED, "unknown"),
    Phrase("ungültige Länge des Startpakets", "", PROBED, "protocol"),
    Phrase("unvollständiges Startpaket", "", PROBED, "closed"),
    Phrase("ungültiges Layout des Startpakets", r".*", PROBED, "protocol"),
    Phrase("kein PostgreSQL-Benutzername im Startpaket angegeben", "", PROBED, "protocol"),
    Phrase("nicht unterstütztes Frontend-Protokoll ", r"(?P<bytes>\d{1,5}\.\d{1,5})(?:: .*)?", PROBED, "protocol"),
    Phrase("PID ", r"\d{1,10} in Stornierungsanfrage stimmte mit keinem Prozess überein", PROBED, "protocol"),
    Phrase("falscher Schlüssel in Stornierungsanfrage für Prozess ", r"\d{1,10}", PROBED, "protocol"),
    Phrase("konnte SSL-Verbindung nicht annehmen: ", r".*", PROBED, "encryption"),
    Phrase("unverschlüsselte Daten nach ", r"(?:SSL|GSSAPI-Verschlüsselungs)-?[aA]nforderung empfangen", PROBED, "encryption"),
    Phrase("konnte Daten vom Client nicht empfangen: ", r".*", ENDED, "closed"),
    Phrase("konnte Daten nicht an den Client senden: ", r".*", ENDED, "closed"),
)
SAID: Final = (*_ENGLISH, *_FRENCH, *_GERMAN)
"""Sentences that speak of a connection whatever their severity, as long as it is none of a statement (`ERROR`, `WARNING` …)."""

FATAL_SAID: Final = (
    Phrase('role "', r'(?P<user>.*)" does not exist', FAILED, "account"),
    Phrase('role "', r'(?P<user>.*)" is not permitted to log in', FAILED, "locked"),
    Phrase('too many connections for role "', r'(?P<user>.*)"', PASSED, "unknown"),
    Phrase("remaining connection slots are reserved for ", r".*", PASSED, "unknown"),
    Phrase('database "', r'(?P<database>.*)" (?:does not exist|is not currently accepting connections)', PASSED, "database"),
    Phrase('permission denied for database "', r'(?P<database>.*)"', PASSED, "database"),
    Phrase('cannot connect to invalid database "', r'(?P<database>.*)"', PASSED, "database"),
    Phrase('too many connections for database "', r'(?P<database>.*)"', PASSED, "database"),
    Phrase("must be superuser or replication role to start walsender", "", PASSED, "database"),
    Phrase("permission denied to start WAL sender", "", PASSED, "database"),
    Phrase("the database system is ", r".*", REFUSED, "unknown"),
    Phrase("le rôle ", _FR + r" n.existe pas", FAILED, "account"),
    Phrase("le rôle ", _FR + r" n.est pas autorisé à se connecter", FAILED, "locked"),
    Phrase("trop de connexions pour le rôle ", _FR, PASSED, "unknown"),
    Phrase("la base de données ", _BASE_FR + r" n.(?:existe pas|accepte plus les connexions)", PASSED, "database"),
    Phrase("droit refusé pour la base de données ", _BASE_FR, PASSED, "database"),
    Phrase("trop de connexions pour la base de données ", _BASE_FR, PASSED, "database"),
    Phrase("le système de base", r"s? de données (?:se lance|s.arrête|est en cours de restauration)", REFUSED, "unknown"),
    Phrase("Rolle »", r"(?P<user>.*)« existiert nicht", FAILED, "account"),
    Phrase("Rolle »", r"(?P<user>.*)« hat keine Berechtigung zum Einloggen", FAILED, "locked"),
    Phrase("zu viele Verbindungen von Rolle »", r"(?P<user>.*)«", PASSED, "unknown"),
    Phrase("Datenbank »", r"(?P<database>.*)« (?:existiert nicht|akzeptiert gegenwärtig keine Verbindungen)", PASSED, "database"),
    Phrase("keine Berechtigung für Datenbank »", r"(?P<database>.*)«", PASSED, "database"),
    Phrase("zu viele Verbindungen für Datenbank »", r"(?P<database>.*)«", PASSED, "database"),
    Phrase("das Datenbanksystem ", r"(?:startet|fährt herunter|ist im Wiederherstellungsmodus)", REFUSED, "unknown"),
)
"""Sentences that end a connection only where they are fatal: in a session `role "x" does not exist` is a mistyped statement. Whether the
database exists is asked after the password was found right."""

CODES: Final = (
    ("28P01", FAILED, "password"), ("28000", FAILED, "unknown"), ("3D000", PASSED, "database"), ("0A000", PROBED, "protocol"),
    ("08P01", PROBED, "protocol"), ("08006", ENDED, "closed"), ("53300", REFUSED, "unknown"), ("57P03", REFUSED, "unknown"),
)  # fmt: skip
"""What the SQLSTATE of a fatal message tells where its words are not understood."""

DETAILS: Final = (
    Phrase('Role "', r'(?P<user>.*)" does not exist\..*', TOLD, "account"),
    Phrase("Le rôle ", _FR + r" n.existe pas\..*", TOLD, "account"),
    Phrase("Rolle »", r"(?P<user>.*)« existiert nicht\..*", TOLD, "account"),
    Phrase('User "', r'(?P<user>.*)" has an expired password\..*', TOLD, "locked"),
    Phrase("L", r".utilisateur «\s?(?P<user>.*?)\s?» a un mot de passe expiré\..*", TOLD, "locked"),
    Phrase('User "', r'(?P<user>.*)" (?:has no password assigned|does not have a valid SCRAM (?:secret|verifier))\..*', TOLD),
    Phrase("Connection matched ", r".*", TOLD),
    Phrase("La connexion correspond à la ligne ", r".*", TOLD),
    Phrase("Verbindung stimmte mit ", r".*", TOLD),
    Phrase("User does not have CONNECT privilege.", r".*", TOLD),
    Phrase("Client IP address resolved to ", r".*", TOLD),
    Phrase("Could not resolve client IP address to a host name: ", r".*", TOLD),
)
"""What a DETAIL adds: `reason` where it tells more than the message."""

SILENT_SEVERITIES: Final = (
    "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG", "DEBUG1", "DEBUG2", "DEBUG3", "DEBUG4", "DEBUG5", "PANIC", "ERREUR", "ATTENTION", "FEHLER",
    "WARNUNG", "HINWEIS", "PANIK",
)  # fmt: skip
"""Severities of messages about statements and about the server itself."""
MORE: Final = (
    "DETAIL", "HINT", "STATEMENT", "CONTEXT", "QUERY", "LOCATION", "BACKTRACE", "DÉTAIL", "ASTUCE", "INSTRUCTION", "CONTEXTE", "REQUÊTE",
    "EMPLACEMENT", "TIPP", "ANWEISUNG", "ZUSAMMENHANG", "ANFRAGE", "ORT",
)  # fmt: skip
"""Words that begin lines which say more of the message before them."""
NOBODY: Final = ("[unknown]", "[inconnu]", "[unbekannt]")
"""What stands for a user or a database that has not been named yet."""
