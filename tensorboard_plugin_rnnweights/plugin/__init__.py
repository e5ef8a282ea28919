"""Event files -> HTTP. Nothing here imports TensorFlow, Keras or PyTorch.

`plugin.py` is the table of routes. Each leads to one of the `answers`, which are made of what is `computed`
of what was `logged`; imports run that way alone.
"""
