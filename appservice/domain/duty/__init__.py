"""Who is there for a group: hours with a rota, off and on, and whether that can be relied on."""
