-- The heartbeat: says where the log stands, and proves that this server accepts writes. It must write: a primary cut
-- off from its replicas still answers reads (min-replicas-to-write refuses the writes).
--
-- KEYS  meta
-- ARGV  node
-- Returns {generation, sequence, history of the meta, replication history of the server}; NOGEN if the shard has to be
-- attached. The other half of the history, the process, cannot change under a connection; INFO is what costs here.
local meta = redis.pcall('HMGET', KEYS[1], 'g', 'n', 'h')
local n = tonumber(meta[2] or '')
if meta.err or not meta[1] or not n or not meta[3] then
  return redis.error_reply('NOGEN the shard has no generation')
end
redis.call('HSET', KEYS[1], 'hb', ARGV[1])
local info = redis.pcall('INFO', 'replication')
return { meta[1], n, meta[3], type(info) == 'string' and string.match(info, 'master_replid:(%x+)') or '?' }
