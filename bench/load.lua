-- wrk: requests of the kind WHAT by random people of the file USERS (token and id on each line). A transfer is of one
-- rupee to another of them, with HOT=1 to the first, and where there is a file PAYEES, to one of its ids.
local people, payees = {}, {}
for line in io.lines(os.getenv("USERS")) do
  local token, id = line:match("(%S+) (%S+)")
  people[#people + 1] = { token = token, id = id }
end
for line in io.lines(os.getenv("PAYEES") or "/dev/null") do payees[#payees + 1] = line end
local hot = os.getenv("HOT") == "1"
local what = os.getenv("WHAT") or "transfer"

local function headers(person)
  return { ["Content-Type"] = "application/json", Authorization = person and "Bearer " .. person.token }
end

local requests = {}

function requests.transfer()
  local payee = hot and 1 or math.random(#people)
  local payer = math.random(#people - 1)
  if payer >= payee then payer = payer + 1 end
  local to = #payees > 0 and payees[math.random(#payees)] or people[payee].id
  local body = '{"to":"' .. to .. '","amount":1}'
  return wrk.format("POST", "/api/v1/account/transfer", headers(people[payer]), body)
end

function requests.balance()
  return wrk.format("GET", "/api/v1/account/balance", headers(people[math.random(#people)]))
end

function requests.search()
  return wrk.format("GET", "/api/v1/user/bulk?filter=mark" .. math.random(0, #people - 1), headers())
end

function requests.sign_in()
  local name = "bench" .. math.random(0, #people - 1) .. "@example.com"
  local body = '{"username":"' .. name .. '","password":"correct-horse"}'
  return wrk.format("POST", "/api/v1/user/signin", headers(), body)
end

request = requests[what]

function init() math.randomseed(os.time()) end

function setup(thread) bench_thread = thread; thread:set("failed", 0) end
function response(status) if status ~= 200 then failed = failed + 1 end end

function done(summary, latency)
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  local failures = bench_thread:get("failed") + broken
  io.write(string.format("BENCH %.1f %.2f %.2f %d\n", (summary.requests - failures) * 1e6 / summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, failures))
end
