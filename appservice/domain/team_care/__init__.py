"""Care for those who care: rest, words that help, and questions for a talk afterwards."""
