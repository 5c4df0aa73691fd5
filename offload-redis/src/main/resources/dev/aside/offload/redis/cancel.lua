-- ARGV 5 id  6 reason  7 problem     -> answer
local id = ARGV[5]
local h = read(id)
if not h.st then return 'GONE' end
if TERMINAL[h.st] then return 'TERMINAL' end
redis.call('HSET', job(id), 'cxl', '1', 'why', ARGV[6])
if h.k == 'LOCAL' or h.st == 'RUNNING' then
  changed(id)
  redis.call('PUBLISH', P .. 'ev', 'c ' .. id .. ' ' .. ARGV[6])
  return 'REQUESTED'
end
redis.call('ZREM', P .. 'rdy:' .. h.type, id)
redis.call('ZREM', P .. 'dly:' .. h.type, id)
over(id, h, 'CANCELLED', ARGV[7], '')
return 'CANCELLED'
