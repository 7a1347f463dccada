/**
 * @file
 * Tests of a site, as django.test: functions in a table, run by `./manage test`.
 *
 *     nu_test(a_student_is_listed)
 *     {
 *         nu_client *client = nu_test_client(t);
 *
 *         nu_create(Student, .roll_no = S("S1"), .first_name = S("Ada"));
 *         nu_assert_contains(nu_client_get(client, "/students/"), "Ada");
 *     }
 *     NU_TESTS(registry_tests, a_student_is_listed)
 *
 * The app names the table: `.tests = { registry_tests }`. A test that is left out of it is an
 * unused variable, which the compiler tells.
 *
 * Each test runs in a fiber of its own and in a transaction that is rolled back at its end, over a
 * database made for the tests. Inside it everything behaves as in production: an outermost
 * nu_atomic_scope() commits, as far as the test can see, and its nu_on_commit() functions run. With
 * `.transactions = true` there is no such transaction: all tables are emptied afterwards instead.
 *
 * An assertion that fails prints both values and its line, and ends the test. Memory that nothing
 * points to any more (in builds with the address sanitizer), file descriptors and fibers that a
 * test leaves behind fail it.
 *
 * Counterpart: django.test, unittest.
 */
#pragma once
#include <nuages/forms.h>
#include <nuages/http.h>
#include <nuages/mail.h>
#include <nuages/models.h>
#include <nuages/queries.h>
#include <nuages/shortcuts.h>
#include <nuages/timezone.h>
#include <nuages/urls.h>

typedef struct nu_test_run nu_test_run; /* a test that is running; `t` of its body */
typedef struct nu_client nu_client;

struct nu_test_def {
    NU_NAMED_ONLY;
    const char *name, *file;
    int line;
    void (*run)(nu_test_run *t);
    const char *fixtures[8];  /* loaded before it, from the apps' fixtures/ folders */
    const char *tags[8];      /* for --tag and --exclude-tag */
    bool transactions;        /* no transaction around it: see above. Django: TransactionTestCase */
    const char *databases[4]; /* the aliases that it may use; none: all */
    bool expected_failure; /* a known bug: it fails where the test passes. unittest: expectedFailure
                            */
};
typedef struct nu_test_def nu_test_def;

/* A test and what it needs: nu_test(name, .fixtures = { "students.json" }) { … } */
#define nu_test(fn, ...)                                                                           \
    static void fn##_body(nu_test_run *t);                                                         \
    static const nu_test_def fn = {                                                                \
        .name = #fn, .file = __FILE__, .line = __LINE__, .run = fn##_body, __VA_ARGS__             \
    };                                                                                             \
    static void fn##_body(NU_UNUSED nu_test_run *t)
#define NU__TEST_ROW(fn) &fn,
/* The table of a file's tests, which the app names. */
#define NU_TESTS(table, ...)                                                                       \
    extern const nu_test_def *const table[];                                                       \
    const nu_test_def *const table[] = { NU_EACH(NU__TEST_ROW, __VA_ARGS__) NULL };

/* ---- assertions ------------------------------------------------------------------------------ */

/* Where the user's code asserts, and the words it does it in. */
typedef struct nu_place {
    const char *file;
    int line;
    const char *text;
} nu_place;
#define NU__PLACE(words) (&(const nu_place){ __FILE__, __LINE__, words })

/** The condition holds. Django: assertTrue() */
#define nu_assert(...) nu_assert_(NU__PLACE(#__VA_ARGS__), (__VA_ARGS__))
void nu_assert_(const nu_place *place, bool holds);
/** Both are equal, as Python's == has it: numbers by value, lists and dicts by their items. Enum
 * values compare as numbers. Django: assertEqual() */
