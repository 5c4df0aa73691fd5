-- Invalidates keys of one cache: values and leases away, one log entry per key. Appends always, whether or not an entry
-- was there: nodes may hold what this server has lost.
--
-- KEYS  meta, log, stamp, then the entries of all keys in all shapes that ARGV[2] names
-- ARGV  cache, shapes the caller knows (8 bytes each), log entries to keep, the caller's node,
--       then one log key per key
-- Returns {'K'} done, {'S', shapes} if values of more shapes may exist: to be repeated with these.
--         NOGEN / NOLOG: attach, then repeat.
local meta = redis.pcall('HMGET', KEYS[1], 'g', 'n')
local g, n = meta[1], tonumber(meta[2] or '')
if meta.err or not g or not n then
  return redis.error_reply('NOGEN the shard has no generation')
end

local stamp = redis.pcall('GET', KEYS[3])
if type(stamp) == 'string' and #stamp >= 30 and #stamp <= 54 and (#stamp - 22) % 8 == 0
  and not string.find(stamp, '[^%w_-]') then -- else nothing counts
  for at = 23, #stamp, 8 do
    local found = false
    for known = 1, #ARGV[2], 8 do
      found = found or string.sub(ARGV[2], known, known + 7) == string.sub(stamp, at, at + 7)
    end
    if not found then
      return { 'S', string.sub(stamp, 23) }
    end
  end
end

-- The sequence is the id, so no clock is in it. An id that is refused means that log and meta contradict each other.
for i = 5, #ARGV do
  n = n + 1
  local id = string.format('%.0f-0', n)
  local added = redis.pcall('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], id, 'g', g, 'c', ARGV[1], 'k', ARGV[i],
    'o', ARGV[4])
  if type(added) == 'table' and added.err then
    return redis.error_reply('NOLOG ' .. added.err)
  end
end
redis.call('HSET', KEYS[1], 'n', string.format('%.0f', n))
for i = 4, #KEYS do
  redis.call('UNLINK', KEYS[i])
end
return { 'K' }
