/* A site with a bug a view: for test_bugs_on_purpose.py. What each does wrong stands in its line.
 */
#include <nuages/auth.h>
#include <nuages/nuages.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

NU_DECLARE_MODEL(Cloud);
struct Cloud {
    NU_OBJECT(Cloud);
    nu_id id;
    nu_str name;
};

const nu_model Cloud_model = {
    MODEL(Cloud),
    .app_label = "site",
    .fields = { CharField(Cloud, name, .max_length = 20) },
};

static nu_response *told(int64_t number)
{
    return nu_http_response(.body = nu_fmt("<p>{}</p>", number));
}

static nu_response *fine(nu_request *req)
{
    (void)req;
    return told(1);
}

/* The cloud that a visitor asks for; NULL when there is none. */
static Cloud *find_cloud(nu_request *req)
{
    return nu_first(Cloud, nu_filter(nu_objects(Cloud), Q("id", nu_path_id(req, "number"))));
}

static nu_response *null_dereference(nu_request *req)
{
    Cloud *cloud = find_cloud(req);

    return told((int64_t)cloud->name.len); /* NULL */
}

/* What the debug page shows of a frame: texts, numbers, what is secret. */
static nu_response *with_locals(nu_request *req)
{
    volatile int count = 42;
    nu_str who = nu_query_param(req, "who"), api_token = S("hunter2");
    const char *volatile kind = "cumulus";
    Cloud *nobody = NULL, *volatile kept = nobody;

    if (!kept)
        nu_raise(NU_VALUE_ERROR, "{} {} {} {}", who, api_token, (int64_t)count, kind); /* raised */
    return told(count);
}

static nu_response *heap_overflow(nu_request *req)
{
    int64_t *numbers = malloc(4 * sizeof *numbers), sum = 0;

    (void)req;
    for (int i = 0; i <= 4; i++)
        numbers[i] = i; /* one too many */
    for (int i = 0; i < 4; i++)
        sum += numbers[i];
    free(numbers);
    return told(sum);
}

static nu_response *stack_overflow(nu_request *req)
{
    char name[8];

    strcpy(name, nu_query_param(req, "name").ptr); /* longer than name */
    return told(name[0]);
}

static nu_response *arena_overflow(nu_request *req)
{
    char *text = nu_alloc_array(char, 16);

    (void)req;
    memset(text, 'x', 17); /* past the piece of the arena */
    return told(text[0]);
}

static char *kept;

static void forget(void)
{
    free(kept);
}

static nu_response *use_after_free(nu_request *req)
{
    (void)req;
    kept = strdup("cirrus");
    forget();
    return told(kept[0]); /* freed */
}

static nu_response *integer_overflow(nu_request *req)
{
    int most = INT_MAX - 1;

    (void)req;
    most += 1 + (int)nu_path_id(req, "number"); /* past INT_MAX */
    return told(most);
}

static nu_response *leak(nu_request *req)
{
    char *copy = strdup("nobody frees this"); /* lost */
    int64_t len = (int64_t)strlen(copy);

    (void)req;
    return told(len);
}

static volatile int deepest; /* keeps the compiler from a loop */

static int descend(int depth)
{                                                         /* without an end */
    deepest = depth < 0 ? 0 : depth + descend(depth + 1); /* without an end */
    return deepest;
}

static nu_response *recursion(nu_request *req)
{
    (void)req;
    return told(descend(0));
}

static nu_response *template_error(nu_request *req)
{
    return nu_render(req, "broken.html", ("name", "cirrus"));
}

static nu_response *sql_error(nu_request *req)
{
    (void)req;
    return told(nu_count(nu_filter(nu_objects(Cloud), Q("name__contians", "c")))); /* a typo */
}

static nu_response *sql_syntax(nu_request *req)
{
    (void)req;
    nu_execute("SELECT nme FROM site_cloud"); /* no such column */
    return told(0);
}

static const nu_urlconf urls = {
    .urlpatterns = { path("", fine), path("null/<int:number>/", null_dereference, .name = "null"),
                     path("locals/", with_locals), path("heap/", heap_overflow),
                     path("stack/", stack_overflow), path("arena/", arena_overflow),
                     path("freed/", use_after_free),
                     path("integer/<int:number>/", integer_overflow), path("leak/", leak),
                     path("recursion/", recursion), path("template/", template_error),
                     path("lookup/", sql_error), path("sql/", sql_syntax) },
};

static const char broken_html[] = "<h1>{{ name }}</h1>\n<ul>\n{% for cloud in clouds %}\n"
                                  "<li>{{ cloud|lowr }}</li>\n{% endfor %}\n</ul>\n";

static const nu_embedded_file templates[] = {
    { "broken.html", (const uint8_t *)broken_html, sizeof broken_html - 1 },
    { 0 },
};

static const nu_app site_app = { .name = "site",
                                 .models = { &Cloud_model },
                                 .templates = templates };

static const nu_settings settings = {
    .secret_key_env = "SECRET_KEY",
    .allowed_hosts = { "localhost", "127.0.0.1" },
    .installed_apps = { &site_app, &contenttypes_app, &auth_app, &sessions_app },
    .middleware = { SecurityMiddleware, CommonMiddleware, CsrfViewMiddleware },
    .databases = { Database("default", .engine = "sqlite3", .name = "db.sqlite3",
                            .url_env = "DATABASE_URL") },
    .root_urlconf = &urls,
    .static_url = "static/",
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
