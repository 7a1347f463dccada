/* Model forms: an instance, some of its model's fields, its own validation. */
#include "core/object.h"
#include "db/models/instance.h"
#include "forms/form.h"
#include "forms/model_fields.h"

#include <nuages/decimal.h>
#include <nuages/queries.h>

#include <string.h>

/* ---- making -------------------------------------------------------------------------------- */

static const nu__field *field_named(const nu_modelform *spec, const nu__model_info *info,
                                    nu_str name)
{
    const nu__field *field = nu__model_field(info, name);

    if (!field)
        field = nu__model_many(info, name);
    if (!field || !field->type->form_field)
        nu_raise(NU_FIELD_ERROR, "the form {} names the field '{}', which {} has not. It has: {}",
                 spec->name, name, info->label, nu__model_choices(info));
    return field;
}

/* A number that a new row was not given: 0 stands in the struct where Django has None. */
static bool is_unset(const nu__field *field, const nu_object *instance, nu_value value)
{
    return (value.kind == NU_KIND_INT || value.kind == NU_KIND_FLOAT) &&
           !nu__field_has_default(field) && !nu__value_truth(value) && !nu__pk_is_set(instance);
}

static nu_value initial_of(const nu__field *field, const nu_object *instance)
{
    nu_value value;

    if (field->type->type != NU_MANY_TO_MANY_FIELD && field->type->type != NU_FILE_FIELD &&
        field->type->type != NU_IMAGE_FIELD) {
        value = nu__field_get(field, instance);
        return is_unset(field, instance, value) ? nu_null() : value;
    }
    if (field->type->type == NU_MANY_TO_MANY_FIELD && !nu__pk_is_set(instance))
        return nu_v_list(nu_list_new());
    if (field->type->type == NU_MANY_TO_MANY_FIELD)
        return nu_v_list(nu__value_items(nu_v_query(nu_many_(instance, field->offset))));
    return nu__value_get(nu_v_object(instance), field->name, &value) ? value : nu_null();
}

static void write_member(nu_form *form, nu__form_field *field, nu_value value);
static nu_value read_member(nu_form *form, nu__form_field *field);
static void post_clean(nu_form *form);

nu_form *nu_modelform_(nu_request *req, const nu_modelform *spec, nu_object *instance)
{
    nu__model_info *info = nu__model_info_of(spec->model);
    size_t n = 0;
    nu_form *form;

    while (n < 64 && spec->fields[n])
        n++;
    form = nu__form_new(nu_s(spec->name), n);
    form->spec = spec;
    form->info = info;
    form->instance = instance;
    for (size_t i = 0; i < n; i++) {
        const nu__field *field = field_named(spec, info, nu_s(spec->fields[i]));

        nu__form_field_of_model(&form->fields[i], field,
                                nu__form_override_find(spec->overrides, field->name));
        form->fields[i].name = field->name;
        nu_dict_set_str(form->initial, field->name, initial_of(field, instance));
    }
    nu__form_ready(form);
    form->target = memcpy(nu_alloc_(1, info->size), instance, info->size);
    form->write = write_member;
    form->read = read_member;
    form->clean = spec->clean;
    form->post_clean = post_clean;
    nu__form_bind(form, req, false);
    return form;
}

void *nu_form_instance(const nu_form *form)
{
    return form->instance;
}

/* ---- cleaned values into a copy, then into the instance -------------------------------------- */

static bool is_column(const nu__form_field *field)
{
    nu_field_type type = field->model_field->type->type;

    return type != NU_MANY_TO_MANY_FIELD && type != NU_FILE_FIELD && type != NU_IMAGE_FIELD;
}

/* Texts that may not be null keep "" for what was left empty. */
static nu_value for_member(const nu__field *field, nu_value value)
{
    bool text = field->type->empty_strings && !field->null;
    bool whole = field->type->form_field && nu_eq("IntegerField", field->type->form_field);

    if (whole && value.kind == NU_KIND_DECIMAL) /* beyond 64 bits: model validation refuses it */
        return nu_v_int(nu_decimal_cmp(nu_dec(value), nu_decimal_from(0, 0)) < 0 ? INT64_MIN
                                                                                 : INT64_MAX);
    return value.kind == NU_KIND_NULL && text ? nu_v_str(S("")) : value;
}

static void write_member(nu_form *form, nu__form_field *field, nu_value value)
{
    if (is_column(field))
        nu__field_set(field->model_field, form->target, for_member(field->model_field, value));
}

