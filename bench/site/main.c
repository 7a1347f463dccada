/* The site that bench/run measures: a text, a JSON object, and nothing else between them and the
   socket but routing and the default middleware. */
#include <nuages/nuages.h>

static nu_response *plaintext(nu_request *req)
{
    (void)req;
    return nu_http_response(.content_type = "text/plain", .body = S("Hello, World!"));
}

static nu_response *json(nu_request *req)
{
    (void)req;
    return nu_json(200, ("message", "Hello, World!"));
}

static const nu_urlconf urls = {
    .urlpatterns = {
        path("plaintext", plaintext, .name = "plaintext"),
        path("json", json, .name = "json"),
    },
};

static const nu_settings settings = {
    .secret_key_env = "SECRET_KEY",
    .allowed_hosts = { "127.0.0.1", "localhost" },
    .middleware = { SecurityMiddleware, CommonMiddleware, CsrfViewMiddleware, MessageMiddleware,
                    XFrameOptionsMiddleware },
    .root_urlconf = &urls,
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
