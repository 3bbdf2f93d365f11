"""Real database servers in a namespace, started for a test and gone behind it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from servers.network import SERVER, remove, run, until

SECRET = "campagne-2017"
PAUSE = 0.12
POSTGRESQL_DEFAULT = ("log_line_prefix=%m [%p] %q%u@%d ",)
"""What Debian sets."""
POSTGRESQL_RECOMMENDED = ("log_line_prefix=%m [%p] %r %q%u@%d ", "log_connections=on", "log_disconnections=on")
"""What vigie asks for."""


def postgresql_programs():
    """Folder of the newest PostgreSQL of Debian's packages, "" without one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return str(found[-1].parent) if found else ""


def writable(owner):
    """A folder that the server's own user may write to (those of pytest are root's alone)."""
    folder = tempfile.mkdtemp(prefix="vigie-server-")
    shutil.chown(folder, owner, owner)
    return folder


class PostgreSQL:
    """A server with the accounts `postgres` and `webapp` and the database `campagne`; only 203.0.113.0/24 and 192.0.2.80 may come in."""

    def __init__(self, pair):
        self.pair, self.programs, self.folder = pair, postgresql_programs(), writable("postgres")
        self.version = int(Path(self.programs).parts[-2])
        self._as = ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups")
        secret = Path(self.folder) / "secret"
        secret.write_text(SECRET)
        shutil.chown(secret, "postgres", "postgres")
        data = f"{self.folder}/data"
        run(*self._as, f"{self.programs}/initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "-N", cwd=self.folder)
        Path(data, "pg_hba.conf").write_text(
            "local all all trust\nhost all all 203.0.113.0/24 scram-sha-256\nhost all all 192.0.2.80/32 scram-sha-256\n", "utf-8"
        )

    def run(self, name, settings, actions):
        """Start with these settings, let things happen, stop; the folder of its logs."""
        logs = f"{self.folder}/{name}"
        os.mkdir(logs)
        shutil.chown(logs, "postgres", "postgres")
        kinds = "stderr,csvlog,jsonlog" if self.version >= 15 else "stderr,csvlog"
        given = (*settings, f"listen_addresses={SERVER}", "port=5432", f"unix_socket_directories={self.folder}", "logging_collector=on", f"log_destination={kinds}",
                 f"log_directory={logs}", "log_filename=postgresql.log", "log_timezone=UTC", "fsync=off")  # fmt: skip
        options = [part for one in given for part in ("-c", one)]
        server = self.pair.start(*self._as, f"{self.programs}/postgres", "-D", f"{self.folder}/data", *options, cwd=self.folder)
        until(lambda: run("ip", "netns", "exec", self.pair.inside, f"{self.programs}/pg_isready", "-h", self.folder, check=False).returncode == 0)
        if not (Path(self.folder) / "made").exists():
            for text in (f"create role webapp login password '{SECRET}'", "create database campagne owner webapp"):
                run(*self._as, f"{self.programs}/psql", "-h", self.folder, "-U", "postgres", "-qc", text)
            (Path(self.folder) / "made").touch()
        actions(self)
        server.terminate()
        server.wait(30)
        return Path(logs)

    def log_in(self, source, account, secret, database="campagne"):
        """One password tried from an address; psql asks no second time without encryption, and a tenth of a second would look as if it did."""
        time.sleep(PAUSE)
        wanted = f"host={SERVER} port=5432 user={account} dbname={database} sslmode=disable connect_timeout=5"
        environment = {**os.environ, "PGPASSWORD": secret}
        return self.pair.outside_as(source, f"{self.programs}/psql", wanted, "-Atc", "select 1", env=environment)

    def remove(self):
        remove(self.folder)


class MariaDB:
    """A server with the accounts `root` and `webapp` and the database `campagne`; its error log and its audit, as written in one run."""

    def __init__(self, pair):
        self.pair, self.folder = pair, writable("mysql")
        run("mariadb-install-db", "--no-defaults", f"--datadir={self.folder}/data", "--user=mysql", "--skip-test-db", "--auth-root-authentication-method=normal", timeout=120)

    def run(self, actions):
        """Start, let things happen, stop; the folder of its logs."""
        self.pair.start(
            "mariadbd", "--no-defaults", f"--datadir={self.folder}/data", "--user=mysql", f"--bind-address={SERVER}", "--port=3306", f"--socket={self.folder}/socket",
            f"--pid-file={self.folder}/pid", "--log-warnings=2", f"--log-error={self.folder}/error.log", "--skip-name-resolve", "--plugin-load-add=server_audit",
            "--server-audit-events=CONNECT", "--server-audit-logging=ON", f"--server-audit-file-path={self.folder}/server_audit.log", "--innodb-flush-log-at-trx-commit=0",
            env={**os.environ, "TZ": "UTC"},
        )  # fmt: skip
        socket = f"--socket={self.folder}/socket"
        until(lambda: run("mariadb-admin", "--no-defaults", socket, "-u", "root", "ping", check=False).returncode == 0)
        for source in ("203.0.113.%", "192.0.2.80"):
            text = (
                f"create user webapp@'{source}' identified by '{SECRET}'; create user root@'{source}' identified by '{SECRET}'; "
                f"create database if not exists campagne; grant all on campagne.* to webapp@'{source}'"
            )
            run("mariadb", "--no-defaults", socket, "-u", "root", "-e", text)
        actions(self)
        run("mariadb-admin", "--no-defaults", socket, "-u", "root", "shutdown")
        self.pair.started[-1].wait(30)
        return Path(self.folder)

    def log_in(self, source, account, secret, database="campagne"):
        """One password tried from an address."""
        time.sleep(PAUSE)
        return self.pair.outside_as(
            source, "mariadb", "--no-defaults", "-h", SERVER, "-P", "3306", "--protocol=tcp", "-u", account, f"-p{secret}", "--skip-ssl", "-Ne", "select 1", database
        )

    def remove(self):
        remove(self.folder)


def said(path, pattern):
    """How often a log says something."""
    return len(re.findall(pattern, path.read_text("utf-8", "replace")))
