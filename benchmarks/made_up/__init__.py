"""Made-up zones and projects: skewed as real ones are, in two languages, and always the same for a seed."""
