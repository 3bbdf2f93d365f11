"""One module per kind of attack; `detector.py` is the contract."""
