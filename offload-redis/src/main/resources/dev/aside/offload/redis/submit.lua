-- ARGV 5 id  6 type  7 delay ms  8 penalty ms  9 most waiting of the type, 0: any  10 most payload bytes of the shard
--      11 start within ms, -1: any time  12 name of the idempotency key, '': none  13 fingerprint  14 key ttl ms
--      15 payload  16.. field, value
-- -> {answer, id}
local id, type, delay = ARGV[5], ARGV[6], tonumber(ARGV[7])
if redis.call('EXISTS', job(id)) == 1 then return {'ACCEPTED', id} end -- sent twice
local refused = conflict(ARGV[12], ARGV[13])
if refused then return refused end
local waiting = redis.call('ZCARD', P .. 'rdy:' .. type) + redis.call('ZCARD', P .. 'dly:' .. type)
if tonumber(ARGV[9]) > 0 and waiting >= tonumber(ARGV[9]) then return {'FULL', id} end
local size = #ARGV[15]
if redis.call('HINCRBY', P .. 'meta', 'bytes', size) > tonumber(ARGV[10]) then
  redis.call('HINCRBY', P .. 'meta', 'bytes', int(0 - size))
  return {'FULL', id}
end

local record = {'st', delay > 0 and 'SCHEDULED' or 'QUEUED', 'ver', 1, 'type', type, 'k', 'NAMED', 'ep', 0, 'att', 0,
  'fail', 0, 'crash', 0, 'cat', now, 'pen', ARGV[8], 'pl', size}
for i = 16, #ARGV do record[#record + 1] = ARGV[i] end
redis.call('HSET', job(id), unpack(record))
redis.call('SET', P .. 'p:' .. id, ARGV[15])
if waiting == 0 then redis.call('SADD', P .. 'types', type) end -- else one that waits has done it; the audit heals
redis.call('ZADD', P .. 'live', now, id)
if tonumber(ARGV[11]) >= 0 then redis.call('HSET', job(id), 'exp', int(now + tonumber(ARGV[11]))) end
hold(ARGV[12], ARGV[13], ARGV[14], id)
if delay > 0 then
  redis.call('HSET', job(id), 'due', int(now + delay))
  redis.call('ZADD', P .. 'dly:' .. type, int(now + delay), id)
else
  ready(id, type, micros, ARGV[8])
  arm(type)
end
return {'ACCEPTED', id}
