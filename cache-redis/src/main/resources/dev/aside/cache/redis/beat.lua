-- The heartbeat: says where the log stands, and proves that this server accepts writes. It must write: a primary cut
-- off from its replicas still answers reads (min-replicas-to-write refuses the writes).
--
-- KEYS  meta
-- ARGV  node
-- Returns {generation, sequence, history of the meta, history of the server}; NOGEN if the shard has to be attached.
local function history(section, field)
  local info = redis.pcall('INFO', section)
  return type(info) == 'string' and string.match(info, field .. ':(%x+)') or '?'
end

local meta = redis.pcall('HMGET', KEYS[1], 'g', 'n', 'h')
local n = tonumber(meta[2] or '')
if meta.err or not meta[1] or not n or not meta[3] then
  return redis.error_reply('NOGEN the shard has no generation')
end
redis.call('HSET', KEYS[1], 'hb', ARGV[1])
return { meta[1], n, meta[3], history('server', 'run_id') .. '|' .. history('replication', 'master_replid') }
