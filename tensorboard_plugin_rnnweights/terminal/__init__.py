"""What a saved model or a log directory holds, told in the terminal."""
