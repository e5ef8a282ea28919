"""Loops of others that train PyTorch modules, with real trainers."""
