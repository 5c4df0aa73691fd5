-- Invalidates keys of one cache: values and leases away, announced writes overtaken or ended, one log entry per key.
-- Appends always, whether or not an entry was there: nodes may hold what this server has lost.
--
-- KEYS  meta, log, stamp, then the writers of each key, then the entries of each key in all shapes that ARGV[1] names
-- ARGV  shapes the caller knows (8 bytes each), then per key its log entry and the tokens of the announced writes that
--       end (16 bytes each)
-- Returns {'K', generation, sequence} done, {'S', shapes} if values of more shapes may exist: to be repeated with these.
--         NOGEN / NOLOG: attach, then repeat.
local g, n = position(KEYS[1])
if not g then
  return noGeneration()
end
local keys = (#ARGV - 1) / 2
local texts = redis.call('MGET', unpack(KEYS, 3, 3 + keys)) -- of another type: as if there were none
local unknown = unknownShapes(texts[1], ARGV[1])
if unknown then
  return { 'S', unknown }
end

for i = 1, keys do
  local refused = append(KEYS[2], g, n + i, ARGV[2 * i])
  if refused then
    return refused
  end
end
moveTo(KEYS[1], KEYS[2], n + keys, keys)
for i = 1, keys do
  local live = liveWriters(KEYS[3 + i], texts[1 + i])
  if #live > 0 then
    keepWriters(KEYS[3 + i], overtake(live, ARGV[1 + 2 * i]))
  end
end
if #KEYS > 3 + keys then
  redis.call('UNLINK', unpack(KEYS, 4 + keys))
end
return { 'K', g, n + keys }
