"""Numbers that help, as files: what stands in them, what may be shown, and who confirmed it."""
