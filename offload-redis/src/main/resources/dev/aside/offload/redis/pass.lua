-- gives tickets back that a process has no use for
-- ARGV 5 type  6.. tickets     -> number
local tickets = P .. 'tkt:' .. ARGV[5]
redis.call('XACK', tickets, 'w', unpack(ARGV, 6))
redis.call('XDEL', tickets, unpack(ARGV, 6))
arm(ARGV[5])
return #ARGV - 5