static nu_value read_member(nu_form *form, nu__form_field *field)
{
    if (!is_column(field) || field->model_field->relation)
        return nu_item(form->cleaned, nu_copy(field->name).ptr);
    return nu__field_get(field->model_field, form->target);
}

/* A field that was not sent at all keeps the default that the instance has. */
static bool keeps_default(const nu_form *form, const nu__form_field *field, nu_value value)
{
    return nu__field_has_default(field->model_field) && nu__field_value_empty(value) &&
           nu__widget_omitted(&field->widget, &form->data, nu__form_html_name(form, field->name));
}

static void fill_instance(nu_form *form)
{
    nu_value value;

    for (size_t i = 0; i < form->n_fields; i++) {
        nu__form_field *field = &form->fields[i];

        if (is_column(field) && nu_dict_find(form->cleaned, field->name, &value) &&
            !keeps_default(form, field, value))
            nu__field_set(field->model_field, form->instance,
                          for_member(field->model_field, value));
    }
}

/* Model validation leaves out what the form does not show, what has failed already, and required
   model fields that the form lets be empty. */
static nu__field_bits exclusions(nu_form *form)
{
    nu__field_bits skip = { { 0 } };

    for (size_t i = 0; i < form->info->n_fields; i++) {
        const nu__field *field = &form->info->fields[i];
        const nu__form_field *shown = nu__form_field_named(form, field->name);
        nu_value value;

        if (!shown || !nu_dict_find(form->cleaned, field->name, &value) ||
            (!field->blank && !shown->required && nu__field_value_empty(value)))
            nu__set_add(&skip, field->index);
    }
    return skip;
}

static void add_model_errors(nu_form *form, const nu__errors *errors)
{
    for (size_t i = 0; i < nu_dict_len(errors->messages); i++) {
        nu_str name = nu_dict_key(errors->messages, i);
        nu_list *messages = nu_as_list(nu_dict_value(errors->messages, i));
        nu_list *codes = nu_as_list(nu_dict_value(errors->codes, i));
        bool whole = !nu__form_field_named(form, name);

        for (size_t j = 0; j < nu_list_len(messages); j++)
            nu__form_add_error(form, whole ? (nu_str){ NULL, 0 } : name,
                               nu_string(nu_at(messages, j)), nu_string(nu_at(codes, j)).ptr);
    }
}

static void post_clean(nu_form *form)
{
    nu__field_bits skip;
    nu__errors errors;

    fill_instance(form);
    skip = exclusions(form);
    errors = nu__instance_errors(form->instance, &skip, NU_CLEAN_ALL);
    add_model_errors(form, &errors);
}

/* ---- saving -------------------------------------------------------------------------------- */

/* The rows chosen, as a query: what a many-to-many set takes. */
static nu_query *chosen_rows(const nu__form_field *field, nu_list *rows)
{
    nu_list *keys = nu_list_new();

    for (size_t i = 0; i < nu_list_len(rows); i++)
        nu_list_append_(keys, nu__pk_of(nu_at(rows, i).object));
    return nu_filter(nu_objects_(field->model_field->relation->to->model), Q("pk__in", keys));
}

/* false: the file goes; a file: it is stored, and the row takes its name. */
static void save_file(nu_form *form, const nu__form_field *field, nu_value value)
{
    const nu__field *member = field->model_field;

    if (value.kind == NU_KIND_BOOL)
        nu__field_set(member, form->instance, nu_v_str(S("")));
    if (value.kind == NU_KIND_FILE)
        nu__field_set(
            member, form->instance,
            nu_v_str(nu_store((nu_file *)value.p, nu_copy(nu_s(member->upload_to)).ptr).name));
}

static void save_sets(nu_form *form)
{
    nu_value value;

    for (size_t i = 0; i < form->n_fields; i++) {
        const nu__form_field *field = &form->fields[i];

        if (field->model_field->type->type == NU_MANY_TO_MANY_FIELD &&
            nu_dict_find(form->cleaned, field->name, &value))
            nu_many_set_(form->instance, field->model_field->offset,
                         chosen_rows(field, nu_as_list(value)));
    }
}

void nu_form_save(nu_form *form)
{
    nu_value value;

    if (!nu_form_valid(form))
        nu_raise(NU_VALUE_ERROR, "The {} could not be {} because the data didn't validate.",
                 form->info->name, nu__pk_is_set(form->instance) ? "changed" : "created");
    for (size_t i = 0; i < form->n_fields; i++)
        if (form->fields[i].widget.type->file &&
            nu_dict_find(form->cleaned, form->fields[i].name, &value))
            save_file(form, &form->fields[i], value);
    nu_save_(form->instance, NULL);
    save_sets(form);
}
