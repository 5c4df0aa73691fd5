-- Invalidates a whole cache at once: without its stamp none of its values and leases counts any more.
--
-- KEYS  meta, log, stamp
-- ARGV  cache, log entries to keep, the caller's node
-- Returns 1; NOGEN / NOLOG: attach, then repeat.
local meta = redis.pcall('HMGET', KEYS[1], 'g', 'n')
local g, n = meta[1], tonumber(meta[2] or '')
if meta.err or not g or not n then
  return redis.error_reply('NOGEN the shard has no generation')
end
n = n + 1
local id = string.format('%.0f-0', n)
local added = redis.pcall('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], id, 'g', g, 'c', ARGV[1], 'k', '*',
  'o', ARGV[3])
if type(added) == 'table' and added.err then
  return redis.error_reply('NOLOG ' .. added.err)
end
redis.call('HSET', KEYS[1], 'n', string.format('%.0f', n))
redis.call('DEL', KEYS[3])
return 1
