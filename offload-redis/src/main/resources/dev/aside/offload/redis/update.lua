-- ARGV 5 id  6 node  7 epoch  8 lease ms  9 state  10 attempts  11 failures  12 due ms or ''
--      13 done  14 total  15 message     -> answer
local id, node, epoch, state = ARGV[5], ARGV[6], ARGV[7], ARGV[9]
local h = read(id)
if not h.st then return 'GONE' end
if takesBack(h, node, epoch) and state == 'RUNNING' then
  takeBack(id, h, node, epoch)
elseif h.own ~= node or h.ep ~= epoch or TERMINAL[h.st] or (h.k == 'NAMED' and h.st ~= 'RUNNING') then
  return 'FENCED'
end
redis.call('HSET', job(id), 'st', state, 'att', ARGV[10], 'fail', ARGV[11], 'pd', ARGV[13], 'pt', ARGV[14], 'pm', ARGV[15])
if ARGV[12] == '' then redis.call('HDEL', job(id), 'due') else redis.call('HSET', job(id), 'due', ARGV[12]) end
if state == 'RUNNING' and h.st ~= 'RUNNING' then redis.call('HSET', job(id), 'sat', now) end
redis.call('ZADD', leases(h), int(now + tonumber(ARGV[8])), id)
changed(id)
return 'OK'
