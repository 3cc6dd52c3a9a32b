"""The two databases, made to give the same answers: what each does otherwise than Django's own backend.

Text is compared by code point, and case is ignored as Unicode says, whatever the server was set up for.
Elsewhere nothing may depend on which of the two it talks to.
"""
