"""The tables rooms hand to each other."""

from vigie.records.access import ACCESS
from vigie.records.flow import FLOW
from vigie.records.line import LINE, UNREAD, UNREAD_COLUMN
from vigie.records.login import LOGIN
from vigie.records.notice import NOTICE
from vigie.records.post import POST
from vigie.records.probe import PROBE
from vigie.records.publication import PUBLICATION
from vigie.records.schema import Record
from vigie.records.signal import SIGNAL, skeleton_of
from vigie.records.tally import TALLY, Tally

RECORDS = (ACCESS, NOTICE, FLOW, LOGIN, PROBE, PUBLICATION, POST, LINE, UNREAD, SIGNAL, TALLY)

__all__ = ["ACCESS", "FLOW", "LINE", "LOGIN", "NOTICE", "POST", "PROBE", "PUBLICATION", "RECORDS", "SIGNAL", "TALLY", "UNREAD", "UNREAD_COLUMN", "Record", "Tally", "skeleton_of"]
