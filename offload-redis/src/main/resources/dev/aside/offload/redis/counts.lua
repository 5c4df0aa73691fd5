-- counts jobs by type; closures and finished jobs, whose indexes are of no type, slice by slice
-- ARGV 5 first entry of the slice  6 entries of a slice
-- -> {1 if there is more, else 0; per type: name, waiting, delayed, running, dead, finished, paused, cap or -1}
local from, entries = tonumber(ARGV[5]), tonumber(ARGV[6])
local byType, rows = {}, {}
local function row(type)
  if not byType[type] then
    byType[type] = {type, 0, 0, 0, 0, 0, 0, -1}
    rows[#rows + 1] = byType[type]
  end
  return byType[type]
end
if from == 0 then
  for _, type in ipairs(redis.call('SMEMBERS', P .. 'types')) do
    local mine = row(type)
    for i, index in ipairs({'rdy:', 'dly:', 'run:', 'dead:'}) do
      mine[i + 1] = redis.call('ZCARD', P .. index .. type)
    end
    local option = redis.call('HMGET', P .. 'opt:' .. type, 'paused', 'cap')
    mine[7] = option[1] and 1 or 0
    mine[8] = tonumber(option[2] or -1)
  end
end
local more = 0
local function slice(index, column)
  local ids = redis.call('ZRANGE', P .. index, from, from + entries - 1)
  for _, id in ipairs(ids) do
    local type = redis.call('HGET', job(id), 'type')
    if type then row(type)[column] = row(type)[column] + 1 end
  end
  if #ids == entries then more = 1 end
end
slice('lrun', 4)
slice('fin', 6)
return {more, rows}
