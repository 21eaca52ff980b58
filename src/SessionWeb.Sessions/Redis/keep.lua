-- KEYS[1]: the account. ARGV: …, handle, the next epoch. The session stays when all others end. Applied late, it takes nothing back.
open(KEYS[1])
local record = redis.call('HGET', account, ARGV[4])
local s = record and parse(record)
if s and s.epoch < tonumber(ARGV[5]) then
  s.epoch = tonumber(ARGV[5])
  put(ARGV[4], s)
end
