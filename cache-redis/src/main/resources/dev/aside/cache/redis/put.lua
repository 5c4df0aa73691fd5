-- Ends an announced write with the value it wrote. The value is stored only if nobody else has touched the key since the
-- announcement: no other write was announced, begun or ended, no invalidation of the key or of one of the value's tags,
-- no clear, no new generation, and its guard time is not over. Otherwise this is an invalidation. In both cases values
-- and leases that were there are away, and the log says so.
--
-- KEYS  meta, log, stamp, writers, entry, then the value's tags, then the entries in the other shapes that ARGV[1] names
-- ARGV  1 shapes the caller knows (8 bytes each), its own among them, 2 log entry, 3 token, 4 stamp and 5 sequence at the
--       announcement, 6 entry to store, 7 keep in ms, 8 number of tags
-- Returns {'K', generation, sequence, 1} stored, {..., 0} invalidated, {'S', shapes} to be repeated with these shapes.
--         NOGEN / NOLOG: attach, then repeat.
local g, n = position(KEYS[1])
if not g then
  return noGeneration()
end
local stamp = redis.pcall('GET', KEYS[3])
local unknown = unknownShapes(stamp, ARGV[1])
if unknown then
  return { 'S', unknown }
end

local live = writers(KEYS[4])
local rest = overtake(live, ARGV[3])
local mine = false
for _, writer in ipairs(live) do
  -- Guards against race: an announcement that ended, ran out or was overtaken (WriterScriptIT.put_tokenGone_invalidates,
  -- WriterScriptIT.put_overtaken_invalidates)
  mine = mine or (writer[1] == ARGV[3] and writer[2] == '-')
end
-- Guards against race: a clear, or a new generation, since the announcement (WriterScriptIT.put_clearedSince_invalidates,
-- WriterScriptIT.put_newGenerationSince_invalidates)
local same = isStamp(stamp) and string.sub(stamp, 1, 22) == ARGV[4] and string.sub(ARGV[4], 1, 11) == g
local keep = tonumber(ARGV[7])
local tags = tonumber(ARGV[8])
local stored = mine and #rest == 0 and same and tagsHold(KEYS[1], 6, 5 + tags, tonumber(ARGV[5]), keep)

local refused = append(KEYS[2], g, n + 1, ARGV[2])
if refused then
  return refused
end
moveTo(KEYS[1], KEYS[2], n + 1, 1)
keepWriters(KEYS[4], rest)
for i = 6 + tags, #KEYS do
  redis.call('UNLINK', KEYS[i])
end
if stored then
  store(KEYS[5], ARGV[6], ARGV[7])
  return { 'K', g, n + 1, 1 }
end
redis.call('UNLINK', KEYS[5])
return { 'K', g, n + 1, 0 }
