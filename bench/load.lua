-- wrk: transfers of one rupee between random people of the file USERS (token and id on each line); with HOT=1
-- everybody pays the first one.
local people = {}
for line in io.lines(os.getenv("USERS")) do
  local token, id = line:match("(%S+) (%S+)")
  people[#people + 1] = { token = token, id = id }
end
local hot = os.getenv("HOT") == "1"
local statuses = {}

function init() math.randomseed(os.time()) end

function request()
  local payee = hot and 1 or math.random(#people)
  local payer = math.random(#people - 1)
  if payer >= payee then payer = payer + 1 end
  local headers = { ["Content-Type"] = "application/json", Authorization = "Bearer " .. people[payer].token }
  return wrk.format("POST", "/api/v1/account/transfer", headers, '{"to":"' .. people[payee].id .. '","amount":1}')
end

function setup(thread) bench_thread = thread; thread:set("failed", 0) end
function response(status) if status ~= 200 then failed = failed + 1 end end

function done(summary, latency)
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  local failures = bench_thread:get("failed") + broken
  io.write(string.format("BENCH %.1f %.2f %.2f %d\n", (summary.requests - failures) * 1e6 / summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, failures))
end
