-- Looks one key up and asks for the lease to load it.
--
-- KEYS  entry, stamp, meta
-- ARGV  1 token, 2 lease in ms, 3 generation the caller knows, 4 shape of the caller's values,
--       5 randomness for a new stamp, 6 fresh ms at or below which a live value is to be loaded anew,
--       7 SHA-1 of a body the caller could not read, or ''
-- Returns {'G'}                        the caller's generation is over: attach first
--         {'L'} / {'W'}                somebody else loads / writes the key
--         {'N', stamp}                 nothing there: the lease is granted
--         {'V', entry, pttl}           a value that needs no load
--         {'B', entry, pttl}           a live value that somebody else is loading anew
--         {'R', entry, pttl, stamp}    a live value and the lease to load it anew
local generation = redis.pcall('HGET', KEYS[3], 'g')
if generation ~= ARGV[3] then
  return { 'G' }
end

-- The stamp: generation, randomness, and the shapes of all values that may stand under it (8 bytes each), so that an
-- invalidation finds them all. A stamp of another generation, of a wrong type or none at all voids every value.
local stamp = redis.pcall('GET', KEYS[2])
local known = false
if type(stamp) == 'string' and #stamp >= 30 and #stamp <= 54 and (#stamp - 22) % 8 == 0
  and not string.find(stamp, '[^%w_-]')
  and string.sub(stamp, 1, 11) == ARGV[3] then
  for at = 23, #stamp, 8 do
    known = known or string.sub(stamp, at, at + 7) == ARGV[4]
  end
  if not known and #stamp < 54 then -- four shapes at most, then a new stamp
    stamp = stamp .. ARGV[4]
    redis.call('SET', KEYS[2], stamp)
    known = true
  end
end
if not known then
  stamp = ARGV[3] .. ARGV[5] .. ARGV[4]
  redis.call('SET', KEYS[2], stamp)
end
stamp = string.sub(stamp, 1, 22)

local entry = redis.pcall('GET', KEYS[1])
local kind = type(entry) == 'string' and string.sub(entry, 1, 1)
if kind == 'W' then
  return { 'W' }
end
local current = kind and string.sub(entry, 2, 24) == stamp .. '|'
-- No lease is longer than this: one that is, or that never ends, is damaged, and must not shut the key for ever.
local longest = math.max(60000, 10 * tonumber(ARGV[2]))
if current and kind == 'L' and #entry == 40 then
  local ends = redis.call('PTTL', KEYS[1])
  if ends > 0 and ends <= longest then
    return { 'L' }
  end
end
if current and kind == 'V' and #entry > 77 and string.find(string.sub(entry, 41, 77), '^%d+$') then
  local deadline = tonumber(string.sub(entry, 41, 53))
  local fresh, keep = tonumber(string.sub(entry, 54, 65)), tonumber(string.sub(entry, 66, 77))
  local left = redis.call('PTTL', KEYS[1])
  local readable = ARGV[7] == '' or redis.sha1hex(string.sub(entry, 78)) ~= ARGV[7]
  if fresh >= 1 and keep >= fresh and left > 0 and readable then
    if math.min(left, keep) - (keep - fresh) > tonumber(ARGV[6]) then
      return { 'V', entry, left }
    end
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    if deadline > now and deadline <= now + longest then
      return { 'B', entry, left }
    end
    redis.call('SETRANGE', KEYS[1], 24, ARGV[1] .. string.format('%013.0f', now + tonumber(ARGV[2])))
    return { 'R', entry, left, stamp }
  end
end
redis.call('SET', KEYS[1], 'L' .. stamp .. '|' .. ARGV[1], 'PX', ARGV[2]) -- absent, void, garbage or of a wrong type
return { 'N', stamp }
