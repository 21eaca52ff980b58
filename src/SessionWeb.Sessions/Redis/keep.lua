-- Lets a session survive the next epoch. KEYS[1]: the account. ARGV: the common ones, handle, the next epoch
open(KEYS[1])
local record = redis.call('HGET', account, ARGV[4])
local s = record and parse(record)
if s and s.epoch < tonumber(ARGV[5]) then
  s.epoch = tonumber(ARGV[5])
  put(ARGV[4], s)
end
