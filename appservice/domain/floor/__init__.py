"""While a meeting goes on: who would like to speak, who speaks, and who needs to step out."""
