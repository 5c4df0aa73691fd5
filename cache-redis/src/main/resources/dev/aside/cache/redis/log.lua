-- Put before the scripts that write to the log.

local KEPT = 65536 -- entries; a node that falls further behind drops everything
local TRIM_EVERY = 128 -- entries; to trim with each costs half as much as to append

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

-- Appends one entry: 'node cache key', behind the generation. Returns nothing, or the error to reply with. The sequence
-- is the id, so no clock is in it. An id that is refused means that log and meta contradict each other. One field,
-- because each costs.
local function append(log, g, n, entry)
  local added = redis.pcall('XADD', log, string.format('%d-0', n), 'e', g .. ' ' .. entry)
  if type(added) == 'table' and added.err then
    return redis.error_reply('NOLOG ' .. added.err)
  end
end

-- Some entries were appended: the shard now stands at n.
local function moveTo(meta, log, n, appended)
  redis.call('HSET', meta, 'n', string.format('%d', n))
  if n % TRIM_EVERY < appended then
    redis.call('XTRIM', log, 'MAXLEN', '~', KEPT)
  end
end
