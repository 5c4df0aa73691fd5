-- Put before the scripts that have to do with deadlines: this server's clock in ms.

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

