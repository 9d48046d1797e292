"""Sessions of two groups: a circle for one evening, with a consent of its own for each member.

A session is kept as a group of its own that ends with it, so that all that holds for a circle and
for a consent holds here too: invitations, the look at the rooms, leaving, forgetting, the end.
"""
