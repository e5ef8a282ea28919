"""What flows through recurrent cells on a probe batch: computed with NumPy alone, whatever the framework."""
