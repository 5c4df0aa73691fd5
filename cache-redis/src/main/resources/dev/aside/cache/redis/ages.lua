-- The remaining life of many entries in one command; sent before the MGET that reads them.
--
-- KEYS  entries
-- Returns their PTTLs
local left = {}
for i = 1, #KEYS do
  left[i] = redis.call('PTTL', KEYS[i])
end
return left
