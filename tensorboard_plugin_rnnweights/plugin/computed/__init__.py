"""What the server computes of what was logged."""
