-- Put before the scripts that have to do with announced writes.
--
-- A key's writers, 30 bytes each: token (16), mark (1), deadline (13). The mark is '-' as long as nobody else has touched
-- the key since the announcement, then '!'. The deadline is in ms of this server's clock; the whole expires with the
-- latest.

-- The live writers of a key, in {token, mark, deadline} each, by the text that stands there. What is no such list goes.
local function liveWriters(key, text)
  local live = {}
  if text == false then
    return live
  end
  if type(text) == 'string' and #text % 30 == 0 and redis.call('PTTL', key) > 0 then
    local time = now()
    for at = 1, #text, 30 do
      local deadline = tonumber(string.match(string.sub(text, at + 17, at + 29), '^%d+$') or '')
      -- Guards against race: a guard that ran out while another writer's goes on
      -- (WriterScriptIT.writers_guardOver_isNoLongerOne)
      if deadline and deadline > time then
        live[#live + 1] = { string.sub(text, at, at + 15), string.sub(text, at + 16, at + 16), deadline }
      end
    end
  end
  if #live == 0 then
    redis.call('DEL', key)
  end
  return live
end

local function writers(key)
  return liveWriters(key, redis.pcall('GET', key))
end

local function keepWriters(key, live)
  if #live == 0 then
    redis.call('DEL', key)
    return
  end
  local parts, last = {}, 0
  for i, writer in ipairs(live) do
    parts[i] = writer[1] .. writer[2] .. string.format('%013.0f', writer[3])
    last = math.max(last, writer[3])
  end
  redis.call('SET', key, table.concat(parts), 'PX', string.format('%.0f', math.max(1, last - now())))
end

local function isOneOf(token, tokens)
  for at = 1, #tokens, 16 do
    if string.sub(tokens, at, at + 15) == token then
      return true
    end
  end
  return false
end

-- Somebody has touched the key: of the writers those with the given tokens are done, all others are overtaken.
-- Guards against race: two writers whose commits and puts come in different orders
-- (WritersIT.put_twoWriters_neverBothNorTheFirst)
local function overtake(live, tokens)
  local rest = {}
  for _, writer in ipairs(live) do
    if not isOneOf(writer[1], tokens) then
      rest[#rest + 1] = { writer[1], '!', writer[3] }
    end
  end
  return rest
end
