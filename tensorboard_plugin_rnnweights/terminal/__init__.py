"""What a saved model or a log directory holds, printed in the terminal."""
