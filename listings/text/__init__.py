"""What a text is made of and when it matches: the same rules for every engine, with an index or without.

`folding` says which characters count as one, `tokens` cuts a text into what can be found, `query` reads
what a reader typed and is the only definition of a match, `records` says which texts of a record belong
together and how matches rank.
"""
