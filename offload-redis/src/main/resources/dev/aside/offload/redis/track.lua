-- takes over a job that runs, or waits to run, in one process
-- ARGV 5 id  6 type  7 kind  8 lease ms  9 name of the idempotency key, '': none  10 fingerprint  11 key ttl ms
--      12 payload of a named job, else ''  13 most payload bytes of the shard  14.. field, value
-- -> {answer, id}
local id, type, kind = ARGV[5], ARGV[6], ARGV[7]
if redis.call('EXISTS', job(id)) == 1 then return {'ACCEPTED', id} end -- sent twice
local refused = conflict(ARGV[9], ARGV[10])
if refused then return refused end
local record = {'ver', 1, 'type', type, 'k', kind}
if kind == 'NAMED' then
  local size = #ARGV[12]
  if tonumber(redis.call('HGET', P .. 'meta', 'bytes') or '0') + size > tonumber(ARGV[13]) then return {'FULL', id} end
  redis.call('SET', P .. 'p:' .. id, ARGV[12])
  redis.call('HINCRBY', P .. 'meta', 'bytes', size)
  redis.call('SADD', P .. 'types', type)
  record[#record + 1] = 'pl'
  record[#record + 1] = size
end
for i = 14, #ARGV do record[#record + 1] = ARGV[i] end
redis.call('HSET', job(id), unpack(record))
hold(ARGV[9], ARGV[10], ARGV[11], id)
redis.call('ZADD', P .. 'live', now, id)
redis.call('ZADD', leases({k = kind, type = type}), int(now + tonumber(ARGV[8])), id)
return {'ACCEPTED', id}
