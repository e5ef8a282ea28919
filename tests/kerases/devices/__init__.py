"""Trainings over several devices, each a program of its own: frameworks settle on devices only once."""
