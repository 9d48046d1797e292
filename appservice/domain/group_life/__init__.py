"""The life of a group once it is open: quiet, reviewed, grown, split, closed."""
