-- KEYS[1]: the account. ARGV: …, handle, rest of the hash, claims version, payload, the rest of the session's new id ('' = it keeps its id),
-- for how many ms the former id is accepted after the new one was used. Only ever replaces the ticket of a session that is there.
open(KEYS[1])
local record = redis.call('HGET', account, ARGV[4])
local s = record and parse(record)
if not s or not acceptedUntil(s, ARGV[5]) then return 'NoSession' end
-- A former id gets no newer one once the new id was used.
if tonumber(ARGV[6]) <= s.claims or s.rest ~= ARGV[5] and not s.isUnused then return 'Kept' end
s.claims, s.payload = tonumber(ARGV[6]), ARGV[7]
if ARGV[8] ~= '' then s.rest, s.former, s.isUnused, s.formerEnds = ARGV[8], ARGV[5], true, tonumber(ARGV[9]) end
put(ARGV[4], s)
return ARGV[8] == '' and 'Replaced' or 'Renewed'
