"""Every kind of input that the demo writes, in one tuple."""

from __future__ import annotations

from vigie.demo.databases import DATABASES
from vigie.demo.firewall import FIREWALL
from vigie.demo.kind import Kind
from vigie.demo.posts import POSTS
from vigie.demo.press import PRESS
from vigie.demo.probes import PROBES
from vigie.demo.publications import PUBLICATIONS
from vigie.demo.web_logs import WEB_LOGS

KINDS: tuple[Kind, ...] = (WEB_LOGS, PROBES, PUBLICATIONS, FIREWALL, DATABASES, POSTS, PRESS)
