#include "urls.h"

#include <nuages/nuages.h>

static nu_response *welcome(nu_request *req)
{
    (void)req;
    return nu_http_response(.body = S("<!doctype html><title>@NAME@</title><h1>It works.</h1>"
                                      "<p>Make an app: <code>nuages startapp blog</code>."));
}

const nu_urlconf urls = {
    .urlpatterns = {
        path("", welcome, .name = "home"),
    },
};
