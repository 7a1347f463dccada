/* A site whose tests do what tests should not: for test_testkit.py. */
#include <nuages/auth.h>
#include <nuages/cache.h>
#include <nuages/cli.h>
#include <nuages/migrations.h>
#include <nuages/nuages.h>
#include <nuages/test.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

NU_DECLARE_MODEL(Page);
struct Page {
    NU_OBJECT(Page);
    nu_id id;
    nu_str title;
};

static nu_str page_str(const void *page)
{
    return ((const Page *)page)->title;
}

const nu_model Page_model = {
    MODEL(Page),
    .app_label = "site",
    .ordering = { "id" },
    .str = page_str,
    .fields = { CharField(Page, title, .max_length = 20) },
};

static const nu_modelform PageForm = { MODEL_FORM(Page), .fields = { "title" } };

/* ---- views ----------------------------------------------------------------------------------- */

static void page_made(const nu_signal_event *event)
{
    (void)event;
}

static nu_response *heard(nu_request *req)
{
    nu_response *response = nu_http_response(.body = S("<body>Heard</body>"));

    (void)req;
    nu_create(Page, .title = S("Heard"));
    nu_set_header(response, "X-Auth-Token", S("made up here"));
    return response;
}

static nu_response *counted(nu_request *req)
{
    (void)req;
    if (nu_is_null(nu_cache_get("visits")))
        nu_cache_set("visits", 1);
    nu_cache_get_many(NU_LIST("visits", "nobody"));
    nu_cache_touch("visits");
    nu_cache_delete("visits");
    return nu_http_response(.body = S("<body>Counted</body>"));
}

static nu_response *home(nu_request *req)
{
    nu_form *form = nu_modelform_for(req, PageForm, nu_new(Page));

    return nu_render(req, "home.html", ("form", form), ("pages", nu_objects(Page)));
}

static nu_response *moved(nu_request *req)
{
    return nu_redirect(req, "home");
}

static nu_response *broken(nu_request *req)
{
    (void)req;
    nu_raise(NU_ZERO_DIVISION_ERROR, "division by zero");
}

static nu_response *denied(nu_request *req)
{
    (void)req;
    nu_raise(NU_PERMISSION_DENIED, "not yours");
}

static const nu_urlconf urls = {
    .urlpatterns = { path("", home, .name = "home"), path("moved/", moved), path("heard/", heard),
                     path("counted/", counted), path("broken/", broken), path("denied/", denied) },
};

static const nu_embedded_file templates[] = {
    { "base.html", (const uint8_t *)"<body><ul>{% block list %}{% endblock %}</ul></body>", 52 },
    { "home.html",
      (const uint8_t *)"{% extends 'base.html' %}{% block list %}{% for page in pages %}"
                       "<li>{{ page }}</li>{% endfor %}{% endblock %}",
      109 },
    { "mail.txt", (const uint8_t *)"Dear {{ name }}", 15 },
    { "mail.html", (const uint8_t *)"<p>Dear {{ name }}</p>", 22 },
    { 0 },
};

/* ---- what is well ---------------------------------------------------------------------------- */

nu_test(passes, .tags = { "good" })
{
    nu_assert(true);
}

nu_test(html_is_compared_by_meaning, .tags = { "good" })
{
    nu_assert_html_equal("<p class='a b'>One  two</p>", "<p class=\"b a\">\nOne two </p>");
    nu_assert_html_equal("<input checked='checked' type=text>", "<input type='text' checked />");
    nu_assert_html_not_equal("<p>One</p>", "<p>Two</p>");
    nu_assert_in_html("<b>x</b>", "<p><b>x</b> y <b>x</b></p>", .count = 2);
    nu_assert_json_equal("{\"a\": 1, \"b\": [2]}", "{\"b\":[2],\"a\":1}");
}

nu_test(mail_stays_in_the_outbox, .tags = { "good" })
{
    nu_assert_equal(nu_outbox_len(), 0);
    nu_send_mail(.to = { "ada@example.com", "bob@example.com" }, .subject = "Hello {{ name }}",
                 .template = "mail.txt", .html_template = "mail.html",
                 .context = NU_VARS(("name", "Ada & Bob")));
    nu_override_setting("EMAIL_SUBJECT_PREFIX", "[x] ");
    nu_override_setting("ADMINS", "root@example.com");
    nu_mail_admins(S("Full"), S("The disk."), S("<b>The disk.</b>"));
    nu_assert_equal(nu_outbox_len(), 2);
    nu_assert_equal(nu_outbox(0)->body, "Dear Ada & Bob");
    nu_assert_equal(nu_outbox(0)->alternatives[0].content, "<p>Dear Ada &amp; Bob</p>");
    nu_assert_equal(nu_list_len(nu_outbox(0)->to), 2);
    nu_assert_equal(nu_outbox(1)->subject, "[x] Full");
    nu_assert_raises(NU_BAD_HEADER_ERROR,
                     nu_send_mail(.to = { "a@example.com" }, .subject = "a\nBcc: b@example.com"));
    nu_assert_equal(nu_send_mail(.subject = "to nobody"), 0);
    nu_outbox_clear();
    nu_assert(!nu_outbox(0));
    nu_send_mail(.to = { "left@example.com" }, .subject = "left for no other test to see");
}

