/* A whole site in process: settings, a model on SQLite, generic views, forms, messages. */
#include "harness_loop.h"

#include "conf/settings.h"
#include "db/connection.h"
#include "handlers/handler.h"
#include "http/client_request.h"
#include "messages/storage.h"
#include "template/template.h"

#include <nuages/nuages.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the site
 * ------------------------------------------------------------------------------------ */

NU_DECLARE_MODEL(Book);
struct Book {
    NU_OBJECT(Book);
    nu_id id;
    nu_str title, slug;
};

static nu_str book_url(const void *object)
{
    const Book *book = object;

    return nu_url("book", book->id);
}

const nu_model Book_model = {
    MODEL(Book),
    .app_label = "shelf",
    .ordering = { "title" },
    .get_absolute_url = book_url,
    .fields = { CharField(Book, title, .max_length = 10), SlugField(Book, slug, .unique = true) },
};

static const nu_modelform BookForm = { MODEL_FORM(Book), .fields = { "title", "slug" } };

static nu_response *adds_and_breaks(nu_request *req)
{
    (void)req;
    nu_create(Book, .title = S("lost"), .slug = S("lost"));
    nu_raise(NU_RUNTIME_ERROR, "after the insert");
}

static nu_response *long_page(nu_request *req)
{
    nu_list *numbers = nu_list_new();

    for (int64_t i = 0; i < 10000; i++)
        nu_list_append(numbers, i);
    return nu_render_stream(req, "long.html", ("numbers", numbers), ("end", S("<end>")));
}

static void add_context(nu_request *req, nu_dict *context)
{
    nu_dict_set(context, "asked", nu_query_param(req, "q"));
}

static const nu_urlconf urls = {
    .urlpatterns = {
        path("books/", ListView(Book, .paginate_by = 2, .paginate_orphans = 1,
                                .get_context_data = add_context,
                                .extra_context = { { "title", "Shelf" } }),
             .name = "books"),
        path("all/", ListView(Book, .context_object_name = "books", .template_name = "all.html")),
        path("page/<int:page>/", ListView(Book, .paginate_by = 2)),
        path("none/", ListView(Book, .get_queryset = NULL, .disallow_empty = true)),
        path("books/<int:pk>/", DetailView(Book), .name = "book"),
        path("by/<slug:slug>/", DetailView(Book)),
        path("nothing/", DetailView(Book)),
        path("books/new/", CreateView(Book, .form = &BookForm,
                                      .success_message = "{title} was added.")),
        path("books/<int:pk>/edit/", UpdateView(Book, .form = &BookForm)),
        path("books/<int:pk>/delete/", DeleteView(Book, .success_url = "/books/",
                                                  .success_message = "{title} is gone.")),
        path("about/<word>/", TemplateView("about.html")),
        path("old/<int:pk>/", RedirectView(.url = "/books/{pk}/", .permanent = true)),
        path("long/", long_page),
        path("breaks/", adds_and_breaks),
        path("breaks-anyway/", adds_and_breaks, .non_atomic = true),
    },
};

#define TEMPLATE(name, text)                                                                       \
    {                                                                                              \
        name, (const uint8_t *)(text), sizeof(text) - 1                                            \
    }
static const nu_embedded_file templates[] = {
    TEMPLATE("shelf/book_list.html",
             "{{ title }}{{ asked|default_if_none:\"\" }} {{ page_obj.number }}/{{ "
             "paginator.num_pages }} "
             "{{ is_paginated }}:{% for b in object_list %} {{ b.title }}{% endfor %};"
             "{{ book_list|length }}"),
    TEMPLATE("all.html", "{% for b in books %}{{ b.title }} {% endfor %}{{ is_paginated }}"
                         "{% for m in messages %}[{{ m }}]{% endfor %}"),
    TEMPLATE("shelf/book_detail.html", "{{ object.title }} {{ book.slug }} {{ view.kwargs.pk }}"),
    TEMPLATE("shelf/book_form.html",
             "{{ object.title }}|{{ form.title.errors.0 }}|{{ form.slug.errors.0 }}"),
    TEMPLATE("shelf/book_confirm_delete.html", "Delete {{ object.title }}?"),
    TEMPLATE("long.html", "{% for n in numbers %}{{ n }},{% endfor %}{{ end }}"),
    TEMPLATE("about.html", "about {{ word }}"),
    { NULL, NULL, 0 },
};

static const nu_app shelf = { .name = "shelf", .models = { &Book_model }, .templates = templates };

static nu_settings site = {
    .secret_key = "k",
    .allowed_hosts = { "*" },
    .installed_apps = { &shelf },
    .root_urlconf = &urls,
    .middleware = { CommonMiddleware, MessageMiddleware },
    .databases = { Database("default", .engine = "sqlite3", .atomic_requests = true) },
};

static char folder[64];

