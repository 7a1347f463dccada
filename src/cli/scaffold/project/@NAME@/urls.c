#include "urls.h"
@API@
@API@#include "../api/urls.h"
@API@#include "../api/views.h"

#include <nuages/nuages.h>

static nu_response *welcome(nu_request *req)
{
    (void)req;
    return nu_http_response(.body = S("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>@NAME@</title>\n"
                                      "<meta name=\"viewport\" content=\"width=device-width\">\n"
                                      "<meta name=\"color-scheme\" content=\"light dark\"></head>\n"
                                      "<body style=\"max-width: 40rem; margin: 3rem auto; padding: 0 1rem; font-family: sans-serif\">\n"
                                      "<h1>It works.</h1>\n<p>This page is <code>welcome()</code> in <code>@NAME@/urls.c</code>: change it,\n"
                                      "save, and reload.</p>\n<p>Make an app: <code>nuages startapp blog</code>.</p>\n</body></html>\n"));
}

const nu_urlconf urls = {
    .urlpatterns = {
@API@        include("api/", api_urls),
        path("", welcome, .name = "home"),
    },
@API@    .handler400 = api_error, .handler403 = api_error, .handler404 = api_error, .handler500 = api_error,
};
