"""What was logged, as TensorBoard kept it: read, decoded and checked."""
