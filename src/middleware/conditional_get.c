#include "http/conditional.h"
#include "middleware/middleware.h"
#include "utils/http.h"

#include <string.h>

static bool is_stored_nowhere(const nu_response *response)
{
    nu_str header = nu_lower(nu_response_header(response, "Cache-Control"));

    return header.len && memmem(header.ptr, header.len, "no-store", 8);
}

/* Gives each page an ETag, and answers 304 to a browser that has it already. */
nu_response *ConditionalGetMiddleware(nu_request *req, const nu_next *next)
{
    nu_response *response = nu_next_call(next, req);
    nu_str etag, date;
    int64_t modified = 0;

    if (req->method != GET)
        return response;
    etag = nu_response_header(response, "ETag");
    if (!etag.ptr && !is_stored_nowhere(response)) {
        etag = nu__response_etag(response);
        if (etag.ptr)
            nu_set_header(response, "ETag", etag);
    }
    date = nu_response_header(response, "Last-Modified");
    if (date.len && !nu__parse_http_date(date, &modified))
        modified = 0;
    return etag.len || modified ? nu__conditional_response(req, etag, modified, response)
                                : response;
}
