-- Put before the scripts that write to the log.

-- The generation and the sequence of a shard, or nothing.
local function position(meta)
  local at = redis.pcall('HMGET', meta, 'g', 'n')
  local n = tonumber(at[2] or '')
  if at.err or not at[1] or not n then
    return nil
  end
  return at[1], n
end

local function noGeneration()
  return redis.error_reply('NOGEN the shard has no generation')
end

-- Appends one entry; returns nothing, or the error to reply with. The sequence is the id, so no clock is in it. An id
-- that is refused means that log and meta contradict each other.
local function append(log, length, g, n, cache, key)
  local id = string.format('%.0f-0', n)
  local added = redis.pcall('XADD', log, 'MAXLEN', '~', length, id, 'g', g, 'c', cache, 'k', key)
  if type(added) == 'table' and added.err then
    return redis.error_reply('NOLOG ' .. added.err)
  end
end

local function moveTo(meta, n)
  redis.call('HSET', meta, 'n', string.format('%.0f', n))
end
