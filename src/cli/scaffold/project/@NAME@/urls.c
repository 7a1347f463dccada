#include "urls.h"
@API@
@API@#include "../api/urls.h"
@API@#include "../api/views.h"

#include <nuages/nuages.h>

static nu_response *welcome(nu_request *req)
{
    (void)req;
    return nu_http_response(.body = S("<!doctype html><title>@NAME@</title><h1>It works.</h1>"
                                      "<p>Make an app: <code>nuages startapp blog</code>."));
}

const nu_urlconf urls = {
    .urlpatterns = {
@API@        include("api/", api_urls),
        path("", welcome, .name = "home"),
    },
@API@    .handler400 = api_error, .handler403 = api_error, .handler404 = api_error, .handler500 = api_error,
};
