-- takes new jobs in, each by itself: what is wrong with one is nothing to the others
-- ARGV 5 most payload bytes of the shard  6 number of jobs
--      7.. per job: id, type, delay ms, penalty ms, most waiting of the type (0: any), start within ms (-1: any time),
--      name of the idempotency key ('': none), its fingerprint, its ttl ms, payload, number of fields and values, these
-- -> per job: its answer and an id; ERROR and why for one that failed
local most = tonumber(ARGV[5])
local bytes, added = tonumber(redis.call('HGET', P .. 'meta', 'bytes') or '0'), 0
local waiting, live, begins = {}, {}, {}
local writes = 'not tried' -- 'yes', or why this server takes none at the moment

local function waits(type)
  if not waiting[type] then
    waiting[type] = redis.call('ZCARD', P .. 'rdy:' .. type) + redis.call('ZCARD', P .. 'dly:' .. type)
  end
  return waiting[type]
end

-- the first write of the script, before which nothing is half done
local function begin()
  if writes == 'not tried' then
    writes = redis.pcall('HINCRBY', P .. 'meta', 'bytes', 0)
    if type(writes) ~= 'table' then writes = 'yes' end
  end
  if writes ~= 'yes' then error(writes) end
end

local function submit(turn, at, id, type, delay, penalty, limit, within, key, fingerprint, ttl, payload)
  if redis.call('EXISTS', job(id)) == 1 then return 'ACCEPTED ' .. id end -- sent twice
  local refused = conflict(key, fingerprint)
  if refused then return refused[1] .. ' ' .. refused[2] end
  local size, standing = #payload, waits(type)
  if (limit ~= '0' and standing >= tonumber(limit)) or bytes + added + size > most then return 'FULL ' .. id end

  -- what is 0 or usual is left out: each field costs at every step of the job
  local record = {'st', 'QUEUED', 'ver', 1, 'type', type, 'k', 'NAMED', 'cat', now, 'pl', size,
    unpack(ARGV, at + 11, at + 10 + ARGV[at + 10])}
  local function set(name, value)
    record[#record + 1] = name
    record[#record + 1] = value
  end
  if penalty ~= '0' then set('pen', penalty) end
  if within ~= '-1' then set('exp', int(now + within)) end
  if delay ~= '0' then
    record[2] = 'SCHEDULED'
    set('due', int(now + delay))
  end
  begin()
  redis.call('HSET', job(id), unpack(record))
  redis.call('SET', P .. 'p:' .. id, payload)
  hold(key, fingerprint, ttl, id)
  if standing == 0 then redis.call('SADD', P .. 'types', type) end -- else one that waits has done it; the audit heals
  waiting[type] = standing + 1
  added = added + size
  live[#live + 1] = now
  live[#live + 1] = id
  if delay ~= '0' then
    redis.call('ZADD', P .. 'dly:' .. type, int(now + delay), id)
  else
    begins[type] = begins[type] or {}
    table.insert(begins[type], int(micros + turn + penalty * 1000))
    table.insert(begins[type], id)
  end
  return 'ACCEPTED ' .. id
end

local answers, at = {}, 7
for turn = 1, tonumber(ARGV[6]) do -- who came first has the first turn, in one script too
  local done, answer = pcall(submit, turn, at, unpack(ARGV, at, at + 9))
  if not done and answer == writes and not string.find(answer.err, 'OOM', 1, true) then error(answer) end -- not its job
  answers[turn] = done and answer or 'ERROR ' .. tostring(type(answer) == 'table' and answer.err or answer)
  at = at + 11 + ARGV[at + 10]
end
if #live > 0 then
  many(live, 'ZADD', P .. 'live')
  redis.call('HINCRBY', P .. 'meta', 'bytes', added)
end
for type, jobs in pairs(begins) do
  many(jobs, 'ZADD', P .. 'rdy:' .. type)
  arms[type] = true
end
return answers
