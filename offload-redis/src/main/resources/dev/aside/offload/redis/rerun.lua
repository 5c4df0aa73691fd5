-- ARGV 5 id     -> answer
local id = ARGV[5]
local h = read(id)
if not h.st then return 'GONE' end
if h.last == 'RERUN' and h.st == 'QUEUED' then return 'ALREADY' end -- sent twice
local size = redis.call('STRLEN', P .. 'p:' .. id)
if h.st ~= 'FAILED' or h.k ~= 'NAMED' or redis.call('EXISTS', P .. 'p:' .. id) == 0 then return 'FENCED' end
redis.call('ZREM', P .. 'dead:' .. h.type, id)
redis.call('PERSIST', job(id))
redis.call('PERSIST', P .. 'p:' .. id)
redis.call('HDEL', job(id), 'pb', 'err', 'why', 'cxl', 'det', 'fat', 'exp')
redis.call('HSET', job(id), 'st', 'QUEUED', 'att', 0, 'fail', 0, 'crash', 0, 'own', '', 'pl', size, 'last', 'RERUN')
redis.call('HINCRBY', P .. 'meta', 'bytes', size)
redis.call('ZADD', P .. 'live', now, id)
redis.call('SADD', P .. 'types', h.type)
ready(id, h.type, micros, h.pen)
arm(h.type)
changed(id)
return 'OK'
