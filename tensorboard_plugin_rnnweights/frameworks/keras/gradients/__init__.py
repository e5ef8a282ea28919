"""The gradients of a Keras training, as its optimizers get them."""
