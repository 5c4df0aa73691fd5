-- Invalidates what carries one of some tags of one cache, in this shard. Without its stamp a tag voids every value; the
-- next stamp will not be below this sequence, so that values loaded before it do not count again.
--
-- KEYS  meta, log, then the stamps of the tags
-- ARGV  per tag its log entry
-- Returns {'K', generation, sequence}; NOGEN / NOLOG: attach, then repeat.
local g, n = position(KEYS[1])
if not g then
  return noGeneration()
end
for i = 3, #KEYS do
  local refused = append(KEYS[2], g, n + i - 2, ARGV[i - 2])
  if refused then
    return refused
  end
end
n = n + #KEYS - 2
moveTo(KEYS[1], KEYS[2], n, #KEYS - 2)
redis.call('HSET', KEYS[1], 't', string.format('%d', n))
for i = 3, #KEYS do
  redis.call('UNLINK', KEYS[i])
end
return { 'K', g, n }
