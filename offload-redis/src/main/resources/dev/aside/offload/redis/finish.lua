-- ends jobs that ran, each by itself: what is wrong with one is nothing to the others
-- ARGV 5 result ttl ms  6 number of ends  7.. per end: id, node, epoch, end (a terminal state, RETRY or RELEASE), problem
--      or '', error in short, detached (1 or 0), delay ms, result (1 or 0), its media type, its bytes
-- -> an answer per end; ERROR and why for one that failed
local function handBack(id, h, outcome, delay, summary, this)
  if outcome == 'RETRY' then
    redis.call('HINCRBY', job(id), 'fail', 1)
    redis.call('HSET', job(id), 'err', summary)
  elseif redis.call('HINCRBY', job(id), 'att', -1) < 0 then
    redis.call('HSET', job(id), 'att', 0)
  end
  redis.call('HSET', job(id), 'st', delay > 0 and 'SCHEDULED' or 'QUEUED', 'own', '', 'last', this)
  if delay > 0 then
    redis.call('HSET', job(id), 'due', int(now + delay))
    redis.call('ZADD', P .. 'dly:' .. h.type, int(now + delay), id)
  elseif outcome == 'RELEASE' then
    readyAgain(id, h.type, h.pen)
  else
    ready(id, h.type, micros, h.pen)
  end
  changed(id)
end

local function finish(id, node, epoch, outcome, problem, summary, detached, delay, hasResult, contentType, body)
  local h = read(id)
  if not h.st then return 'GONE' end
  local this = outcome .. ' ' .. node .. ' ' .. epoch
  if h.last == this then return 'ALREADY' end -- sent twice
  if takesBack(h, node, epoch) then
    takeBack(id, h, node, epoch) -- late, but nobody else has begun
  elseif h.own ~= node or h.ep ~= epoch or TERMINAL[h.st] or (h.k == 'NAMED' and h.st ~= 'RUNNING') then
    return 'FENCED'
  end
  local handsBack = outcome == 'RETRY' or outcome == 'RELEASE'
  if handsBack and h.k ~= 'NAMED' then return 'FENCED' end

  if handsBack then
    handBack(id, h, outcome, tonumber(delay), summary, this)
  else
    if hasResult == '1' then
      redis.call('HSET', P .. 'r:' .. id, 'ct', contentType, 'b', body)
      redis.call('PEXPIRE', P .. 'r:' .. id, ARGV[5])
    end
    if detached == '1' then
      over(id, h, outcome, problem, summary, 'last', this, 'det', '1')
    else
      over(id, h, outcome, problem, summary, 'last', this)
    end
  end
  remove(leases(h), id)
  if h.k == 'NAMED' then arms[h.type] = true end
  return 'OK'
end

local answers = {}
for i = 1, tonumber(ARGV[6]) do
  local at = 7 + (i - 1) * 11
  local done, answer = pcall(finish, unpack(ARGV, at, at + 10)) -- what is due for the others has to be done
  answers[i] = done and answer or 'ERROR ' .. tostring(type(answer) == 'table' and answer.err or answer)
end
return answers
