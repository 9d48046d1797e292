"""The words that people write to the keeper: one table, one file for each word."""
