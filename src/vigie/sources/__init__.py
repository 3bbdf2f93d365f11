"""One module per input format; `source.py` is the contract."""
