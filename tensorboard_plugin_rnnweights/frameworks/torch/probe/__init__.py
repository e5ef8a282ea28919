"""Running a PyTorch module on a probe, and what its recurrent layers got and returned there."""
