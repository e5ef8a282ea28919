"""All that is known of JAX itself."""
