"""The command line, one file per command; docs/protocol.md says what others may rely on."""
