-- ARGV 5 id  6 node  7 epoch     -> answer
local id = ARGV[5]
local h = read(id)
if not h.st then return 'GONE' end
if h.own ~= ARGV[6] or h.ep ~= ARGV[7] then return 'FENCED' end
local more = redis.call('HMGET', job(id), 'uk', 'pl')
if more[2] and not TERMINAL[h.st] then redis.call('HINCRBY', P .. 'meta', 'bytes', int(0 - tonumber(more[2]))) end
if more[1] then
  changed(id) -- while there is a record: the same call may wait on another node, and can claim the key after this
  if redis.call('HGET', P .. 'u:' .. more[1], 'id') == id then redis.call('DEL', P .. 'u:' .. more[1]) end
end
redis.call('ZREM', leases(h), id)
redis.call('ZREM', P .. 'rdy:' .. h.type, id)
redis.call('ZREM', P .. 'dly:' .. h.type, id)
redis.call('ZREM', P .. 'dead:' .. h.type, id)
redis.call('ZREM', P .. 'fin', id)
redis.call('ZREM', P .. 'live', id)
redis.call('DEL', job(id), P .. 'p:' .. id, P .. 'r:' .. id)
if h.k == 'NAMED' then arm(h.type) end -- under a cap its place is free
return 'OK'
