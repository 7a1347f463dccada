/**
 * @file
 * Generic views by table, as django.views.generic.
 */
#pragma once
#include <nuages/forms.h>
#include <nuages/http.h>
#include <nuages/queries.h>

nu_view nu_list_view, nu_detail_view, nu_create_view, nu_update_view, nu_delete_view,
    nu_template_view;
typedef struct nu_generic {
    const nu_model *model;
    const char *template_name, *context_object_name, *slug_field, *success_url;
    int paginate_by;
    const char *ordering[5];
    const nu_modelform *form;
    nu_query *(*get_queryset)(nu_request *);
    void (*get_context_data)(nu_request *, nu_dict *);
    void (*form_valid)(nu_request *, void *object);
    nu_str (*get_success_url)(nu_request *, void *object);
} nu_generic;
#define NU_GENERIC(fn, T, ...)                                                                     \
    fn, .config = &(const nu_generic)                                                              \
    {                                                                                              \
        .model = &T##_model, __VA_ARGS__                                                           \
    }
#define ListView(T, ...)   NU_GENERIC(nu_list_view, T, __VA_ARGS__)
#define DetailView(T, ...) NU_GENERIC(nu_detail_view, T, __VA_ARGS__)
#define CreateView(T, ...) NU_GENERIC(nu_create_view, T, __VA_ARGS__)
#define UpdateView(T, ...) NU_GENERIC(nu_update_view, T, __VA_ARGS__)
#define DeleteView(T, ...) NU_GENERIC(nu_delete_view, T, __VA_ARGS__)
