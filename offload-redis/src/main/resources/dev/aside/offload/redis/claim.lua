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

-- those whose turn is first, over all types
local function first(most)
  local jobs = {}
  for _, type in ipairs(types) do
    local count = math.min(type.room, most)
    local found = count > 0 and redis.call('ZRANGE', P .. 'rdy:' .. type.name, 0, count - 1, 'WITHSCORES') or {}
    for i = 1, #found, 2 do jobs[#jobs + 1] = {id = found[i], turn = tonumber(found[i + 1]), type = type} end
  end
  table.sort(jobs, function(a, b) return a.turn < b.turn or (a.turn == b.turn and a.id < b.id) end)
  return jobs
end

-- the job, started; nil if it cannot be
local function start(id, type)
  local fields, h = redis.call('HGETALL', job(id)), {}
  for i = 1, #fields, 2 do h[fields[i]] = fields[i + 1] end
  remove(P .. 'rdy:' .. type, id)
  if h.st ~= 'QUEUED' or h.k ~= 'NAMED' then return nil end -- an entry that outlived its job
  if h.exp and tonumber(h.exp) < now and tonumber(h.att or '0') == 0 then -- never begun
    over(id, h, 'EXPIRED', ARGV[8], '')
    return nil
  end
  local payload = redis.call('GET', P .. 'p:' .. id)
  if not payload then
    over(id, h, 'FAILED', ARGV[9], 'its payload is gone')
    return nil
  end
  -- the fencing token: grows even if a failover lost the last one
  local epoch = int(math.max(tonumber(h.ep or '0') + 1, now))
  local version = int((tonumber(h.ver) or 0) + 1)
  local begun = {'st', 'RUNNING', 'own', node, 'ep', epoch, 'sat', int(now), 'att', int((tonumber(h.att) or 0) + 1),
    'ver', version, 'last', ''}
  redis.call('HSET', job(id), unpack(begun))
  for i = 1, #begun do fields[#fields + 1] = begun[i] end -- of two values the last one counts
  changed(id, version)
  return {fields, payload, id}
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

local bytes, tries = 0, 0

-- starts some; whether there may be more
local function some()
  local jobs, leased = first(max - #claimed), {}
  for _, next in ipairs(jobs) do
    if #claimed >= max or bytes >= 4194304 or tries >= 1000 then break end -- an answer has to arrive in time
    tries = tries + 1
    local started = next.type.room > 0 and start(next.id, next.type.name)
    if started then
      bytes = bytes + #started[2]
      claimed[#claimed + 1] = started
      ids = ids .. ' ' .. next.id
      next.type.room = next.type.room - 1
      leased[next.type.name] = leased[next.type.name] or {}
      table.insert(leased[next.type.name], int(now + lease))
      table.insert(leased[next.type.name], next.id)
    end
  end
  for type, jobs in pairs(leased) do many(jobs, 'ZADD', P .. 'run:' .. type) end
  forget()
  return #jobs > 0 and #claimed < max and bytes < 4194304 and tries < 1000
end
while some() do end -- entries that outlived their jobs take no room

if #claimed > 0 then redis.call('SET', last, ids, 'PX', lease) end

local nextDue = -1
for _, type in ipairs(types) do
  local due = redis.call('ZRANGE', P .. 'dly:' .. type.name, 0, 0, 'WITHSCORES')
  if due[2] and (nextDue < 0 or tonumber(due[2]) - now < nextDue) then
    nextDue = math.max(0, tonumber(due[2]) - now)
  end
  arms[type.name] = true
end
return {nextDue, claimed}
