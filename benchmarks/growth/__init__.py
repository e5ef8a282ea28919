"""How the costs grow, as charts. Run `python -m benchmarks.growth`."""
