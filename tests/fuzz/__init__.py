"""Hostile data and hostile requests: everything that reads either is given what nobody would write.

`python -m tests.fuzz --inputs 1000000` is the long run; `test_targets.py` is a short one of the same
targets. What it found is kept in `test_found.py`. `SECURITY.md` says what is promised.
"""
