"""Check-ins: how is it going, asked at a member's own time and answered in their private chat."""
