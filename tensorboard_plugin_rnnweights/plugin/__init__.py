"""Event files -> HTTP. Nothing here imports TensorFlow, Keras or PyTorch."""
