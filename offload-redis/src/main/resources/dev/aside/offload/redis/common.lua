-- KEYS 1 meta  2 a key that never exists: with it Redis Cluster answers TRYAGAIN as long as the slot is being moved,
--      so no script ever sees one half of a shard
-- ARGV 1 prefix of the shard's keys  2 how long records of finished jobs stay, ms  3 and dead ones  4 how many of each
local P = ARGV[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local micros = clock[1] * 1000000 + clock[2]
local TERMINAL = {SUCCEEDED = true, FAILED = true, CANCELLED = true, EXPIRED = true, LOST = true}

local function int(n)
  return string.format('%.0f', n)
end

local function job(id)
  return P .. 'j:' .. id
end

-- what is done once for all jobs of the script, by close
local news, removed, ended, payloads, freed, arms = {}, {}, {}, {}, 0, {}

-- every node is told that the record has a new version; without it here it is counted up
local function changed(id, version)
  news[#news + 1] = id .. ' ' .. (version or redis.call('HINCRBY', job(id), 'ver', 1))
end

-- one command for many values
local function many(values, ...)
  for first = 1, #values, 1000 do -- what fits on Lua's stack
    local command = {...}
    for i = first, math.min(first + 999, #values) do command[#command + 1] = values[i] end
    redis.call(unpack(command))
  end
end

-- takes a job out of an index, with the next `forget`
local function remove(index, id)
  removed[index] = removed[index] or {}
  table.insert(removed[index], id)
end

local function forget()
  for index, ids in pairs(removed) do many(ids, 'ZREM', index) end
  removed = {}
end

-- never fewer tickets than jobs of the type that could start now, at most 100; none while paused or capped, or idle
-- workers would spin
local function arm(type)
  local ready = redis.call('ZCARD', P .. 'rdy:' .. type)
  if ready == 0 then return end
  local option = redis.call('HMGET', P .. 'opt:' .. type, 'paused', 'cap')
  if option[1] then return end
  if option[2] then
    ready = math.min(ready, tonumber(option[2]) - redis.call('ZCARD', P .. 'run:' .. type))
  end
  for _ = redis.call('XLEN', P .. 'tkt:' .. type) + 1, math.min(100, ready) do
    redis.call('XADD', P .. 'tkt:' .. type, '*', 't', '1')
  end
end

-- lets a waiting job start: its turn is by time of readiness (in microseconds) plus the penalty of its priority
local function ready(id, type, sinceMicros, penalty)
  redis.call('ZADD', P .. 'rdy:' .. type, int(sinceMicros + (tonumber(penalty or '0') or 0) * 1000), id)
end

-- lets a job start again that lost its owner or was handed back: its turn is that of its acceptance, so it does not wait
-- behind what came since
local function readyAgain(id, type, penalty)
  local accepted = tonumber(redis.call('HGET', job(id), 'cat') or now)
  ready(id, type, accepted * 1000, penalty)
end

-- the delayed jobs whose time has come
local function promote(type)
  local due = redis.call('ZRANGEBYSCORE', P .. 'dly:' .. type, '-inf', now, 'WITHSCORES', 'LIMIT', 0, 100)
  for i = 1, #due, 2 do
    local id = due[i]
    redis.call('ZREM', P .. 'dly:' .. type, id)
    local h = redis.call('HMGET', job(id), 'st', 'pen')
    if h[1] == 'SCHEDULED' then
      redis.call('HSET', job(id), 'st', 'QUEUED')
      redis.call('HDEL', job(id), 'due')
      ready(id, type, tonumber(due[i + 1]) * 1000, h[2])
      changed(id)
    end
  end
end

local function trim(index, drop)
  local extra = redis.call('ZCARD', index) - tonumber(ARGV[4])
  if extra > 0 then
    for _, id in ipairs(redis.call('ZRANGE', index, 0, extra - 1)) do
      if drop then redis.call('DEL', job(id), P .. 'p:' .. id) end
      redis.call('ZREM', index, id)
    end
  end
end

-- the end of a job that is in no index of waiting or running jobs any more; more fields may follow
local function over(id, h, state, problem, summary, ...)
  local version = int((tonumber(h.ver) or 0) + 1)
  local fields = {'st', state, 'fat', now, 'err', summary, 'ver', version, ...}
  if problem ~= '' then
    fields[#fields + 1] = 'pb'
    fields[#fields + 1] = problem
  end
  redis.call('HSET', job(id), unpack(fields))
  if h.due then redis.call('HDEL', job(id), 'due') end
  remove(P .. 'live', id)
  freed = freed + (tonumber(h.pl) or 0)
  if state == 'FAILED' and h.k == 'NAMED' then
    redis.call('ZADD', P .. 'dead:' .. h.type, now, id)
    redis.call('PEXPIRE', job(id), ARGV[3])
    redis.call('PEXPIRE', P .. 'p:' .. id, ARGV[3])
    trim(P .. 'dead:' .. h.type, true)
  else
    ended[#ended + 1] = now
    ended[#ended + 1] = id
    payloads[#payloads + 1] = P .. 'p:' .. id
    redis.call('PEXPIRE', job(id), ARGV[2])
  end
  changed(id, version)
end

-- the last thing a script does
local function close()
  forget()
  if #ended > 0 then
    many(ended, 'ZADD', P .. 'fin')
    many(payloads, 'DEL')
    trim(P .. 'fin', false)
  end
  if freed > 0 then redis.call('HINCRBY', P .. 'meta', 'bytes', int(0 - freed)) end -- -0 is no number to Redis
  for type in pairs(arms) do pcall(arm, type) end -- the jobs stand; ticks make tickets anew
  if #news > 0 then redis.call('PUBLISH', P .. 'ev', 'v ' .. table.concat(news, ' ')) end
end

-- the answer for a job that comes with an idempotency key which another one holds
local function conflict(name, fingerprint)
  if name == '' then return nil end
  local held = redis.call('HMGET', P .. 'u:' .. name, 'id', 'fp')
  if held[1] and redis.call('EXISTS', job(held[1])) == 1 then
    return {held[2] == fingerprint and 'DUPLICATE' or 'KEY_REUSED', held[1]}
  end
  return nil
end

local function hold(name, fingerprint, ttl, id)
  if name ~= '' then
    redis.call('HSET', P .. 'u:' .. name, 'id', id, 'fp', fingerprint)
    redis.call('PEXPIRE', P .. 'u:' .. name, ttl)
    redis.call('HSET', job(id), 'uk', name)
  end
end

-- whether a write comes from the owner of a named job that waits again because its lease ran out, or because a failover
-- lost its claim, and that nobody has started since: it is its owner's again. What was handed back has no owner.
local function takesBack(h, node, epoch)
  if h.k ~= 'NAMED' then return false end
  return (h.st == 'QUEUED' and h.own == node and h.ep == epoch)
    or ((h.st == 'QUEUED' or h.st == 'SCHEDULED') and tonumber(h.ep or '0') < tonumber(epoch))
end

local FIELDS = {'st', 'own', 'ep', 'k', 'type', 'pen', 'cxl', 'last', 'ver', 'pl', 'due'}

local function read(id)
  local h = {}
  for i, value in ipairs(redis.call('HMGET', job(id), unpack(FIELDS))) do h[FIELDS[i]] = value or nil end
  return h
end

local function leases(h)
  return h.k == 'NAMED' and P .. 'run:' .. h.type or P .. 'lrun'
end

local function takeBack(id, h, node, epoch)
  redis.call('ZREM', P .. 'rdy:' .. h.type, id)
  redis.call('ZREM', P .. 'dly:' .. h.type, id)
  redis.call('HSET', job(id), 'st', 'RUNNING', 'own', node, 'ep', epoch)
  redis.call('HDEL', job(id), 'due')
  if tonumber(h.ep or '0') < tonumber(epoch) then
    redis.call('HINCRBY', job(id), 'att', 1)
  elseif redis.call('HINCRBY', job(id), 'crash', -1) < 0 then -- it was no crash
    redis.call('HSET', job(id), 'crash', 0)
  end
end
