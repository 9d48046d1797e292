"""Ground rules as documents with versions: proposed, published, agreed to again."""
