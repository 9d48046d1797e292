"""A draft, completed in conversation: questions, answers, signatures."""
