"""The weekly digest: what the coming week brings, for who wants it; nothing that anybody wrote."""
