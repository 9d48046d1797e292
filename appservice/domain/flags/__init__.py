"""What a member asks for, for themselves or for somebody else, and hears about it."""
