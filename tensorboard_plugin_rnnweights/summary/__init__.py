"""Blocks -> snapshots -> event files: what is kept of a matrix, and how it is written down."""
