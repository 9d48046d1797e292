"""The hands: they take rows, have them handled, and are the only ones that catch errors."""
