"""The command line, one file per command; contract.md says what others may rely on."""
