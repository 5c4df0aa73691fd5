-- deletes jobs that are over, slice by slice; one that is not over is left alone, whatever the index says
-- ARGV 5 index  6 type, '': any  7 only those over for so many ms  8 entries to pass over  9 entries of a slice
--      10 state, '': any
-- -> {number of deleted jobs, entries to pass over next time, or -1 if there is no more}
local index, type, skip, entries, state = P .. ARGV[5], ARGV[6], tonumber(ARGV[8]), tonumber(ARGV[9]), ARGV[10]
local ids = redis.call('ZRANGEBYSCORE', index, '-inf', int(now - tonumber(ARGV[7])), 'LIMIT', skip, entries)
local deleted = 0
for _, id in ipairs(ids) do
  local h = redis.call('HMGET', job(id), 'st', 'type', 'uk')
  if not h[1] then
    redis.call('ZREM', index, id) -- its record has run out
  elseif not TERMINAL[h[1]] or (type ~= '' and h[2] ~= type) or (state ~= '' and h[1] ~= state) then
    skip = skip + 1
  else
    if h[3] and redis.call('HGET', P .. 'u:' .. h[3], 'id') == id then redis.call('DEL', P .. 'u:' .. h[3]) end
    redis.call('ZREM', index, id)
    redis.call('DEL', job(id), P .. 'p:' .. id, P .. 'r:' .. id)
    deleted = deleted + 1
  end
end
return {deleted, #ids == entries and skip or -1}
