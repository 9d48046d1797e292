"""The crisis plan: names under its words, its review, and playing it through."""