nu_test(a_client_follows_and_sees_what_was_rendered, .tags = { "good" })
{
    nu_client *client = nu_test_client(t);
    nu_response *page;

    nu_create(Page, .title = S("One"));
    page = nu_client_get(client, "/moved/", .follow = true);
    nu_assert_redirects(page, "/");
    nu_assert_contains(page, "<li>One</li>", .count = 1, .html = true);
    nu_assert_template_used(page, "base.html");
    nu_assert_num_queries(1, nu_client_get(client, "/"));
}

nu_test(an_error_is_a_page_on_demand, .tags = { "good" })
{
    nu_client *client = nu_test_client(t, .no_raise_request_exception = true);

    nu_assert_equal(nu_status(nu_client_get(client, "/broken/")), 500);
    nu_assert_raises(NU_ZERO_DIVISION_ERROR, nu_client_get(nu_test_client(t), "/broken/"));
}

nu_test(skips)
{
    nu_skip_test("not today");
}

/* ---- what fails ------------------------------------------------------------------------------ */

nu_test(numbers_differ)
{
    nu_str title = S("one");

    nu_assert_equal(title, "two");
}

nu_test(html_differs)
{
    nu_assert_html_equal("<p>a</p>", "<p><b>a</b></p>");
}

static int two_queries(void)
{
    return (int)(nu_count(nu_objects(Page)) + nu_count(nu_objects(Page)));
}

nu_test(too_many_queries)
{
    nu_assert_num_queries(1, two_queries());
}

nu_test(nothing_raised)
{
    nu_assert_raises(NU_VALIDATION_ERROR, 1 + 1);
}

static int wrong(void)
{
    nu_raise(NU_VALUE_ERROR, "wrong");
}

nu_test(another_error)
{
    nu_assert_raises(NU_VALIDATION_ERROR, wrong());
}

nu_test(text_missing)
{
    nu_assert_contains(nu_client_get(nu_test_client(t), "/"), "Nobody");
}

nu_test(other_template)
{
    nu_assert_template_used(nu_client_get(nu_test_client(t), "/"), "other.html");
}

nu_test(leads_elsewhere)
{
    nu_assert_redirects(nu_client_get(nu_test_client(t), "/moved/"), "/elsewhere/");
}

nu_test(form_is_right)
{
    nu_response *page = nu_client_post(nu_test_client(t), "/", ("title", ""));

    nu_assert_form_error(nu_response_form(page, "form"), "title");
}

nu_test(view_raises)
{
    nu_client_get(nu_test_client(t), "/broken/");
}

nu_test(column_is_missing)
{
    nu_execute("ALTER TABLE site_page RENAME COLUMN title TO name");
    nu_create(Page, .title = S("One"));
}

nu_test(sql_is_misspelt)
{
    nu_execute("SELECT titel FROM site_page");
}

static void is_in_order(const Page *page)
{
    nu_assert(page->title.len > 0);
}

nu_test(fails_in_a_helper)
{
    is_in_order(nu_new(Page));
}

nu_test(a_known_bug, .expected_failure = true)
{
    nu_assert_equal(1 + 1, 3);
}

nu_test(a_bug_that_is_no_more, .expected_failure = true)
{
    nu_assert_equal(1 + 1, 2);
}

nu_test(forks_and_returns)
{
    pid_t child = fork();
    int status;

    if (!child)
        return;
    nu_assert_equal(waitpid(child, &status, 0), child);
    nu_assert_equal(WEXITSTATUS(status), 1);
}

nu_test(tells_what_is_no_text)
{
    static const char bytes[] = "caf\xe9 \x01\xff";
    nu_str told = { bytes, sizeof bytes - 1 };

    nu_fail("{}", told);
}

static int assertion(void)
{
    nu_assert(false);
    return 0;
}

nu_test(swallowed)
{
    const nu_error *error = nu_catch(NU_EXCEPTION, assertion());

    nu_assert(error != NULL);
}

/* ---- what goes wrong ------------------------------------------------------------------------- */

nu_test(null_dereference, .tags = { "crash" })
{
    int *volatile nowhere = NULL;

    *nowhere = 1;
}

nu_test(before_or_after_a_crash, .tags = { "crash" })
{
    nu_create(Page, .title = S("One"));
    nu_assert_equal(nu_count(nu_objects(Page)), 1);
}

nu_test(another_one_beside_a_crash, .tags = { "crash" })
{
    nu_assert_equal(nu_count(nu_objects(Page)), 0);
}

nu_test(writes_and_crashes, .tags = { "late" })
{
    int *volatile nowhere = NULL;

    nu_create(Page, .title = S("Before the end"));
    printf("heard before the end\n");
    fflush(stdout);
    *nowhere = 1;
}

static void *volatile lost;

nu_test(leaks_memory, .tags = { "leak" })
{
    lost = malloc(100);
    lost = NULL;
}

