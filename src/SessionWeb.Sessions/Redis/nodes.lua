-- Returns the register, the nodes' statistics, the number of the newest entry, and the time.
return { redis.call('HGETALL', nodes), redis.call('HGETALL', figures), number('seq'), int(now) }
