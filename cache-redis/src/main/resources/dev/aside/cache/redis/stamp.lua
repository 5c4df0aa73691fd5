-- Put before the scripts that have to do with a cache's stamp: generation, randomness, and the shapes of all values that
-- may stand under it (8 bytes each), so that an invalidation finds them all. A stamp of another generation, of a wrong
-- type or none at all voids every value.

local function isStamp(stamp)
  return type(stamp) == 'string' and #stamp >= 30 and #stamp <= 54 and (#stamp - 22) % 8 == 0
end

local function hasShape(shapes, shape)
  for at = 1, #shapes, 8 do
    if string.sub(shapes, at, at + 7) == shape then
      return true
    end
  end
  return false
end

-- All shapes of values that may stand under the stamp, if there are others than the known ones; else nothing.
local function unknownShapes(stamp, known)
  if isStamp(stamp) then -- else nothing counts
    for at = 23, #stamp, 8 do
      if not hasShape(known, string.sub(stamp, at, at + 7)) then
        return string.sub(stamp, 23)
      end
    end
  end
end

-- The stamp under which values of a shape may stand from now on: the one that is there, or a new one.
local function stampFor(key, g, shape, randomness)
  local stamp = redis.pcall('GET', key)
  if isStamp(stamp) and string.sub(stamp, 1, 11) == g then
    local known = hasShape(string.sub(stamp, 23), shape)
    if not known and #stamp < 54 then -- four shapes at most, then a new stamp
      redis.call('SET', key, stamp .. shape)
      known = true
    end
    if known then
      return string.sub(stamp, 1, 22)
    end
  end
  redis.call('SET', key, g .. randomness .. shape)
  return g .. randomness
end
