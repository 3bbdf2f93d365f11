"""One module a page: its query, its drawing, its words; `registry.py` names them all."""
