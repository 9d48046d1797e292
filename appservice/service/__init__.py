"""Load what is known, decide, write down what follows: the middle of the house."""
