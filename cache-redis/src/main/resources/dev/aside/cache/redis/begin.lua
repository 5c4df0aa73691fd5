-- Announces writes of keys of one cache. Does what an invalidation does, and from now until the end of the announcement,
-- or of its guard time, nobody is granted a lease on the keys. Said twice it stands once.
--
-- KEYS  meta, log, stamp, then per key its writers and its entries in all shapes that ARGV[2] names
-- ARGV  1 cache, 2 shapes the caller knows (8 bytes each), 3 log entries to keep, 4 guard in ms,
--       5 shape of the caller's values, or '' if it has not opened the cache, 6 randomness for a new stamp,
--       then per key its log key and a token
-- Returns {'K', generation, sequence, stamp or ''} done, {'S', shapes} to be repeated with these shapes,
--         {'F'} nothing done: a key has too many writers.
--         NOGEN / NOLOG: attach, then repeat.
local MOST = 64
local g, n = position(KEYS[1])
if not g then
  return noGeneration()
end
local unknown = unknownShapes(redis.pcall('GET', KEYS[3]), ARGV[2])
if unknown then
  return { 'S', unknown }
end

local keys = (#ARGV - 6) / 2
local each = 1 + #ARGV[2] / 8
local live = {}
for i = 1, keys do
  live[i] = writers(KEYS[4 + (i - 1) * each])
  if #live[i] >= MOST then
    return { 'F' }
  end
end
for i = 1, keys do
  local refused = append(KEYS[2], ARGV[3], g, n + i, ARGV[1], ARGV[5 + 2 * i])
  if refused then
    return refused
  end
end
n = n + keys
moveTo(KEYS[1], n)
local deadline = now() + ARGV[4]
for i = 1, keys do
  local at = 4 + (i - 1) * each
  local token = ARGV[6 + 2 * i]
  local rest = overtake(live[i], token)
  -- Who comes while another writes is overtaken at once: should the other's guard run out, nobody can tell whose write
  -- was last. Guards against race: the first writer's guard runs out (WritersIT.put_firstWritersGuardRanOut_isRefused)
  local mine = { token, #rest == 0 and '-' or '!', deadline }
  for _, writer in ipairs(live[i]) do
    mine = writer[1] == token and writer or mine
  end
  rest[#rest + 1] = mine
  keepWriters(KEYS[at], rest)
  for entry = at + 1, at + each - 1 do
    redis.call('UNLINK', KEYS[entry])
  end
end
local stamp = ''
if ARGV[5] ~= '' then
  stamp = stampFor(KEYS[3], g, ARGV[5], ARGV[6])
end
return { 'K', g, n, stamp }
