"""Running a Keras model on a probe, and what its recurrent layers got and returned there."""
