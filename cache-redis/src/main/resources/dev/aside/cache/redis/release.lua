-- Gives a lease back: the key is free to be leased again, a live value stays.
--
-- KEYS  entry
-- ARGV  token, an empty refresh slot
-- Returns 1 if the lease was alive
local entry = redis.pcall('GET', KEYS[1])
local kind = type(entry) == 'string' and string.sub(entry, 25, 40) == ARGV[1] and string.sub(entry, 1, 1)
if kind ~= 'L' and kind ~= 'V' then
  return 0
end
if kind == 'L' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SETRANGE', KEYS[1], 24, ARGV[2])
end
return 1
