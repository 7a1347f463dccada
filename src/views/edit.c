#include "views/generic.h"

#include "core/buf.h"
#include "core/object.h"
#include "http/message.h"
#include "http/redirect.h"

#include <nuages/messages.h>
#include <string.h>

/* ---- texts with {field} ---------------------------------------------------------------------- */

/* A text with each {name} replaced by that attribute of the object. */
static nu_str filled(const char *pattern, const nu_object *object)
{
    nu__buf out = { 0 };

    for (const char *at = pattern; *at;) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        nu_value value;

        if (!end) {
            nu__buf_char(&out, *at++);
            continue;
        }
        if (!nu__value_get(nu_v_object(object), (nu_str){ at + 1, (size_t)(end - at - 1) }, &value))
            nu_raise(NU_ATTRIBUTE_ERROR, "“{}” names no attribute of the object in “{}”",
                     ((nu_str){ at, (size_t)(end + 1 - at) }), pattern);
        nu__buf_str_add(&out, nu_string(value));
        at = end + 1;
    }
    return nu__buf_str(&out);
}

static nu_str success_url(nu_request *req, const nu_generic *options, nu_object *object)
{
    if (options->get_success_url)
        return options->get_success_url(req, object);
    if (options->success_url)
        return filled(options->success_url, object);
    if (options->model->get_absolute_url)
        return options->model->get_absolute_url(object);
    nu_raise(NU_IMPROPERLY_CONFIGURED,
             "No URL to redirect to. Either provide .success_url or define .get_absolute_url on "
             "the model {}.",
             nu__model_info_of(options->model)->label);
}

static void success_message(nu_request *req, const nu_generic *options, const nu_object *object)
{
    if (options->success_message)
        nu_messages_success(req, "{}", filled(options->success_message, object));
}

/* ---- CreateView and UpdateView --------------------------------------------------------------- */

static nu_object *new_instance(nu_request *req, const nu_generic *options)
{
    const nu_init nothing_given = { nu_alloc_(1, options->model->size), "" };

    if (options->get_object)
        return options->get_object(req);
    return nu_new_(options->model, nothing_given);
}

static nu_response *saved(nu_request *req, const nu_generic *options, nu_form *form,
                          nu_object *object)
{
    if (options->form_valid)
        options->form_valid(req, object);
    nu_form_save(form);
    success_message(req, options, object);
    return nu__response_redirect(302, success_url(req, options, object));
}

/* The form over `object`; `known`: it is a row, which the template gets as `object` too. */
static nu_response *edit(nu_request *req, const nu_generic *options, nu_object *object, bool known)
{
    nu_dict *context;
    nu_form *form;

    if (!options->form)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "The generic view of {} needs a .form.",
                 nu__model_info_of(options->model)->label);
    form = nu_modelform_(req, options->form, object);
    if ((req->method & (POST | PUT)) && nu_form_valid(form))
        return saved(req, options, form, object);
    context = nu_dict_new();
    if (known)
        nu__generic_put_object(context, options, object);
    nu_dict_set(context, "form", form);
    return nu__generic_render(req, options, "_form", context);
}

nu_response *nu_create_view(nu_request *req)
{
    const nu_generic *options = req->locals[NU__REQUEST_VIEW];
    nu_response *other = nu__generic_answers(req, GET | HEAD | POST | PUT);

    return other ? other : edit(req, options, new_instance(req, options), false);
}

nu_response *nu_update_view(nu_request *req)
{
    const nu_generic *options = req->locals[NU__REQUEST_VIEW];
    nu_response *other = nu__generic_answers(req, GET | HEAD | POST | PUT);

    return other ? other : edit(req, options, nu__generic_object(req, options), true);
}

/* ---- DeleteView ------------------------------------------------------------------------------ */

nu_response *nu_delete_view(nu_request *req)
{
    const nu_generic *options = req->locals[NU__REQUEST_VIEW];
    nu_response *other = nu__generic_answers(req, GET | HEAD | POST | DELETE);
    nu_dict *context;
    nu_object *object;
    nu_str url;

    if (other)
        return other;
    object = nu__generic_object(req, options);
    if (req->method & (POST | DELETE)) {
        url = success_url(req, options, object);
        /* the method DELETE brings no form: as in Django, neither hook nor message */
        if (req->method == POST && options->form_valid)
            options->form_valid(req, object);
        nu_delete_(object);
        if (req->method == POST)
            success_message(req, options, object);
        return nu__response_redirect(302, url);
    }
    context = nu_dict_new();
    nu__generic_put_object(context, options, object);
    return nu__generic_render(req, options, "_confirm_delete", context);
}
