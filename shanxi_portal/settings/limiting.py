"""How much one reader may ask for, and how large and how long a request may be."""
