-- Put before the scripts that store values.

-- Stores a value and notes in it when it ends, by this server's clock: who reads many values asks for the time once
-- instead of for the life of each.
local function store(key, entry, keep)
  redis.call('SET', key, entry, 'PX', keep)
  redis.call('SETRANGE', key, 77, string.format('%013.0f', now() + tonumber(keep)))
end

