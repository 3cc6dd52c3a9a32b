"""How much may be asked of the site: how often, how large, how many costly answers at once, and how long.

`rates` counts requests by address, `crowding` has places for costly answers, `deadline` bounds the time that
a page may take of the database, `sizes` says how large a request may be, `networks` who may come to the
administration. `kinds` says which requests count as what, and `middleware` refuses.
"""
