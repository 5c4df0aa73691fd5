-- ARGV 5 node  6 lease ms  7 most jobs  8 problem 'expired'  9 problem 'payload gone'
--      10 number of the claim: the same as before if that was not answered  11 number of types
--      12.. per type: name, room, number of tickets, tickets
-- -> {ms until the next delayed job, or -1; per job: fields and values of its record, payload, id}
local node, lease, max = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])
local last = P .. 'c:' .. node
local types, at = {}, 12
for _ = 1, tonumber(ARGV[11]) do
  local name, room, tickets = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  at = at + 3
  if tickets > 0 then
    redis.call('XACK', P .. 'tkt:' .. name, 'w', unpack(ARGV, at, at + tickets - 1))
    redis.call('XDEL', P .. 'tkt:' .. name, unpack(ARGV, at, at + tickets - 1))
    at = at + tickets
  end
  promote(name)
  local option = redis.call('HMGET', P .. 'opt:' .. name, 'paused', 'cap')
  if option[1] then
    room = 0
  elseif option[2] then
    room = math.min(room, tonumber(option[2]) - redis.call('ZCARD', P .. 'run:' .. name))
  end
  types[#types + 1] = {name = name, room = room}
end

local function look(type)
  local first = type.room > 0 and redis.call('ZRANGE', P .. 'rdy:' .. type.name, 0, 0, 'WITHSCORES') or {}
  type.id, type.turn = first[1], tonumber(first[2])
end

-- the job, started; nil if it cannot be
local function start(id, type)
  local h = redis.call('HMGET', job(id), 'st', 'k', 'ep', 'exp', 'att')
  local payload = redis.call('GET', P .. 'p:' .. id)
  redis.call('ZREM', P .. 'rdy:' .. type, id)
  if h[1] ~= 'QUEUED' or h[2] ~= 'NAMED' then return nil end -- an entry that outlived its job
  if h[4] and tonumber(h[4]) < now and tonumber(h[5] or '0') == 0 then -- never begun
    over(id, type, 'EXPIRED', ARGV[8], '')
    return nil
  end
  if not payload then
    over(id, type, 'FAILED', ARGV[9], 'its payload is gone')
    return nil
  end
  -- the fencing token: grows even if a failover lost the last one
  redis.call('HSET', job(id), 'st', 'RUNNING', 'own', node, 'ep', int(math.max(tonumber(h[3] or '0') + 1, now)), 'sat', now)
  redis.call('HINCRBY', job(id), 'att', 1)
  redis.call('HDEL', job(id), 'last')
  redis.call('ZADD', P .. 'run:' .. type, int(now + lease), id)
  changed(id)
  return {redis.call('HGETALL', job(id)), payload, id}
end

-- the jobs of this very claim, whose answer was lost: without this they would wait for their lease, as after a crash
local claimed, ids = {}, ARGV[10]
local before = redis.call('GET', last)
if before and string.match(before, '^%S+') == ARGV[10] then
  for id in string.gmatch(before, ' (%S+)') do
    local h = read(id)
    local payload = redis.call('GET', P .. 'p:' .. id)
    if h.st == 'RUNNING' and h.own == node and payload then
      redis.call('ZADD', P .. 'run:' .. h.type, int(now + lease), id)
      claimed[#claimed + 1] = {redis.call('HGETALL', job(id)), payload, id}
    end
  end
  if #claimed > 0 then return {0, claimed} end
end

for _, type in ipairs(types) do look(type) end
local bytes, tries = 0, 0
while #claimed < max and bytes < 4194304 and tries < 1000 do -- an answer has to arrive in time
  tries = tries + 1
  local first
  for _, type in ipairs(types) do
    if type.id and (not first or type.turn < first.turn) then first = type end
  end
  if not first then break end
  local started = start(first.id, first.name)
  if started then
    bytes = bytes + #started[2]
    claimed[#claimed + 1] = started
    ids = ids .. ' ' .. first.id
    first.room = first.room - 1
  end
  look(first)
end

if #claimed > 0 then redis.call('SET', last, ids, 'PX', lease) end

local nextDue = -1
for _, type in ipairs(types) do
  local due = redis.call('ZRANGE', P .. 'dly:' .. type.name, 0, 0, 'WITHSCORES')
  if due[2] and (nextDue < 0 or tonumber(due[2]) - now < nextDue) then
    nextDue = math.max(0, tonumber(due[2]) - now)
  end
  arm(type.name)
end
return {nextDue, claimed}
