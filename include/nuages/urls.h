/**
 * @file
 * URL configurations: path, include, reverse;
 */
#pragma once
#include <nuages/http.h>

typedef struct nu_urlconf nu_urlconf;
typedef struct nu_url_entry {
    const char *route;
    const nu_urlconf *include;
    NU_NAMED_ONLY;
    nu_view *view;
    struct nu__write_options_as_dot_name_equals_value *named_only_2_;
    const void *config;
    struct nu__write_options_as_dot_name_equals_value *named_only_3_;
    const char *name;
    int methods;
    bool regex;
    const char *namespace;
    nu_view *(*decorators[4])(nu_view *);
    bool login_required;
    const char *permission_required;
} nu_url_entry;
struct nu_urlconf {
    const char *app_name;
    const nu_url_entry *urlpatterns[128];
};
#define path(r, v, ...)                                                                            \
    &(const nu_url_entry)                                                                          \
    {                                                                                              \
        .route = (r), .view = v, __VA_ARGS__                                                       \
    }
#define re_path(r, v, ...)                                                                         \
    &(const nu_url_entry)                                                                          \
    {                                                                                              \
        .route = (r), .regex = true, .view = v, __VA_ARGS__                                        \
    }
#define include(r, u, ...)                                                                         \
    &(const nu_url_entry)                                                                          \
    {                                                                                              \
        .route = (r), .include = &(u), __VA_ARGS__                                                 \
    }

/** The path of a named URL: reverse(). Raises NoReverseMatch, listing what was tried. */
#define nu_url(name, ...) nu_url_((name), NU_ARGS(__VA_ARGS__))
nu_str nu_url_(const char *name, nu_values args);
