-- Invalidates a whole cache at once: without its stamp none of its values and leases counts any more, and no announced
-- write may put one.
--
-- KEYS  meta, log, stamp
-- ARGV  log entry
-- Returns {'K', generation, sequence}; NOGEN / NOLOG: attach, then repeat.
local g, n = position(KEYS[1])
if not g then
  return noGeneration()
end
local refused = append(KEYS[2], g, n + 1, ARGV[1])
if refused then
  return refused
end
moveTo(KEYS[1], KEYS[2], n + 1, 1)
redis.call('DEL', KEYS[3])
return { 'K', g, n + 1 }
