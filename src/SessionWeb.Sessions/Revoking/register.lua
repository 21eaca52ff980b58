return { redis.call('HGETALL', nodes), redis.call('HGETALL', figures), tonumber(redis.call('GET', seq) or 0), int(now) }
