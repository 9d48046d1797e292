"""Who does what in a group: offered, accepted, handed over, laid down, taken away."""
