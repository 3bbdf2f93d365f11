"""An invented month, written as the files that a real server would have left.

`kind.py` is the contract: one module per kind of input writes its files and says what it planned. `month.py` holds what
all kinds share (dates, publications, intensity). Nothing here knows how vigie reads or detects: the truth is planned.
"""
