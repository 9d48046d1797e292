"""The parts of the stub homeserver; what tests use is in tests/support/stub_homeserver.py."""
