-- Invalidates keys of one cache: values and leases away, announced writes overtaken or ended, one log entry per key.
-- Appends always, whether or not an entry was there: nodes may hold what this server has lost.
--
-- KEYS  meta, log, stamp, then per key its writers and its entries in all shapes that ARGV[2] names
-- ARGV  cache, shapes the caller knows (8 bytes each), log entries to keep,
--       then per key its log key and the tokens of the announced writes that end (16 bytes each), then node
-- Returns {'K', generation, sequence} done, {'S', shapes} if values of more shapes may exist: to be repeated with these.
--         NOGEN / NOLOG: attach, then repeat.
local g, n = position(KEYS[1])
if not g then
  return noGeneration()
end
local keys = (#ARGV - 4) / 2
local each = 1 + #ARGV[2] / 8
local names = { KEYS[3] }
for i = 1, keys do
  names[i + 1] = KEYS[4 + (i - 1) * each]
end
local texts = redis.call('MGET', unpack(names)) -- of another type: as if there were none
local unknown = unknownShapes(texts[1], ARGV[2])
if unknown then
  return { 'S', unknown }
end

for i = 1, keys do
  local refused = append(KEYS[2], ARGV[3], g, n + i, ARGV[1], ARGV[2 + 2 * i])
  if refused then
    return refused
  end
end
moveTo(KEYS[1], n + keys)
local entries = {}
for i = 1, keys do
  local at = 4 + (i - 1) * each
  local live = liveWriters(KEYS[at], texts[i + 1])
  if #live > 0 then
    keepWriters(KEYS[at], overtake(live, ARGV[3 + 2 * i]))
  end
  for entry = at + 1, at + each - 1 do
    entries[#entries + 1] = KEYS[entry]
  end
end
if #entries > 0 then
  redis.call('UNLINK', unpack(entries))
end
return { 'K', g, n + keys }
