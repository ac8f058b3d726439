-- DRF's log of the requests that passed, a list of times for each rate (doorward_django::sliding_window).
--
-- KEYS: the list of each rate, named by its period. ARGV: requests and period (microseconds) of each rate.
-- Answers, for each rate, how many passed within its period before this request, and the age of the oldest.

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
-- How long a list outlives its last time, in milliseconds.
local rest = 1000

local function whole(number)
    return string.format('%.0f', number)
end

local function keep(key, period)
    redis.call('PEXPIRE', key, whole(math.ceil(period / 1000) + rest))
end

-- How many of the times of a list are not later than `time`.
local function not_after(key, length, time)
    local low, high = 0, length
    while low < high do
        local middle = math.floor((low + high) / 2)
        if tonumber(redis.call('LINDEX', key, middle)) <= time then
            low = middle + 1
        else
            high = middle
        end
    end
    return low
end

-- Times that lie ahead become now: the clock has jumped back.
local function pull_back(key, length, period)
    local good = not_after(key, length, now)
    if good == 0 then
        redis.call('DEL', key)
    else
        redis.call('LTRIM', key, 0, good - 1)
    end
    for _ = good + 1, length do
        redis.call('RPUSH', key, whole(now))
    end
    keep(key, period)
end

-- Drops the times that are over; answers how many are left, and the age of the first.
local function window(key, period)
    local length = redis.call('LLEN', key)
    if length == 0 then
        return 0, 0
    end
    if tonumber(redis.call('LINDEX', key, -1)) > now then
        pull_back(key, length, period)
    end
    if tonumber(redis.call('LINDEX', key, 0)) <= now - period then
        local over = not_after(key, length, now - period)
        redis.call('LTRIM', key, over, -1)
        length = length - over
    end
    if length == 0 then
        return 0, 0
    end
    return length, now - tonumber(redis.call('LINDEX', key, 0))
end

local found, passes = {}, true
for place, key in ipairs(KEYS) do
    local requests, period = tonumber(ARGV[2 * place - 1]), tonumber(ARGV[2 * place])
    local count, age = window(key, period)
    passes = passes and count < requests
    found[2 * place - 1], found[2 * place] = count, age
end
if passes then
    local written = {}
    for place, key in ipairs(KEYS) do
        if not written[key] then
            written[key] = true
            redis.call('RPUSH', key, whole(now))
            keep(key, tonumber(ARGV[2 * place]))
        end
    end
end
return found
