-- a job and where it stands
-- ARGV 5 id     -> nothing, or {fields and values of its record, bytes of its payload or -1, bytes of its result or -1,
--                  index it is in or '', ms of its lease, until it is due, or that it is kept; 0: none of them}
local id = ARGV[5]
local h = read(id)
if not h.st then return {} end
local function size(key, measure, ...)
  return redis.call('EXISTS', key) == 1 and redis.call(measure, key, ...) or -1
end
local index, left = '', 0
local function at(name, key)
  local score = redis.call('ZSCORE', P .. key, id)
  if score then
    index = name
    left = math.floor(tonumber(score) - now)
  end
end
at('WAITING', 'rdy:' .. h.type)
at('DELAYED', 'dly:' .. h.type)
at('RUNNING', h.k == 'NAMED' and 'run:' .. h.type or 'lrun')
at('DEAD', 'dead:' .. h.type)
at('FINISHED', 'fin')
if index == 'WAITING' then
  left = 0
elseif index == 'DEAD' or index == 'FINISHED' then
  left = redis.call('PTTL', job(id))
end
return {redis.call('HGETALL', job(id)), size(P .. 'p:' .. id, 'STRLEN'), size(P .. 'r:' .. id, 'HSTRLEN', 'b'), index, left}
