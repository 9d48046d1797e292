"""What facilitators handle: cases, from the moment they are raised until they are erased."""
