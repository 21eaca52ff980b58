-- Returns the server's memory settings and use.
return redis.call('INFO', 'memory')