static void setup(void)
{
    static char name[96];

    strcpy(folder, "/tmp/nuages-views-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    snprintf(name, sizeof(name), "%s/db.sqlite3", folder);
    site.databases[0].name = name;
    nu__setup(&site);
    nu_execute("CREATE TABLE shelf_book (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, "
               "title varchar(10) NOT NULL, slug varchar(50) NOT NULL UNIQUE)");
    for (int i = 1; i <= 5; i++)
        nu_create(Book, .title = nu_fmt("book {}", i), .slug = nu_fmt("b{}", i));
}

static void done(void)
{
    nu_str command = nu_fmt("rm -r {}", (const char *)folder);

    nu__databases_close();
    CHECK_INT(system(command.ptr), 0);
    nu__template_engine_free(nu__template_engine_use(NULL));
}

static nu_response *ask(nu_method method, const char *target, const char *body)
{
    return nu__client_run(nu__handle,
                          nu__client_request(&(const nu__client_options){
                              .method = method,
                              .target = nu_s(target),
                              .body = nu_s(body),
                              .content_type = body ? "application/x-www-form-urlencoded" : NULL }));
}

static nu_str text(const char *target)
{
    return nu_body(ask(GET, target, NULL));
}

/* ---- tests
 * --------------------------------------------------------------------------------------- */

static void a_list_is_paginated_with_djangos_names(void)
{
    setup();
    CHECK_STR(text("/books/"), "Shelf 1/2 True: book 1 book 2;2");
    CHECK_STR(text("/books/?page=2&q=x"), "Shelfx 2/2 True: book 3 book 4 book 5;3");
    CHECK_STR(text("/books/?page=last"), "Shelf 2/2 True: book 3 book 4 book 5;3");
    CHECK_STR(text("/page/3/"), " 3/3 True: book 5;1");
    CHECK_STR(text("/all/"), "book 1 book 2 book 3 book 4 book 5 False");
    CHECK_INT(nu_status(ask(GET, "/books/?page=9", NULL)), 404);
    CHECK_INT(nu_status(ask(GET, "/books/?page=x", NULL)), 404);
    done();
}

static void a_detail_is_found_by_key_or_slug(void)
{
    setup();
    CHECK_STR(text("/books/2/"), "book 2 b2 2");
    CHECK_STR(text("/by/b3/"), "book 3 b3 ");
    CHECK_INT(nu_status(ask(GET, "/books/99/", NULL)), 404);
    CHECK_INT(nu_status(ask(GET, "/books/99999999999999999999/", NULL)), 404);
    CHECK_INT(nu_status(ask(GET, "/nothing/", NULL)), 500);
    done();
}

static void other_methods_are_refused_and_options_listed(void)
{
    nu_response *response;

    setup();
    response = ask(OPTIONS, "/books/", NULL);
    CHECK_INT(nu_status(response), 200);
    CHECK_STR(nu_response_header(response, "Allow"), "GET, HEAD, OPTIONS");
    response = ask(PUT, "/books/2/", "x=1");
    CHECK_INT(nu_status(response), 405);
    CHECK_STR(nu_response_header(response, "Allow"), "GET, HEAD, OPTIONS");
    CHECK_INT(nu_status(ask(HEAD, "/books/", NULL)), 200);
    done();
}

static void a_row_is_created_from_a_form(void)
{
    nu_response *response;
    bool finished;
    nu_list *messages;

    setup();
    CHECK_STR(text("/books/new/"), "||");
    response = ask(POST, "/books/new/", "title=far+too+long+a+title&slug=b1");
    CHECK_INT(nu_status(response), 200);
    CHECK_STR(nu_body(response),
              "|Ensure this value has at most 10 characters (it has 20).|Book with this Slug "
              "already exists.");
    response = ask(POST, "/books/new/", "title=new&slug=new");
    CHECK_INT(nu_status(response), 302);
    CHECK_STR(nu_response_header(response, "Location"), "/books/6/");
    messages = nu__messages_decode(response->cookies[0].value, &finished);
    CHECK_STR(nu_string(nu_at(messages, 0)), "new was added.");
    CHECK_STR(text("/books/6/"), "new new 6");
    done();
}

static void a_row_is_changed_and_deleted(void)
{
    nu_response *response;

    setup();
    CHECK_STR(text("/books/1/edit/"), "book 1||");
    response = ask(POST, "/books/1/edit/", "title=other&slug=b1");
    CHECK_STR(nu_response_header(response, "Location"), "/books/1/");
    CHECK_STR(text("/books/1/"), "other b1 1");
    CHECK_STR(text("/books/1/delete/"), "Delete other?");
    response = ask(POST, "/books/1/delete/", "");
    CHECK_STR(nu_response_header(response, "Location"), "/books/");
    CHECK_INT(nu_status(ask(GET, "/books/1/", NULL)), 404);
    done();
}

static void templates_and_redirects_take_the_captures(void)
{
    nu_response *response;

    setup();
    CHECK_STR(text("/about/us/"), "about us");
    response = ask(GET, "/old/3/", NULL);
    CHECK_INT(nu_status(response), 301);
    CHECK_STR(nu_response_header(response, "Location"), "/books/3/");
    done();
}

static void a_long_page_comes_in_pieces(void)
{
    nu_str page;

    setup();
    page = text("/long/");
    CHECK(nu_starts_with(page, S("0,1,2,")));
    CHECK(nu_ends_with(page, S("9998,9999,&lt;end&gt;")));
    CHECK_INT(page.len, 10 * 2 + 90 * 3 + 900 * 4 + 9000 * 5 + 11);
    done();
}

static void an_error_rolls_the_requests_transaction_back(void)
{
    setup();
    CHECK_INT(nu_status(ask(GET, "/breaks/", NULL)), 500);
    CHECK_INT(nu_count(nu_objects(Book)), 5);
    CHECK_INT(nu_status(ask(GET, "/breaks-anyway/", NULL)), 500);
    CHECK_INT(nu_count(nu_objects(Book)), 6);
    done();
}

HARNESS_IN_FIBER(a_list_is_paginated_with_djangos_names, a_detail_is_found_by_key_or_slug,
                 other_methods_are_refused_and_options_listed, a_row_is_created_from_a_form,
                 a_row_is_changed_and_deleted, templates_and_redirects_take_the_captures,
                 a_long_page_comes_in_pieces, an_error_rolls_the_requests_transaction_back)
