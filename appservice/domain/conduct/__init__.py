"""Fair conduct: one ladder of steps, each by a person and with a rule; never about distress."""
