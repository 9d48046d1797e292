"""The way into a group: seven messages, from the first word to the receipt."""
