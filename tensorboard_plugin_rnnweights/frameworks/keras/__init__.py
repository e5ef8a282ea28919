"""All that is known of Keras: Keras 3 on each of its backends, and tf_keras (Keras 2)."""
