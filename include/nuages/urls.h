/**
 * @file
 * URL configurations: path(), re_path(), include(), reverse(), as django.urls.
 *
 *     const nu_urlconf school_urls = {
 *         .urlpatterns = {
 *             path("students/",          student_list, .name = "student-list"),
 *             path("students/<int:pk>/", student_page, .name = "student-detail"),
 *             include("api/v1/", api_urls),
 *         },
 *     };
 *
 * Patterns are tried in order and the first that matches wins, as in Django; underneath they are
 * one prefix tree, built when the site starts. What a pattern captures a view reads with
 * nu_path_id(), nu_path_str(), nu_path_uuid() and nu_path_value().
 */
#pragma once
#include <nuages/http.h>
#include <nuages/middleware.h>

typedef struct nu_urlconf nu_urlconf;

/* What answers for an error: handler404 and its kind. `error` is what was raised. */
typedef nu_response *nu_error_view(nu_request *req, const nu_error *error);

/* An argument of a pattern's own, handed to the view beside what the path gave. It has the last
   word where both have the name. Written with Kwarg("page", 1). */
typedef struct nu_url_kwarg {
    const char *name;
    nu_kind kind; /* BOOL, INT, FLOAT or STR */
    int64_t i;
    double f;
    const char *s;
} nu_url_kwarg;
/* clang-format off */
#define Kwarg(n, x)                                                                                \
    { .name = (n),                                                                                 \
      .kind = _Generic((x), bool: NU_KIND_BOOL, float: NU_KIND_FLOAT, double: NU_KIND_FLOAT,       \
                       char *: NU_KIND_STR, default: NU_KIND_INT),                                 \
      .i = _Generic((x), char *: 0, double: 0, float: 0, default: (x)),                            \
      .f = _Generic((x), double: (x), float: (x), default: 0),                                     \
      .s = _Generic((x), char *: (x), default: NULL) }
/* clang-format on */

/* A path converter of one's own, for <year:y> in the routes of the urlconf that lists it.
   Django: register_converter(). */
typedef struct nu_url_converter {
    const char *name;
    const char *regex; /* Python's syntax, without anchors or capturing groups */
    /* The captured text as a value; false (ValueError): the pattern does not match after all. */
    bool (*to_value)(nu_str text, nu_value *value);
    /* The text of a value for nu_url(); false: no URL of this pattern. Missing: str(value). */
    bool (*to_url)(nu_value value, nu_str *text);
} nu_url_converter;

/* Options of path(..., .cache_control = CacheControl(.public = true, .max_age = 300)). A number
   that is not given is not sent; give -1 to send 0. Django: cache_control(). */
typedef struct nu_cache_control {
    NU_NAMED_ONLY;
    bool public, private, no_cache, no_store, no_transform, must_revalidate, proxy_revalidate,
        immutable;
    int max_age, s_maxage, stale_while_revalidate, stale_if_error; /* seconds */
} nu_cache_control;
#define CacheControl(...)                                                                          \
    &(const nu_cache_control)                                                                      \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

/* One pattern. Use path(), re_path() and include(); the options come by name. */
typedef struct nu_url_entry {
    const char *route;
    const nu_urlconf *include;
    NU_NAMED_ONLY;
    nu_view *view;
    struct nu__write_options_as_dot_name_equals_value *named_only_2_;
    const void *config; /* what a generic view is told: nu_generic */
    struct nu__write_options_as_dot_name_equals_value *named_only_3_;
    const char *view_text; /* the view as the source writes it, for the debug pages */
    bool regex;
    /* What the view renders, and the names that it gives to it: ./manage check then names the
       variables of the page that nobody gives. Generic views add to it what they have themselves;
       one with .get_context_data is looked at when .context says what that adds. */
    const char *template_name;
    const char *context[16]; /* end with a null one */
    const char *name;
    const char *namespace;  /* include(): the instance; missing: the urlconf's app_name */
    nu_url_kwarg kwargs[8]; /* end with an empty one */
    int methods; /* GET | HEAD: any other gets 405 with Allow; with OPTIONS among them that one is
                    answered with Allow, as Django's class views do; 0: all */
    nu_middleware *decorators[4]; /* around this view alone, the first outermost */
    const nu_cache_control *cache_control;
    bool never_cache;
    nu_str (*etag)(nu_request *);               /* condition(): quoted; null: none */
    nu_datetime (*last_modified)(nu_request *); /* condition(): null: none */
    bool csrf_exempt;
    bool xframe_options_exempt;
    bool no_append_slash;
    bool non_atomic;                 /* outside ATOMIC_REQUESTS */
    bool by_language;                /* i18n_patterns() */
    bool no_prefix_default_language; /* … whose URLs in LANGUAGE_CODE have no prefix */
} nu_url_entry;

