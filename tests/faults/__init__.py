"""What becomes of a log, and of a training, when things go wrong around them."""
