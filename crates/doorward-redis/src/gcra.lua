-- The generic cell rate algorithm, a theoretical arrival time for each rate (doorward_django::sliding_window).
--
-- KEYS: the arrival time of each rate. ARGV: requests and interval (microseconds) of each rate.
-- Answers, for each rate, 0 and how far its arrival time lay ahead before this request.

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
-- How long an arrival time outlives itself, in milliseconds.
local rest = 1000

local function whole(number)
    return string.format('%.0f', number)
end

local found, passes, jumped = {}, true, false
for place, key in ipairs(KEYS) do
    local requests, interval = tonumber(ARGV[2 * place - 1]), tonumber(ARGV[2 * place])
    local ahead = tonumber(redis.call('GET', key) or now) - now
    -- Further ahead than a whole burst: the clock has jumped back.
    local used = math.max(0, math.min(ahead, requests * interval))
    jumped = jumped or used < ahead
    passes = passes and used <= (requests - 1) * interval
    found[2 * place - 1], found[2 * place] = 0, used
end
if passes or jumped then
    for place, key in ipairs(KEYS) do
        local taken = passes and tonumber(ARGV[2 * place]) or 0
        local ahead = found[2 * place] + taken
        redis.call('SET', key, whole(now + ahead), 'PX', whole(math.ceil(ahead / 1000) + rest))
    end
end
return found
