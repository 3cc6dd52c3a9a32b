"""How Django writes dates in the administration, by language; what is not here is as Django has it."""
