-- ARGV 5 id  6 node  7 epoch  8 end: a terminal state, RETRY or RELEASE  9 problem or ''  10 error in short
--      11 detached: 1 or 0  12 delay ms  13 result ttl ms  14 media type of the result, 15 result; neither: no result
-- -> answer
local id, node, epoch, outcome, delay = ARGV[5], ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[12])
local h = read(id)
if not h.st then return 'GONE' end
local this = outcome .. ' ' .. node .. ' ' .. epoch
if h.last == this then return 'ALREADY' end -- sent twice
if takesBack(h, node, epoch) then
  takeBack(id, h, node, epoch) -- late, but nobody else has begun
elseif h.own ~= node or h.ep ~= epoch or TERMINAL[h.st] or (h.k == 'NAMED' and h.st ~= 'RUNNING') then
  return 'FENCED'
end
local handsBack = outcome == 'RETRY' or outcome == 'RELEASE'
if handsBack and h.k ~= 'NAMED' then return 'FENCED' end

redis.call('ZREM', leases(h), id)
redis.call('HSET', job(id), 'last', this)
if handsBack then
  if outcome == 'RETRY' then
    redis.call('HINCRBY', job(id), 'fail', 1)
    redis.call('HSET', job(id), 'err', ARGV[10])
  elseif redis.call('HINCRBY', job(id), 'att', -1) < 0 then
    redis.call('HSET', job(id), 'att', 0)
  end
  redis.call('HSET', job(id), 'st', delay > 0 and 'SCHEDULED' or 'QUEUED', 'own', '')
  if delay > 0 then
    redis.call('HSET', job(id), 'due', int(now + delay))
    redis.call('ZADD', P .. 'dly:' .. h.type, int(now + delay), id)
  elseif outcome == 'RELEASE' then
    readyAgain(id, h.type, h.pen)
  else
    ready(id, h.type, micros, h.pen)
  end
  changed(id)
else
  if ARGV[15] then
    redis.call('HSET', P .. 'r:' .. id, 'ct', ARGV[14], 'b', ARGV[15])
    redis.call('PEXPIRE', P .. 'r:' .. id, ARGV[13])
  end
  if ARGV[11] == '1' then redis.call('HSET', job(id), 'det', '1') end
  over(id, h.type, outcome, ARGV[9], ARGV[10])
end
if h.k == 'NAMED' then arm(h.type) end
return 'OK'
