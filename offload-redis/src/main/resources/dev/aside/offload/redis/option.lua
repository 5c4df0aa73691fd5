-- ARGV 5 type  6 option  7 value, '': none     -> OK
redis.call('SADD', P .. 'types', ARGV[5])
if ARGV[7] == '' then
  redis.call('HDEL', P .. 'opt:' .. ARGV[5], ARGV[6])
else
  redis.call('HSET', P .. 'opt:' .. ARGV[5], ARGV[6], ARGV[7])
end
arm(ARGV[5])
return 'OK'
