-- wrk: sixteen requests in one write.
init = function(args)
    local requests = {}
    for i = 1, 16 do requests[i] = wrk.format(nil, args[1]) end
    batch = table.concat(requests)
end
request = function() return batch end
