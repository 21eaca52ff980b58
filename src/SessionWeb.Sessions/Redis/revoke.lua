-- KEYS[5]: the account. ARGV: the common ones, a new log's identity, how many ms a generation is kept, id, tag, handle,
-- kept handle, generation, claims version, end
-- Returns the appended entry and the handles of the sessions that ended.
openLog(ARGV[4])
open(KEYS[5])
local text, ended = revoke({
  id = ARGV[6], tag = ARGV[7], handle = ARGV[8], kept = ARGV[9], generation = ARGV[10], claims = ARGV[11],
  ending = ARGV[12] },
  tonumber(ARGV[5]))
local reply = appended(append(ARGV[6], text))
reply[#reply + 1] = ended
return reply
