-- wrk … -- COOKIES: each request sends a random line of that file as its cookie, with the headers of an https proxy.
-- The last line of the output is the result as JSON.
local requests, threads = {}, 0

function setup(thread)
  threads = threads + 1
  thread:set('seed', threads)
end

function init(args)
  math.randomseed(seed)
  for cookie in io.lines(args[1]) do
    local headers = { ['X-Forwarded-Proto'] = 'https', ['X-Forwarded-For'] = '192.0.2.1' }
    if cookie ~= '' then headers['Cookie'] = cookie end
    requests[#requests + 1] = wrk.format('GET', nil, headers)
  end
end

function request()
  return requests[math.random(#requests)]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"micros":%d,"p50":%d,"p99":%d,"refused":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