struct nu_urlconf {
    const char *app_name;
    const nu_url_converter *converters[16]; /* for this urlconf's own routes */
    const nu_url_entry *urlpatterns[128];
    /* Of the root urlconf only. */
    nu_error_view *handler400, *handler403, *handler404, *handler500;
};

#define path(r, v, ...)                                                                            \
    nu__a_comma_is_missing_before_this + &(const nu_url_entry)                                     \
    {                                                                                              \
        .route = (r), .view_text = #v, .view = v, __VA_ARGS__                                      \
    }
#define re_path(r, v, ...)                                                                         \
    nu__a_comma_is_missing_before_this + &(const nu_url_entry)                                     \
    {                                                                                              \
        .route = (r), .regex = true, .view_text = #v, .view = v, __VA_ARGS__                       \
    }
#define include(r, u, ...)                                                                         \
    nu__a_comma_is_missing_before_this + &(const nu_url_entry)                                     \
    {                                                                                              \
        .route = (r), .include = &(u), __VA_ARGS__                                                 \
    }
/* The patterns of a urlconf below the active language's code, "de/students/"; in the root urlconf
   only. With .no_prefix_default_language = true those of LANGUAGE_CODE stand without one.
   LocaleMiddleware reads the language from the path, and sends readers on to theirs.
   Django: i18n_patterns() */
#define i18n_patterns(u, ...)                                                                      \
    nu__a_comma_is_missing_before_this + &(const nu_url_entry)                                     \
    {                                                                                              \
        .route = "", .include = &(u), .by_language = true, __VA_ARGS__                             \
    }

/**
 * The path of a named URL: nu_url("student-detail", student->id), nu_url("blog:post", slug).
 * Arguments stand for the captures in order.
 *
 * @return  percent-encoded text in the fiber's arena, with the script prefix
 * @raises  NoReverseMatch, listing the patterns tried
 * Yields: never.   Django: reverse()
 */
#define nu_url(name, ...) nu_url_((name), NU_ARGS(__VA_ARGS__))
nu_str nu_url_(const char *name, nu_values args);

/**
 * The same with Django's other arguments: nu_reverse("student-detail", .kwargs = NU_VARS(("pk",
 * 3)), .query = NU_VARS(("page", 2)), .fragment = "top"). Positional ones: .args = NU_ARGS(3).
 *
 * @raises  NoReverseMatch; ValueError when both args and kwargs are given
 */
#define nu_reverse(name, ...) nu_reverse_((name), &(const nu_reverse_options){ __VA_ARGS__ })
typedef struct nu_reverse_options {
    NU_NAMED_ONLY;
    const nu_urlconf *urlconf; /* missing: the request's, or ROOT_URLCONF */
    nu_values args;
    const nu_var *kwargs;
    const char *current_app;
    const nu_var *query; /* a list as value gives the key once for each item */
    const char *fragment;
} nu_reverse_options;
nu_str nu_reverse_(const char *name, const nu_reverse_options *options);

/** Whether some view answers for this path ("/students/3/"). Django: is_valid_path() */
bool nu_is_valid_path(nu_str path);

/** What the pattern captured under this name, or its own argument; null when there is none. */
nu_value nu_path_value(nu_request *req, const char *name);
/** Captures without a name (re_path), in order; null past the last. */
nu_value nu_path_arg(nu_request *req, int index);
/** The view's name with its namespaces, "blog:post-detail"; its source text when it has no name.
    Empty before the URL is resolved. Django: request.resolver_match.view_name */
nu_str nu_view_name(nu_request *req);
