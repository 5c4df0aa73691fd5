-- Keeps a lease alive while its load is running.
--
-- KEYS  entry
-- ARGV  token, lease in ms
-- Returns 1 renewed, 0 if the lease is gone
local entry = redis.pcall('GET', KEYS[1])
local kind = type(entry) == 'string' and string.sub(entry, 25, 40) == ARGV[1] and string.sub(entry, 1, 1)
if kind ~= 'L' and kind ~= 'V' then
  return 0
end
if kind == 'L' then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
else
  redis.call('SETRANGE', KEYS[1], 40, string.format('%013.0f', now() + tonumber(ARGV[2])))
end
return 1
