-- KEYS[1]: the account. Returns its generation.
open(KEYS[1])
return int(gen)
