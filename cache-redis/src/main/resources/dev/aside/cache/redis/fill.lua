-- Stores a loaded value if its lease is still alive: nobody invalidated or announced a write of the key, cleared the
-- cache, took the lease over, or invalidated one of the value's tags since it was granted. While a write is announced
-- there is no live lease: the announcement removed it, and none is granted.
--
-- KEYS  entry, stamp, meta, then the value's tags
-- ARGV  token, stamp the lease was granted under, entry to store, keep in ms, sequence at which the lease was granted
-- Returns 1 stored, 0 refused
local entry = redis.pcall('GET', KEYS[1])
if type(entry) ~= 'string' or string.sub(entry, 2, 24) ~= ARGV[2] .. '|' or string.sub(entry, 25, 40) ~= ARGV[1] then
  return 0
end
local stamp = redis.pcall('GET', KEYS[2])
if type(stamp) ~= 'string' or string.sub(stamp, 1, 22) ~= ARGV[2]
  or redis.pcall('HGET', KEYS[3], 'g') ~= string.sub(ARGV[2], 1, 11)
  or not tagsHold(KEYS[3], 4, #KEYS, tonumber(ARGV[5]), tonumber(ARGV[4])) then
  redis.call('DEL', KEYS[1]) -- our own lease on something that is void
  return 0
end
store(KEYS[1], ARGV[3], ARGV[4])
return 1
