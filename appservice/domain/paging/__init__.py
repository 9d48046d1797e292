"""Where facilitators are reached outside of Matrix, as each of them wishes."""
