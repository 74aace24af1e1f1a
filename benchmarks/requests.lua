-- What does wrk ask, and what does it tell us?
--
-- Each line of a file in turn, as one of eight clients. With a number to begin with, each request bears the next one as
-- a comment, so that no text is asked twice.

local CLIENTS = 8

local questions, heads = {}, {}
local number, is_new

function init(args)
  local file, path, accept, first = args[1], args[2], args[3], tonumber(args[4])
  for line in io.lines(file) do
    questions[#questions + 1] = "GET " .. path .. line
  end
  for client = 1, CLIENTS do
    heads[client] = " HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\nAccept: " .. accept
      .. "\r\nUser-Agent: client-" .. client .. "\r\n\r\n"
  end
  number, is_new = first, first > 0
end

function request()
  number = number + 1
  local question = questions[number % #questions + 1]
  if is_new then
    question = question .. "%0A%23" .. number
  end
  return question .. heads[number % CLIENTS + 1]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "refused": %d, "broken": %d, "late": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
