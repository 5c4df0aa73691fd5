-- Announces writes of keys of one cache. Does what an invalidation does, and from now until the end of the announcement,
-- or of its guard time, nobody is granted a lease on the keys. Said twice it stands once.
--
-- KEYS  meta, log, stamp, then the writers of each key, then the entries of each key in all shapes that ARGV[1] names
-- ARGV  1 shapes the caller knows (8 bytes each), 2 guard in ms, 3 shape of the caller's values, or '' if it has not
--       opened the cache, 4 randomness for a new stamp, then per key its log entry and a token
-- Returns {'K', generation, sequence, stamp or ''} done, {'S', shapes} to be repeated with these shapes,
--         {'F'} nothing done: a key has too many writers.
--         NOGEN / NOLOG: attach, then repeat.
local MOST = 64
local g, n = position(KEYS[1])
if not g then
  return noGeneration()
end
local unknown = unknownShapes(redis.pcall('GET', KEYS[3]), ARGV[1])
if unknown then
  return { 'S', unknown }
end

local keys = (#ARGV - 4) / 2
local live = {}
for i = 1, keys do
  live[i] = writers(KEYS[3 + i])
  if #live[i] >= MOST then
    return { 'F' }
  end
end
for i = 1, keys do
  local refused = append(KEYS[2], g, n + i, ARGV[3 + 2 * i])
  if refused then
    return refused
  end
end
n = n + keys
moveTo(KEYS[1], KEYS[2], n, keys)
local deadline = now() + ARGV[2]
for i = 1, keys do
  local token = ARGV[4 + 2 * i]
  local rest = overtake(live[i], token)
  -- Who comes while another writes is overtaken at once: should the other's guard run out, nobody can tell whose write
  -- was last. Guards against race: the first writer's guard runs out (WritersIT.put_firstWritersGuardRanOut_isRefused)
  local mine = { token, #rest == 0 and '-' or '!', deadline }
  for _, writer in ipairs(live[i]) do
    mine = writer[1] == token and writer or mine
  end
  rest[#rest + 1] = mine
  keepWriters(KEYS[3 + i], rest)
end
if #KEYS > 3 + keys then
  redis.call('UNLINK', unpack(KEYS, 4 + keys))
end
local stamp = ''
if ARGV[3] ~= '' then
  stamp = stampFor(KEYS[3], g, ARGV[3], ARGV[4])
end
return { 'K', g, n, stamp }
