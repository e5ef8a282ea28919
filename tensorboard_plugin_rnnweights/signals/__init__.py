"""What flows through recurrent cells on a probe batch: NumPy alone, whatever the framework."""
