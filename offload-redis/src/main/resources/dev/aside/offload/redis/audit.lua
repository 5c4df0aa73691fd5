-- puts unfinished jobs back into the index they belong to, and takes entries without a job out
-- ARGV 5 cursor  6 lease ms  7 for how long a process reads no tickets before its name is forgotten, ms
--      8 for how long no other process need do the same, ms; 0: do it in any case
--      -> {next cursor, number of repairs}
if ARGV[5] == '0' and ARGV[8] ~= '0' and not redis.call('SET', P .. 'aud', '1', 'NX', 'PX', ARGV[8]) then return {'0', 0} end
local slice = redis.call('ZSCAN', P .. 'live', ARGV[5], 'COUNT', 100)
local repairs = 0
local function put(index, score, id)
  if not redis.call('ZSCORE', index, id) then
    redis.call('ZADD', index, int(score), id)
    repairs = repairs + 1
  end
end
for i = 1, #slice[2], 2 do
  local id = slice[2][i]
  local h = read(id)
  if not h.st or TERMINAL[h.st] then
    redis.call('ZREM', P .. 'live', id)
    repairs = repairs + 1
    if not h.st then -- nothing else would ever remove its payload
      local size = redis.call('STRLEN', P .. 'p:' .. id)
      if size > 0 then
        redis.call('DEL', P .. 'p:' .. id)
        redis.call('HINCRBY', P .. 'meta', 'bytes', -size)
      end
    end
  elseif h.k == 'LOCAL' or h.st == 'RUNNING' then
    put(leases(h), now + tonumber(ARGV[6]), id)
  elseif h.st == 'SCHEDULED' then
    put(P .. 'dly:' .. h.type, tonumber(redis.call('HGET', job(id), 'due') or now), id)
  else
    put(P .. 'rdy:' .. h.type, micros + (tonumber(h.pen or '0') or 0) * 1000, id)
  end
  if h.st and h.k == 'NAMED' then redis.call('SADD', P .. 'types', h.type) end
end
-- every process that ever read tickets is a consumer of the group
local function forgetReaders(type)
  local readers = redis.pcall('XINFO', 'CONSUMERS', P .. 'tkt:' .. type, 'w')
  if readers.err then return end
  for _, reader in ipairs(readers) do
    local fields = {}
    for i = 1, #reader, 2 do fields[reader[i]] = reader[i + 1] end
    if fields.pending == 0 and fields.idle > tonumber(ARGV[7]) then
      redis.call('XGROUP', 'DELCONSUMER', P .. 'tkt:' .. type, 'w', fields.name)
    end
  end
end
if ARGV[5] == '0' then
  for _, type in ipairs(redis.call('SMEMBERS', P .. 'types')) do forgetReaders(type) end
end
return {slice[1], repairs}
