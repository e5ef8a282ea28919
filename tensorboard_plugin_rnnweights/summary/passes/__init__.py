"""The passes over all values of a matrix: compiled where that could be built, and with NumPy everywhere."""
