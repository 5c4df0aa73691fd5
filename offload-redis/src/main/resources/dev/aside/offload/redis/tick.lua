-- takes jobs from owners that are silent, lets delayed ones start, and heals tickets
-- ARGV 5 most crashes  6 problem 'lost'  7 lease ms  8 number of shards     -> number of lost owners
local lost, lease = 0, tonumber(ARGV[7])
-- nobody has looked for long: this server was away from everybody, so owners speak first
local looks = redis.call('HMGET', P .. 'meta', 'tick', 'grace')
local grace = tonumber(looks[2] or '0')
if looks[1] and now - tonumber(looks[1]) > lease / 2 then grace = math.floor(now + lease / 2) end
redis.call('HSET', P .. 'meta', 'tick', int(now), 'grace', int(grace))
redis.call('HSETNX', P .. 'meta', 'shards', ARGV[8])

local function silent(index)
  if now < grace then return {} end
  local ids = redis.call('ZRANGEBYSCORE', index, '-inf', now, 'LIMIT', 0, 500)
  for _, id in ipairs(ids) do redis.call('ZREM', index, id) end
  return ids
end

local function lose(id, h)
  over(id, h, h.k == 'NAMED' and 'FAILED' or 'LOST', ARGV[6], 'owner lost', 'why', 'its process was lost')
end

for _, type in ipairs(redis.call('SMEMBERS', P .. 'types')) do
  for _, id in ipairs(silent(P .. 'run:' .. type)) do
    local h = read(id)
    if h.st == 'RUNNING' then
      lost = lost + 1
      if redis.call('HINCRBY', job(id), 'crash', 1) > tonumber(ARGV[5]) then
        lose(id, h)
      else
        redis.call('HSET', job(id), 'st', 'QUEUED', 'why', 'its process was lost')
        readyAgain(id, type, h.pen)
        changed(id)
      end
    end
  end
  promote(type)
  -- tickets that a process took and did not use: it is gone, or it has no room any more
  local held = redis.pcall('XPENDING', P .. 'tkt:' .. type, 'w', 'IDLE', 2000, '-', '+', 32)
  if not held.err then
    for _, ticket in ipairs(held) do
      redis.call('XACK', P .. 'tkt:' .. type, 'w', ticket[1])
      redis.call('XDEL', P .. 'tkt:' .. type, ticket[1])
    end
  end
  arm(type)
  redis.call('ZREMRANGEBYSCORE', P .. 'dead:' .. type, '-inf', int(now - tonumber(ARGV[3])))
end

for _, id in ipairs(silent(P .. 'lrun')) do
  local h = read(id)
  if h.st and not TERMINAL[h.st] then
    lost = lost + 1
    redis.call('HINCRBY', job(id), 'crash', 1)
    lose(id, h)
  end
end
redis.call('ZREMRANGEBYSCORE', P .. 'fin', '-inf', int(now - tonumber(ARGV[2])))
if redis.call('ZCARD', P .. 'live') == 0 then redis.call('HSET', P .. 'meta', 'bytes', 0) end
return lost
