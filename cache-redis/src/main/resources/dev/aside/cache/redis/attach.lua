-- Ties a shard to this server's history. The first command on every connection, before anything is read or filled.
--
-- KEYS  meta, log
-- ARGV  generation to use if a new one is due, shards this node is configured for,
--       generation and sequence the caller knows ('' and '0' if none)
-- Returns {generation, sequence, history, shards}
--
-- A generation ends when the server's history does (restart, failover, FLUSHALL, restored snapshot), when the meta or
-- the log is missing, of a wrong type or contradicts the other, and when the caller has seen a later sequence than the
-- server has. Every value carries the generation it was stored under, so all older values are void from here on.
local function history(section, field)
  local info = redis.pcall('INFO', section)
  return type(info) == 'string' and string.match(info, field .. ':(%x+)') or '?' -- '?': hidden from us
end

local h = history('server', 'run_id') .. '|' .. history('replication', 'master_replid')
local meta = redis.pcall('HMGET', KEYS[1], 'g', 'n', 'h', 's')
local g, n = meta[1], tonumber(meta[2] or '')

local function stands()
  if meta.err or not g or #g ~= 11 or not n or meta[3] ~= h then
    return false
  end
  if g == ARGV[3] and n < tonumber(ARGV[4]) then
    return false
  end
  local last = redis.pcall('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
  return not last.err and (not last[1] or last[1][1] == string.format('%.0f-0', n))
end

if stands() then
  return { g, n, h, tonumber(meta[4] or '') or 0 }
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'f', '1', 'g', ARGV[1], 'n', '0', 't', '0', 'h', h, 's', ARGV[2])
return { ARGV[1], 0, h, tonumber(ARGV[2]) }
