-- Shared by the scripts on sessions and on the log. All times are Unix milliseconds of Redis' clock.
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local function int(n) return string.format('%.0f', n) end
