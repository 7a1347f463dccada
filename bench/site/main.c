/* The site that bench/run measures: a text and a JSON object, with nothing between them and the
   socket but routing and the default middleware; and rows of the tables of peers/orm_tables.py. */
#include "../orm/books.h"

#include <stdlib.h>
#include <string.h>

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

static World *any_world(void)
{
    return nu_get(World, Q("pk", 1 + random() % 10000));
}

static nu_response *one_row(nu_request *req)
{
    World *world = any_world();

    (void)req;
    return nu_json(200, ("id", world->id), ("randomNumber", world->random_number));
}

static nu_response *twenty_queries(nu_request *req)
{
    nu_list *worlds = nu_list_new();

    (void)req;
    for (int i = 0; i < 20; i++) {
        World *world = any_world();

        nu_list_append(worlds, NU_DICT(("id", world->id), ("randomNumber", world->random_number)));
    }
    return nu_json_response(200, V(worlds));
}

/* The same, asked together. */
static nu_response *twenty_together(nu_request *req)
{
    nu_list *worlds = nu_list_new();
    nu_query *queries[20];

    (void)req;
    for (int i = 0; i < 20; i++)
        queries[i] = nu_filter(nu_objects(World), Q("pk", 1 + random() % 10000));
    nu_pipeline_(queries, 20);
    for (int i = 0; i < 20; i++) {
        World *world = nu_first(World, queries[i]);

        nu_list_append(worlds, NU_DICT(("id", world->id), ("randomNumber", world->random_number)));
    }
    return nu_json_response(200, V(worlds));
}

static nu_response *twenty_updates(nu_request *req)
{
    nu_list *worlds = nu_list_new();

    (void)req;
    for (int i = 0; i < 20; i++) {
        World *world = any_world();

        nu_set(world, .random_number = 1 + random() % 10000);
        nu_list_append(worlds, NU_DICT(("id", world->id), ("randomNumber", world->random_number)));
    }
    return nu_json_response(200, V(worlds));
}

static nu_response *twenty_rows(nu_request *req)
{
    nu_query *books = nu_filter(nu_objects(Book), Q("pk__gte", 1 + random() % 9980));

    (void)req;
    return nu_json_response(200, V(nu_slice(nu_values(nu_order_by(books, "pk")), 0, 20)));
}

static int by_message(const void *a, const void *b)
{
    return strcmp((*(Fortune *const *)a)->message.ptr, (*(Fortune *const *)b)->message.ptr);
}

static nu_response *fortunes(nu_request *req)
{
    size_t n;
    Fortune **rows = nu_fetch_all(Fortune, nu_objects(Fortune), &n), **all;
    nu_list *list = nu_list_new();

    all = nu_alloc_array(Fortune *, n + 1);
    for (size_t i = 0; i < n; i++)
        all[i] = rows[i];
    all[n++] = nu_new(Fortune, .message = S("Additional fortune added at request time."));
    qsort(all, n, sizeof *all, by_message);
    for (size_t i = 0; i < n; i++)
        nu_list_append(list, all[i]);
    return nu_render(req, "fortunes.html", ("fortunes", list));
}

static const nu_urlconf urls = {
    .urlpatterns = {
        path("plaintext", plaintext, .name = "plaintext"),
        path("json", json, .name = "json"),
        path("row", one_row, .name = "row"),
        path("queries", twenty_queries, .name = "queries"),
        path("together", twenty_together, .name = "together"),
        path("updates", twenty_updates, .name = "updates"),
        path("rows", twenty_rows, .name = "rows"),
        path("fortunes", fortunes, .name = "fortunes"),
    },
};

#define COMMON                                                                                     \
    .secret_key_env = "SECRET_KEY", .allowed_hosts = { "127.0.0.1", "localhost" },                 \
    .installed_apps = { &bench_app }, .root_urlconf = &urls

static const nu_settings settings = {
    COMMON,
    .middleware = { SecurityMiddleware, CommonMiddleware, CsrfViewMiddleware, MessageMiddleware,
                    XFrameOptionsMiddleware },
};

/* Beside a peer that has no middleware either. */
static const nu_settings bare = { COMMON };

int main(int argc, char **argv)
{
    const char *middleware = getenv("BENCH_MIDDLEWARE");

    return nu_main(argc, argv, middleware && !strcmp(middleware, "none") ? &bare : &settings);
}
