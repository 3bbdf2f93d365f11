"""nginx in front of the back end, in a temporary folder, on loopback, with the log line that the documentation recommends."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LAYOUT = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
    '$request_length $request_time $upstream_response_time $upstream_status $connection $connection_requests $msec "$host"'
)
"""`log_format` of every recording."""

ASSETS = ("/static/style.css", "/static/site.js", "/static/logo.svg", "/static/photo-1.jpg", "/static/photo-2.jpg")
"""Files that nginx serves itself."""

_CONF = """
daemon off; worker_processes 2; pid {home}/nginx.pid; error_log {home}/error.log info; {user}
events {{ worker_connections {connections}; }}
http {{
  types {{ text/css css; text/javascript js; image/svg+xml svg; image/jpeg jpg; }}
  client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
  log_format vigie '{layout}';
  access_log {home}/access.log vigie;
  client_header_timeout {header_timeout}s; keepalive_timeout 30s;
  server {{
    listen 127.0.0.1:{port} backlog=511; server_name www.example.org;
    location /static/ {{ root {home}; }}
    location / {{
      proxy_pass http://127.0.0.1:{behind}; proxy_set_header Host $host;
      proxy_connect_timeout 6s; proxy_read_timeout {patience}s; proxy_next_upstream off;
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Server:
    """How large the site is.

    Attributes:
        port: of nginx; the back end has the next one.
        workers: requests that the back end answers at the same time.
        page: seconds a page costs; `home` and `search` likewise.
        patience: seconds nginx waits for the back end.
        header_timeout: seconds nginx waits for a request's headers.
        connections: `worker_connections` of each of two workers (768 is what Debian ships).
    """

    port: int
    workers: int = 4
    page: float = 0.08
    home: float = 0.06
    search: float = 0.6
    patience: int = 6
    header_timeout: int = 12
    connections: int = 768


@contextlib.contextmanager
def running(server: Server, home: Path) -> Iterator[None]:
    """Both servers, stopped at the end whatever happens.

    Args:
        server: its size.
        home: an empty folder; logs appear in it as `access.log` and `error.log`.
    """
    (home / "static").mkdir()
    home.chmod(0o755)
    for number, name in enumerate(ASSETS):
        (home / name[1:]).write_bytes(random.Random(name).randbytes(3_000 * (number + 1)))
    conf = _CONF.format(
        home=home, layout=LAYOUT, port=server.port, behind=server.port + 1, patience=server.patience, header_timeout=server.header_timeout,
        connections=server.connections, user="user root;" if os.geteuid() == 0 else "",
    )  # fmt: skip
    (home / "nginx.conf").write_text(conf)
    told = [f"--port={server.port + 1}", f"--workers={server.workers}", f"--page={server.page}", f"--home={server.home}", f"--search={server.search}"]
    back = subprocess.Popen([sys.executable, str(Path(__file__).with_name("back_end.py")), *told])
    front = subprocess.Popen(["/usr/sbin/nginx", "-p", str(home), "-e", str(home / "error.log"), "-c", str(home / "nginx.conf")])
    try:
        time.sleep(2)
        if front.poll() is not None or back.poll() is not None:
            raise RuntimeError((home / "error.log").read_text())
        yield
    finally:
        front.terminate()
        back.terminate()
        front.wait(20)
        back.wait(20)
