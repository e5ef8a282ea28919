"""Getting tensors out of a training while it runs."""