#define nu_assert_equal(got, want)                                                                 \
    nu_assert_equal_(NU__PLACE(#got), NU_DBV(got), NU_DBV(want), true)
#define nu_assert_not_equal(got, other)                                                            \
    nu_assert_equal_(NU__PLACE(#got), NU_DBV(got), NU_DBV(other), false)
void nu_assert_equal_(const nu_place *place, nu_value got, nu_value want, bool equal);
/** The value is null. Django: assertIsNone() */
#define nu_assert_null(got) nu_assert_equal_(NU__PLACE(#got), NU_DBV(got), nu_null(), true)
/** `item` is in the text, list, dict or query. Django: assertIn() */
#define nu_assert_in(item, container)                                                              \
    nu_assert_in_(NU__PLACE(#item " in " #container), NU_DBV(item), NU_DBV(container), true)
#define nu_assert_not_in(item, container)                                                          \
    nu_assert_in_(NU__PLACE(#item " in " #container), NU_DBV(item), NU_DBV(container), false)
void nu_assert_in_(const nu_place *place, nu_value item, nu_value container, bool in);
/**
 * The expression raises an error of the class or one below it. A statement that fails in it leaves
 * the test's transaction usable.
 * @return  the error.   Django: assertRaises()
 */
#define nu_assert_raises(k, ...)                                                                   \
    nu_assert_raises_(NU__PLACE(#__VA_ARGS__), (k), NULL,                                          \
                      nu_catch(NU_EXCEPTION, (void)(__VA_ARGS__)))
/** The same, and its message contains the text. Django: assertRaisesMessage() */
#define nu_assert_raises_message(k, message, ...)                                                  \
    nu_assert_raises_(NU__PLACE(#__VA_ARGS__), (k), (message),                                     \
                      nu_catch(NU_EXCEPTION, (void)(__VA_ARGS__)))
const nu_error *nu_assert_raises_(const nu_place *place, nu_error_class klass, const char *message,
                                  const nu_error *error);
/** The expression runs so many statements; else they are listed. Django: assertNumQueries() */
#define nu_assert_num_queries(n, ...)                                                              \
    ({                                                                                             \
        nu_num_queries_begin_();                                                                   \
        (void)(__VA_ARGS__);                                                                       \
        nu_num_queries_end_(NU__PLACE(#__VA_ARGS__), (n));                                         \
    })
void nu_num_queries_begin_(void), nu_num_queries_end_(const nu_place *place, int64_t n);
/** The rows of a query, by their str(), in its order: nu_assert_query(q, "Ada", "Bruno"). Django:
 * assertQuerySetEqual() */
#define nu_assert_query(q, ...) nu_assert_query_(NU__PLACE(#q), (q), NU_ARGS(__VA_ARGS__))
void nu_assert_query_(const nu_place *place, nu_query *query, nu_values want);
/** End the test as failed, with a message of its own. Formats as nu_fmt(). Django: fail() */
#define nu_fail(f, ...) nu_fail_(NU__PLACE("failed"), nu_fmt(f, __VA_ARGS__))
NU_NORETURN void nu_fail_(const nu_place *place, nu_str message);
/** End the test as skipped. Django: skipTest() */
#define nu_skip_test(f, ...) nu_raise(NU_SKIP_TEST, f, __VA_ARGS__)

/* ---- HTML and JSON --------------------------------------------------------------------------- */

/** Two texts are the same HTML: white space, the order of attributes and of classes, and how void
 * elements and boolean attributes are written do not count. Django: assertHTMLEqual() */
#define nu_assert_html_equal(got, want)                                                            \
    nu_assert_html_(NU__PLACE(#got), NU_STR(got), NU_STR(want), true)
#define nu_assert_html_not_equal(got, other)                                                       \
    nu_assert_html_(NU__PLACE(#got), NU_STR(got), NU_STR(other), false)
void nu_assert_html_(const nu_place *place, nu_str got, nu_str want, bool equal);
/** The HTML `needle` stands in `haystack`: `count` times where that is given, else at least once.
 * Django: assertInHTML() */
#define nu_assert_in_html(needle, haystack, ...)                                                   \
    nu_assert_in_html_(NU__PLACE(#needle), NU_STR(needle), NU_STR(haystack),                       \
                       &(const nu_contains){ __VA_ARGS__ })
/** Two texts are the same JSON. Django: assertJSONEqual() */
#define nu_assert_json_equal(got, want) nu_assert_json_(NU__PLACE(#got), NU_STR(got), NU_STR(want))
void nu_assert_json_(const nu_place *place, nu_str got, nu_str want);

/* ---- responses ------------------------------------------------------------------------------- */

typedef struct nu_contains {
    NU_NAMED_ONLY;
    int count;  /* how often; 0: at least once */
    int status; /* 0: 200 */
    bool html;  /* compare as HTML */
} nu_contains;
void nu_assert_in_html_(const nu_place *place, nu_str needle, nu_str haystack,
                        const nu_contains *options);
/** The response has the status (200) and its body the text. Takes .count, .status, .html. Django:
 * assertContains() */
#define nu_assert_contains(response, text, ...)                                                    \
    nu_assert_contains_(NU__PLACE(#response), (response), NU_STR(text),                            \
                        &(const nu_contains){ __VA_ARGS__ })
void nu_assert_contains_(const nu_place *place, nu_response *response, nu_str text,
                         const nu_contains *options);
/** The response has the status (200) and its body not the text. Django: assertNotContains() */
#define nu_assert_not_contains(response, text, ...)                                                \
    nu_assert_not_contains_(NU__PLACE(#response), (response), NU_STR(text),                        \
                            &(const nu_contains){ __VA_ARGS__ })
void nu_assert_not_contains_(const nu_place *place, nu_response *response, nu_str text,
                             const nu_contains *options);

typedef struct nu_redirects {
    NU_NAMED_ONLY;
    int status;        /* 0: 302 */
    int target_status; /* what the target answers to GET; 0: 200 */
    bool do_not_fetch; /* don't ask for the target */
} nu_redirects;
/** The response leads to the path or URL, which answers. After `.follow = true` the last response
 * is looked at, and the first redirect's status. Django: assertRedirects() */
#define nu_assert_redirects(response, to, ...)                                                     \
    nu_assert_redirects_(NU__PLACE(#response), (response), NU_STR(to),                             \
                         &(const nu_redirects){ __VA_ARGS__ })
void nu_assert_redirects_(const nu_place *place, nu_response *response, nu_str to,
                          const nu_redirects *options);
/** The template was rendered for the response: itself, included, or extended. Django:
 * assertTemplateUsed() */
#define nu_assert_template_used(response, name)                                                    \
    nu_assert_template_(NU__PLACE(#response), (response), (name), true)
#define nu_assert_template_not_used(response, name)                                                \
    nu_assert_template_(NU__PLACE(#response), (response), (name), false)
void nu_assert_template_(const nu_place *place, nu_response *response, const char *name, bool used);
/** The errors of a field (NULL: of the whole form) are exactly these; none: it has no errors.
 * Django: assertFormError() */
#define nu_assert_form_error(form, field, ...)                                                     \
    nu_assert_form_error_(NU__PLACE(#form), (form), (field), NU_ARGS(__VA_ARGS__))
void nu_assert_form_error_(const nu_place *place, nu_form *form, const char *field,
                           nu_values messages);

/* ---- the client ------------------------------------------------------------------------------ */

typedef struct nu_client_options {
    NU_NAMED_ONLY;
    bool enforce_csrf_checks;        /* else forms need no token */
    bool no_raise_request_exception; /* an error of a view is the page of status 500, not raised */
    const char *headers[8];          /* of each request: "Accept: application/json" */
} nu_client_options;
/**
 * A browser without a screen: its requests run through the whole stack, middleware, URLs, view,
 * templates, in the test's fiber and transaction, and it keeps cookies. Belongs to the test.
 * Django: django.test.Client
 */
#define nu_test_client(t, ...) nu_test_client_((t), &(const nu_client_options){ __VA_ARGS__ })
nu_client *nu_test_client_(nu_test_run *t, const nu_client_options *options);

typedef struct nu_client_file {
    const char *field, *name, *content_type;
    nu_str content;
} nu_client_file;

typedef struct nu_client_send {
    NU_NAMED_ONLY;
    const nu_var *query;      /* NU_VARS(("page", 2)): added to the path */
    const nu_var *data;       /* form fields: NU_VARS(("name", "Ada")); a list gives several */
    nu_client_file files[8];  /* uploads beside them */
    const nu_dict *json;      /* the body as JSON */
    const char *content_type; /* of .body, or of .data: multipart unless it is
                                 "application/x-www-form-urlencoded" */
    nu_str body;
    const char *headers[8]; /* "Accept: application/json" */
    bool follow;            /* go where redirects lead, 20 at most */
    bool secure;            /* over HTTPS */
} nu_client_send;
/**
 * Ask for a path ("/students/?page=2") or an address of the site.
 *
 * @return  the response, with its body read; in the test's arena
 * @raises  what a view raises that no error page of the site's takes: see
 *          .no_raise_request_exception; ValueError for a header without a colon
 * Yields.   Django: Client.get(), post(), put(), patch(), delete(), head(), options()
 */
#define nu_client_request(client, method, path, ...)                                               \
    nu_client_request_((client), (method), NU_STR(path), &(const nu_client_send){ __VA_ARGS__ })
nu_response *nu_client_request_(nu_client *client, nu_method method, nu_str path,
                                const nu_client_send *send);
#define nu_client_get(client, path, ...) nu_client_request((client), GET, path, __VA_ARGS__)
/** A form: nu_client_post(client, "/students/new/", ("first_name", "Ada"), ("email", "a@b.org")).
 */
#define nu_client_post(client, path, ...)                                                          \
    nu_client_request((client), POST, path, .data = NU_VARS(__VA_ARGS__))
/** A JSON body: nu_client_json(client, PUT, "/students/1/", NU_DICT(("email", "a@b.org"))). */
#define nu_client_json(client, method, path, value, ...)                                           \
    nu_client_request((client), (method), path, .json = (value), __VA_ARGS__)

/** A cookie that the client has; null when it has none. */
nu_str nu_client_cookie(const nu_client *client, const char *name);
void nu_client_set_cookie(nu_client *client, const char *name, const char *value);

/** A variable of the context of the templates that the response was rendered from; null when none
 * of them had it. Django: response.context[name] */
nu_value nu_response_context(const nu_response *response, const char *name);
/** The form of that name in the context. Raises KeyError. */
nu_form *nu_response_form(const nu_response *response, const char *name);
/** The names of the templates, in the order in which they were rendered. Django:
 * response.templates */
nu_list *nu_response_templates(const nu_response *response);
/** The body as JSON. Raises JSONDecodeError. Django: response.json() */
nu_value nu_response_json(const nu_response *response);

/* ---- the surroundings ------------------------------------------------------------------------ */

/**
 * Set a setting to the end of the test, in the words of the environment: nu_override_setting(
 * "DEBUG", "1"). The site is set up anew with it: templates, static files, URLs, middleware.
 *
 * @raises  ImproperlyConfigured for a name that is no setting, with a suggestion; for a wrong value
 * Django: override_settings()
 */
void nu_override_setting(const char *name, const char *value);
/** Stop the clock of nu_now() at an instant, to the end of the test or the next call; a null one
 * lets it go on. Databases' own clocks are not touched. */
void nu_travel_to(nu_datetime instant);
/** The same, so many seconds from what nu_now() says. */
void nu_travel(double seconds);

/**
 * The mail that the test has sent, oldest first: nothing leaves the machine, whatever EMAIL_BACKEND
 * says, and each test begins with none.
 *
 *     nu_assert_equal(nu_outbox_len(), 1);
 *     nu_assert_equal(nu_outbox(0)->subject, S("Welcome"));
 *
 * @return  NULL past the end; valid to the end of the test.   Django: mail.outbox
 */
const nu_email *nu_outbox(size_t i);
size_t nu_outbox_len(void);
/** Django: mail.outbox.clear() */
void nu_outbox_clear(void);

/**
 * Serve the site on a port of this machine while the test goes on, for browsers and other programs.
 * Only in tests with `.transactions = true`: others' rows are seen by nobody else.
 *
 * @return  its address, "http://127.0.0.1:43210"
 * @raises  RuntimeError in a test with a transaction around it
 * Django: LiveServerTestCase
 */
nu_str nu_live_server(nu_test_run *t);
/**
 * Run a program, while the server answers, with LIVE_SERVER_URL set: nu_live_run(t, "curl", "-f",
 * url.ptr). What it prints to standard output is kept in `output`, where that is not NULL.
 *
 * @return  its exit status
 * @raises  OSError, TimeoutError after 120 seconds
 * Yields.
 */
#define nu_live_run(t, output, ...)                                                                \
    nu_live_run_((t), (output), (const char *const[]){ __VA_ARGS__, NULL })
int nu_live_run_(nu_test_run *t, nu_str *output, const char *const *argv);

/** Load fixtures, as `manage loaddata` does: nu_load_fixtures("students.json"). */
#define nu_load_fixtures(...) nu_load_fixtures_((const char *const[]){ __VA_ARGS__, NULL })
void nu_load_fixtures_(const char *const *names);

/* ---- factories ------------------------------------------------------------------------------- */

/**
 * A saved row from a factory, a function that fills in what a row of that model needs:
 *
 *     static void student_factory(Student *student, int64_t n)
 *     {
 *         student->roll_no = nu_fmt("S-{:03}", n);
 *         student->email = nu_fmt("student{}@school.example", n);
 *     }
 *     Student *ada = nu_make(Student, student_factory, .first_name = S("Ada"));
 *
 * `n` counts from 1 in each test. The members that are given win over the factory's.
 * Raises, Yields as nu_save().
 */
#define nu_make(T, factory, ...)                                                                   \
    ({                                                                                             \
        void (*const nu__factory)(T *, int64_t) = (factory);                                       \
        T *nu__made = nu_new(T);                                                                   \
        nu__factory(nu__made, nu_sequence_((void (*)(void))nu__factory));                          \
        nu_fill(nu__made, __VA_ARGS__);                                                            \
        nu_save(nu__made);                                                                         \
        nu__made;                                                                                  \
    })
int64_t nu_sequence_(void (*factory)(void));
