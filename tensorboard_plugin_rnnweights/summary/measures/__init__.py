"""Further numbers and small curves a gate, each from a pure function; `table.py` says what has which."""
