"""What a training loop calls: the writer, the callback, and when a snapshot is due."""
