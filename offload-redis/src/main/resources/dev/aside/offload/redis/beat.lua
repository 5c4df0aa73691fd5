-- ARGV 5 node  6 lease ms  7.. id, epoch     -> per job OK, CANCEL, FENCED or GONE
local node, answers = ARGV[5], {}
for i = 7, #ARGV, 2 do
  local id, epoch = ARGV[i], ARGV[i + 1]
  local h = read(id)
  local answer = 'FENCED'
  if not h.st then
    answer = 'GONE'
  elseif takesBack(h, node, epoch) then
    takeBack(id, h, node, epoch)
    changed(id)
    answer = 'OK'
  elseif h.own == node and h.ep == epoch and (h.st == 'RUNNING' or (h.k == 'LOCAL' and not TERMINAL[h.st])) then
    answer = 'OK'
  end
  if answer == 'OK' then
    redis.call('ZADD', leases(h), int(now + tonumber(ARGV[6])), id)
    if h.cxl == '1' then answer = 'CANCEL' end
  end
  answers[#answers + 1] = answer
end
return answers
