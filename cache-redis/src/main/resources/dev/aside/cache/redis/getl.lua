-- Looks one key up and asks for the lease to load it.
--
-- KEYS  entry, stamp, meta, writers
-- ARGV  1 token, 2 lease in ms, 3 generation the caller knows, 4 shape of the caller's values,
--       5 randomness for a new stamp, 6 fresh ms at or below which a live value is to be loaded anew,
--       7 SHA-1 of a body the caller could not read, or whose tags are void, or ''
-- Returns {'G'}                                the caller's generation is over: attach first
--         {'L'} / {'W'}                        somebody else loads / writes the key
--         {'N', stamp, sequence}               nothing there: the lease is granted
--         {'V', entry, left}                   a value that needs no load
--         {'B', entry, left}                   a live value that somebody else is loading anew
--         {'R', entry, left, stamp, sequence}  a live value and the lease to load it anew
local at = redis.pcall('HMGET', KEYS[3], 'g', 'n')
if at.err or at[1] ~= ARGV[3] then
  return { 'G' }
end
local n = tonumber(at[2] or '') or 0 -- a missing one contradicts the log, which begins a new generation
local stamp = stampFor(KEYS[2], ARGV[3], ARGV[4], ARGV[5])

-- Guards against race: a load that begins before the commit of an announced write and ends after its writer died
-- (FencedIT.writerDies_betweenCommitAndInvalidation_nothingOldIsKept)
if #writers(KEYS[4]) > 0 then
  return { 'W' }
end
local entry = redis.pcall('GET', KEYS[1])
local kind = type(entry) == 'string' and string.sub(entry, 1, 1)
local current = kind and string.sub(entry, 2, 24) == stamp .. '|'
-- No lease is longer than this: one that is, or that never ends, is damaged, and must not shut the key for ever.
local longest = math.max(60000, 10 * tonumber(ARGV[2]))
if current and kind == 'L' and #entry == 40 then
  local ends = redis.call('PTTL', KEYS[1])
  if ends > 0 and ends <= longest then
    return { 'L' }
  end
end
if current and kind == 'V' and #entry > 90 and string.find(string.sub(entry, 41, 90), '^%d+$') then
  local deadline = tonumber(string.sub(entry, 41, 53))
  local fresh, keep = tonumber(string.sub(entry, 54, 65)), tonumber(string.sub(entry, 66, 77))
  local time = now()
  local left = math.min(redis.call('PTTL', KEYS[1]), tonumber(string.sub(entry, 78, 90)) - time)
  local readable = ARGV[7] == '' or redis.sha1hex(string.sub(entry, 91)) ~= ARGV[7]
  if fresh >= 1 and keep >= fresh and left > 0 then
    if readable and math.min(left, keep) - (keep - fresh) > tonumber(ARGV[6]) then
      return { 'V', entry, left }
    end
    if deadline > time and deadline <= time + longest then
      if readable then
        return { 'B', entry, left }
      end
      return { 'L' }
    end
    if readable then
      redis.call('SETRANGE', KEYS[1], 24, ARGV[1] .. string.format('%013.0f', time + tonumber(ARGV[2])))
      return { 'R', entry, left, stamp, n }
    end
  end
end
redis.call('SET', KEYS[1], 'L' .. stamp .. '|' .. ARGV[1], 'PX', ARGV[2]) -- absent, void, garbage or of a wrong type
return { 'N', stamp, n }
