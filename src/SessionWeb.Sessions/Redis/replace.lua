-- Replaces the ticket of a live session. KEYS[1]: the account. ARGV: the common ones, handle, rest of the hash, claims
-- version, payload, the rest of the session's new id ('' = it keeps its id), how many ms the former id is accepted
-- after the new one was used
-- Returns 0 = replaced, 1 = renewed, 2 = kept, 3 = no session.
open(KEYS[1])
local record = redis.call('HGET', account, ARGV[4])
local s = record and parse(record)
if not s or not acceptedUntil(s, ARGV[5]) then return 3 end
-- A former id cannot renew the session once the new id was used.
if tonumber(ARGV[6]) <= s.claims or s.rest ~= ARGV[5] and not s.isUnused then return 2 end
s.claims, s.payload = tonumber(ARGV[6]), ARGV[7]
if ARGV[8] ~= '' then s.rest, s.former, s.isUnused, s.formerEnds = ARGV[8], ARGV[5], true, tonumber(ARGV[9]) end
put(ARGV[4], s)
return ARGV[8] == '' and 0 or 1
