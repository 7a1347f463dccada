/**
 * @file
 * Generic views by table, as django.views.generic.
 *
 *     path("students/", ListView(Student, .paginate_by = 20), .name = "student-list"),
 *     path("students/<int:pk>/", DetailView(Student), .name = "student-detail"),
 *     path("about/", TemplateView("about.html")),
 *
 * The template sees Django's names: object_list and student_list (or .context_object_name),
 * page_obj, paginator, is_paginated; object and student; form; view.
 */
#pragma once
#include <nuages/forms.h>
#include <nuages/http.h>
#include <nuages/queries.h>
#include <nuages/shortcuts.h>
#include <nuages/urls.h>

/* What a generic view is told. Missing: as Django's class does it. */
typedef struct nu_generic {
    NU_NAMED_ONLY;
    const nu_model *model;
    const char *template_name;       /* missing: "registry/student_list.html" and its kind */
    const char *context_object_name; /* missing: "student_list", "student" */
    const char *content_type;
    struct {
        const char *name, *value;
    } extra_context[8];

    /* ListView */
    int paginate_by, paginate_orphans;
    const char *page_kwarg; /* "page" */
    bool disallow_empty;    /* 404 when there are no rows */
    const char *ordering[5];

    /* DetailView, UpdateView, DeleteView */
    const char *slug_field;                    /* "slug" */
    const char *pk_url_kwarg, *slug_url_kwarg; /* "pk", "slug" */
    bool query_pk_and_slug;

    /* CreateView, UpdateView, DeleteView. In both texts {name} stands for a field of the object. */
    const nu_modelform *form;
    const char *success_url;     /* missing: the object's get_absolute_url */
    const char *success_message; /* put into messages */

    /* Code of the site's own, called where Django's method of that name would be. */
    nu_query *(*get_queryset)(nu_request *req);
    void *(*get_object)(
        nu_request *req); /* raises Http404. CreateView: what the form begins with */
    void (*get_context_data)(nu_request *req, nu_dict *context);
    void (*form_valid)(nu_request *req, void *object); /* before it is saved */
    nu_str (*get_success_url)(nu_request *req, void *object);
} nu_generic;

/** Each answers GET, HEAD and OPTIONS, those with a form POST too; else 405. */
nu_view nu_list_view, nu_detail_view, nu_template_view, nu_create_view, nu_update_view,
    nu_delete_view;

#define NU_GENERIC(fn, T, ...)                                                                     \
    fn, .config = &(const nu_generic)                                                              \
    {                                                                                              \
        .model = &T##_model, __VA_ARGS__                                                           \
    }
#define ListView(T, ...)   NU_GENERIC(nu_list_view, T, __VA_ARGS__)
#define DetailView(T, ...) NU_GENERIC(nu_detail_view, T, __VA_ARGS__)
/** A form for a new row; saved, then on to .success_url or the object's own. */
#define CreateView(T, ...) NU_GENERIC(nu_create_view, T, __VA_ARGS__)
/** A form over the row that pk or slug names. */
#define UpdateView(T, ...) NU_GENERIC(nu_update_view, T, __VA_ARGS__)
/** A page that asks, and on POST deletes; needs .success_url or .get_success_url. */
#define DeleteView(T, ...) NU_GENERIC(nu_delete_view, T, __VA_ARGS__)
/** A template with the URL's captures as its variables. */
#define TemplateView(template, ...)                                                                \
    nu_template_view, .config = &(const nu_generic)                                                \
    {                                                                                              \
        .template_name = (template), __VA_ARGS__                                                   \
    }

/* What RedirectView is told. */
typedef struct nu_redirect_options {
    NU_NAMED_ONLY;
    const char *url;          /* {name} stands for a capture of the URL */
    const char *pattern_name; /* else a URL's name, which gets the captures */
    bool permanent;           /* 301 instead of 302 */
    bool query_string;        /* the query goes along */
} nu_redirect_options;
/** Sends on, whatever the method; 410 when there is neither .url nor .pattern_name. */
#define RedirectView(...)                                                                          \
    nu_redirect_view, .config = &(const nu_redirect_options)                                       \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
nu_view nu_redirect_view;

/* ---- the reader's language ------------------------------------------------------------------- */

/** Keeps the language posted as `language` in a cookie, and goes back to `next`, else to where the
 * form was; there the path is the new language's. Django: django.views.i18n.set_language */
nu_view nu_set_language;

/* ---- for views of one's own ------------------------------------------------------------------ */

/** Run a generic view with options chosen at run time. */
nu_response *nu_list_view_with(nu_request *req, const nu_generic *options);
nu_response *nu_detail_view_with(nu_request *req, const nu_generic *options);

/** Cache-Control by table: nu_patch_cache_control(response, .public = true, .max_age = 300). */
#define nu_patch_cache_control(response, ...)                                                      \
    nu_patch_cache_control_((response), &(const nu_cache_control){ __VA_ARGS__ })
void nu_patch_cache_control_(nu_response *response, const nu_cache_control *options);
/** Keep the response out of every cache. Django: add_never_cache_headers() */
void nu_never_cache(nu_response *response);