nu_test(leaks_a_descriptor, .tags = { "leak" })
{
    nu_assert(open("/proc/self/status", O_RDONLY) >= 0);
}

nu_test(leaks_nothing, .tags = { "leak" })
{
    free(malloc(100));
    nu_client_get(nu_test_client(t), "/");
}

nu_test(never_ends)
{
    for (;;)
        pause();
}

nu_test(prints_and_fails)
{
    printf("heard of the failing\n");
    nu_fail("so be it: {}", 1);
}

nu_test(prints_and_passes)
{
    printf("heard of the passing\n");
}

/* ---- isolation ------------------------------------------------------------------------------- */

nu_test(writes_a_row, .tags = { "isolation" })
{
    nu_assert_equal(nu_count(nu_objects(Page)), 0);
    nu_create(Page, .title = S("One"));
}

static int commits;

static void note_commit(void *unused)
{
    (void)unused;
    commits++;
}

nu_test(commits_a_row, .tags = { "isolation" })
{
    commits = 0;
    nu_assert_equal(nu_count(nu_objects(Page)), 0);
    nu_atomic_with (.durable = true) {
        nu_create(Page, .title = S("Two"));
        nu_on_commit(note_commit, NULL);
    }
    nu_assert_equal(commits, 1);
    nu_assert_equal(nu_count(nu_objects(Page)), 1);
}

nu_test(writes_without_a_transaction, .transactions = true, .tags = { "isolation" })
{
    nu_assert_equal(nu_count(nu_objects(Page)), 0);
    nu_create(Page, .title = S("Three"));
}

nu_test(serves_without_a_transaction, .transactions = true, .tags = { "isolation" })
{
    nu_str page, url;

    nu_assert_equal(nu_count(nu_objects(Page)), 0);
    nu_create(Page, .title = S("Four"));
    url = nu_live_server(t);
    nu_assert_equal(nu_live_run(t, &page, "curl", "-sf", url.ptr), 0);
    nu_assert_in("Four", page);
}

nu_test(travels, .tags = { "isolation" })
{
    nu_assert(nu_datetime_timestamp(nu_now()) > 1700000000);
    nu_travel_to(nu_datetime_of(2001, 1, 1, 0, 0, 0));
    nu_travel(60);
    nu_assert_equal(nu_now(), nu_datetime_of(2001, 1, 1, 0, 1, 0));
}

nu_test(overrides, .tags = { "isolation" })
{
    nu_client *client = nu_test_client(t);

    nu_assert_equal(nu_status(nu_client_get(client, "/moved")), 301);
    nu_override_setting("APPEND_SLASH", "0");
    nu_assert_equal(nu_status(nu_client_get(client, "/moved")), 404);
    nu_assert_raises_message(NU_IMPROPERLY_CONFIGURED, "Perhaps you meant APPEND_SLASH?",
                             nu_override_setting("APEND_SLASH", "0"));
}

NU_TESTS(site_tests, passes, html_is_compared_by_meaning, mail_stays_in_the_outbox,
         a_client_follows_and_sees_what_was_rendered, an_error_is_a_page_on_demand, skips,
         numbers_differ, html_differs, too_many_queries, nothing_raised, another_error,
         text_missing, other_template, leads_elsewhere, form_is_right, view_raises, swallowed,
         column_is_missing, sql_is_misspelt, fails_in_a_helper, a_known_bug, a_bug_that_is_no_more,
         tells_what_is_no_text, forks_and_returns, before_or_after_a_crash, null_dereference,
         another_one_beside_a_crash, writes_and_crashes, leaks_memory, leaks_a_descriptor,
         leaks_nothing, never_ends, prints_and_fails, prints_and_passes, writes_a_row,
         commits_a_row, writes_without_a_transaction, serves_without_a_transaction, travels,
         overrides)

/* ---- the site -------------------------------------------------------------------------------- */

static const nu_operation initial_operations[] = {
    CreateModel(.name = "Page",
                .fields = {
                    models_BigAutoField("id", .primary_key = true, .verbose_name = "ID"),
                    models_CharField("title", .max_length = 20),
                },
                .ordering = { "id" }),
    { 0 },
};

static const nu_migration initial = {
    .app_label = "site",
    .name = "0001_initial",
    .initial = true,
    .operations = initial_operations,
};

static const nu_migration *const migrations[] = { &initial, NULL };

static const nu_embedded_file static_files[] = {
    { "site.css", (const uint8_t *)"b { color: red }", 16 },
    { 0 },
};

static const nu_app site_app = {
    .name = "site",
    .static_files = static_files,
    .models = { &Page_model },
    .receivers = { receiver(NU_POST_SAVE, Page, page_made) },
    .tests = { site_tests },
    .templates = templates,
    .migrations = migrations,
};

static const nu_settings settings = {
    .installed_apps = { &site_app },
    .middleware = { CommonMiddleware, CsrfViewMiddleware },
    .databases = { Database("default", .engine = "sqlite3", .name = "site.sqlite3") },
    .root_urlconf = &urls,
    .static_url = "static/",
    .allowed_hosts = { "localhost" },
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
