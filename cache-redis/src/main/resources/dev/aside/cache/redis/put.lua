-- Ends an announced write with the value it wrote. The value is stored only if nobody else has touched the key since the
-- announcement: no other write was announced, begun or ended, no invalidation of the key or of one of the value's tags,
-- no clear, no new generation, and its guard time is not over. Otherwise this is an invalidation. In both cases values
-- and leases that were there are away, and the log says so.
--
-- KEYS  meta, log, stamp, writers, entry, then the value's tags, then the entries in the other shapes that ARGV[2] names
-- ARGV  1 cache, 2 shapes the caller knows (8 bytes each), its own among them, 3 log entries to keep, 4 log key, 5 token,
--       6 stamp and 7 sequence at the announcement, 8 entry to store, 9 keep in ms, 10 number of tags, 11 node
-- Returns {'K', generation, sequence, 1} stored, {..., 0} invalidated, {'S', shapes} to be repeated with these shapes.
--         NOGEN / NOLOG: attach, then repeat.
local g, n = position(KEYS[1])
if not g then
  return noGeneration()
end
local stamp = redis.pcall('GET', KEYS[3])
local unknown = unknownShapes(stamp, ARGV[2])
if unknown then
  return { 'S', unknown }
end

local live = writers(KEYS[4])
local rest = overtake(live, ARGV[5])
local mine = false
for _, writer in ipairs(live) do
  -- Guards against race: an announcement that ended, ran out or was overtaken (WriterScriptIT.put_tokenGone_invalidates,
  -- WriterScriptIT.put_overtaken_invalidates)
  mine = mine or (writer[1] == ARGV[5] and writer[2] == '-')
end
-- Guards against race: a clear, or a new generation, since the announcement (WriterScriptIT.put_clearedSince_invalidates,
-- WriterScriptIT.put_newGenerationSince_invalidates)
local same = isStamp(stamp) and string.sub(stamp, 1, 22) == ARGV[6] and string.sub(ARGV[6], 1, 11) == g
local keep = tonumber(ARGV[9])
local tags = tonumber(ARGV[10])
local stored = mine and #rest == 0 and same and tagsHold(KEYS[1], 6, 5 + tags, tonumber(ARGV[7]), keep)

local refused = append(KEYS[2], ARGV[3], g, n + 1, ARGV[1], ARGV[4])
if refused then
  return refused
end
moveTo(KEYS[1], n + 1)
keepWriters(KEYS[4], rest)
for i = 6 + tags, #KEYS do
  redis.call('UNLINK', KEYS[i])
end
if stored then
  store(KEYS[5], ARGV[8], ARGV[9])
  return { 'K', g, n + 1, 1 }
end
redis.call('UNLINK', KEYS[5])
return { 'K', g, n + 1, 0 }
