#include "messages/storage.h"

#include <nuages/middleware.h>

nu_response *MessageMiddleware(nu_request *req, const nu_next *next)
{
    nu_response *response;

    nu__messages_install(req);
    response = nu_next_call(next, req);
    nu__messages_store(req, response);
    return response;
}
