"""Words of a member that go on without their name: a line for facilitators, a question to all."""
