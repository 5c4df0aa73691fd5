-- Put before the scripts that store values with tags.
--
-- A tag's stamp: generation (11) and a sequence not below that of the tag's last invalidation. There is one as long as
-- values carry the tag; the next fill makes it up from that of the last invalidation of any tag ('t' of the meta), and
-- whoever finds none takes the value for void.

-- Whether no tag (KEYS from..to) was invalidated after a sequence. If so, all their stamps outlive a value that is kept
-- for some ms from now.
local function tagsHold(meta, from, to, since, keep)
  if from > to then
    return true
  end
  local at = redis.pcall('HMGET', meta, 'g', 'n', 't')
  local g = at[1]
  -- Guards against race: a tag invalidated between lease and fill while it has no stamp
  -- (TagScriptIT.fill_tagWithoutStampInvalidatedSince_isRefused)
  local last = tonumber(at[3] or '') or tonumber(at[2] or '') or math.huge
  local absent = {}
  for i = from, to do
    local stamp = redis.pcall('GET', KEYS[i])
    local step = type(stamp) == 'string' and string.sub(stamp, 1, 11) == g and tonumber(string.sub(stamp, 12))
    absent[i] = not step
    -- Guards against race: a tag invalidated between lease and fill, and stamped again since
    -- (TagScriptIT.fill_tagInvalidatedAndStampedSince_isRefused)
    if (step or last) > since then
      return false
    end
  end
  local longer = string.format('%.0f', 2 * keep) -- so that not every fill has to prolong it
  for i = from, to do
    if absent[i] then
      redis.call('SET', KEYS[i], g .. string.format('%.0f', last), 'PX', longer)
    elseif redis.call('PTTL', KEYS[i]) < keep then
      redis.call('PEXPIRE', KEYS[i], longer)
    end
  end
  return true
end
