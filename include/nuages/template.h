/**
 * @file
 * Template libraries of one's own.
 */
#pragma once
#include <nuages/http.h>

typedef struct nu_tag_args nu_tag_args;
nu_value nu_tag_arg(nu_tag_args *, int), nu_tag_option(nu_tag_args *, const char *),
    nu_tag_context(nu_tag_args *, const char *);
nu_request *nu_tag_request(nu_tag_args *);
typedef struct {
    const char *name;
    nu_value (*fn)(nu_value, nu_value arg);
    bool is_safe;
} nu_filter_def;
typedef struct {
    const char *name;
    nu_value (*fn)(nu_tag_args *);
    const char *template_name;
} nu_tag_def;
typedef struct {
    const char *name;
    nu_filter_def filters[64];
    nu_tag_def simple_tags[64], inclusion_tags[32];
} nu_template_library;
#define Filter(n, f, ...)                                                                          \
    {                                                                                              \
        .name = (n), .fn = (f), __VA_ARGS__                                                        \
    }
#define SimpleTag(n, f)                                                                            \
    {                                                                                              \
        .name = (n), .fn = (f)                                                                     \
    }
#define InclusionTag(n, t, f)                                                                      \
    {                                                                                              \
        .name = (n), .fn = (f), .template_name = (t)                                               \
    }
nu_value nu_safe(nu_str);

/* Adds variables to every context rendered for a request. */
typedef void nu_context_processor(nu_request *req, nu_dict *context);
