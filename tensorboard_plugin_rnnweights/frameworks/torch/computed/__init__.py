"""Weights that PyTorch's modules compute from others: what they are now, and what their gradients are."""
