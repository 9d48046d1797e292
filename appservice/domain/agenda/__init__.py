"""What a meeting is made of: its agenda, topics that members suggest, and cards for its host."""
