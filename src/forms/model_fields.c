#include "forms/model_fields.h"

#include "core/object.h"
#include "core/suggest.h"
#include "core/text.h"
#include "db/models/options.h"
#include "forms/convert.h"

#include <nuages/postgres.h>
#include <nuages/queries.h>

#include <string.h>

const nu_form_override *nu__form_override_find(const nu_form_override overrides[32], nu_str name)
{
    for (size_t i = 0; i < 32 && overrides[i].name; i++)
        if (nu_eq(name, overrides[i].name))
            return &overrides[i];
    return NULL;
}

/* ---- choices ------------------------------------------------------------------------------- */

/* ("", "---------") first, unless the field must be filled in and has a value to begin with. */
static nu_list *choices_of(const nu__form_field *out, const nu__field *field)
{
    bool blank = field->blank || !nu__field_has_default(field);
    nu_list *items = nu_list_new(), *group = NULL;

    if (blank || out->override)
        if (blank || out->override->empty_label)
            nu_list_append(items, NU_LIST(S(""), out->override && out->override->empty_label
                                                     ? nu_s(out->override->empty_label)
                                                     : S("---------")));
    for (int i = 0; i < field->choices->len; i++) {
        const nu_choice *choice = &field->choices->items[i], *before = i ? choice - 1 : NULL;
        nu_value item = nu_v_list(
            NU_LIST(field->choices->text ? nu_v_cstr(choice->value) : nu_v_int(choice->number),
                    choice->label));

        if (!choice->group) {
            nu_list_append(items, item);
        } else if (before && before->group && !strcmp(before->group, choice->group)) {
            nu_list_append(group, item);
        } else {
            group = nu_list_new();
            nu_list_append(group, item);
            nu_list_append(items, NU_LIST(choice->group, nu_v_list(group)));
        }
    }
    return items;
}

static nu_value coerce_choice(const nu__form_field *field, nu_value text)
{
    nu__invalid why;
    nu_value value;

    return nu__field_to_python(field->model_field, text, &value, &why) ? value : text;
}

/* ---- the class ----------------------------------------------------------------------------- */

/* An input for each item of an array; how many says its size. */
static bool is_split(const nu__field *field, const nu_form_override *override)
{
    if (!override || !override->widget || strcmp(override->widget, "SplitArrayWidget") != 0)
        return false;
    if (!field->array_size)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "the form's field {} asks for the widget SplitArrayWidget, which is for an "
                 "ArrayField with an array_size: that many inputs",
                 field->name);
    return true;
}

static const nu__form_field_type *class_of(const nu__field *field, const nu_form_override *override)
{
    const char *name = field->type->form_field;

    if (field->choices)
        name = "TypedChoiceField";
    else if (is_split(field, override))
        name = "SplitArrayField";
    else if (field->type->type == NU_BOOLEAN_FIELD && field->null)
        name = "NullBooleanField";
    return nu__form_field_type_find(nu_s(name));
}

static void set_limits(nu__form_field *out, const nu__field *field)
{
    if (out->type->text || out->type->bound)
        out->max_length = field->max_length && field->type->type != NU_TEXT_FIELD
                              ? field->max_length
                              : out->max_length;
    if (field->type->type == NU_DECIMAL_FIELD) {
        out->max_digits = field->max_digits;
        out->decimal_places = field->decimal_places;
    }
    if (field->type->form_field && nu_eq("IntegerField", field->type->form_field) &&
        field->type->min == 0 && field->type->max > 0)
        out->min_value = nu_v_int(0);
    if (field->type->type == NU_BIG_INTEGER_FIELD) {
        out->min_value = nu_v_int(INT64_MIN);
        out->max_value = nu_v_int(INT64_MAX);
    }
}

/* What an array's items are, how many and how they are told apart; the bounds of a range. */
static void set_items(nu__form_field *out, const nu__field *field)
{
    if (field->type->type == NU_ARRAY_FIELD) {
        out->base = nu_alloc(nu__form_field);
        nu__form_field_of_model(out->base, field->base, NULL);
        out->size = (size_t)field->array_size;
        out->max_length = field->array_size ? field->array_size : -1;
        out->delimiter = nu_s(out->override ? out->override->delimiter : NULL);
        out->remove_trailing_nulls = out->override && out->override->remove_trailing_nulls;
    } else if (field->type->family == NU__RANGE_OPTIONS) {
        out->default_bounds = ((const nu_range_field *)field->def)->default_bounds;
    }
}

/* Rows to choose from: the related model's, by its default ordering. */
static void set_rows(nu__form_field *out, const nu__field *field)
{
    bool many = field->type->type == NU_MANY_TO_MANY_FIELD;
    const nu_model *to = field->relation ? field->relation->to->model : field->def->to;

    out->queryset = field->relation ? nu__rows_to_choose(field) : nu_objects_(to);
    out->choices = (nu__choices){ .make = nu__form_row_choices, .self = out };
    if (!many && !(out->required && nu__field_has_default(field)))
        out->empty_label = S("---------");
    if (out->override && out->override->empty_label)
        out->empty_label = nu_s(out->override->empty_label);
}

static bool is_relation(const nu__field *field)
{
    return field->type->type == NU_FOREIGN_KEY || field->type->type == NU_ONE_TO_ONE_FIELD ||
           field->type->type == NU_MANY_TO_MANY_FIELD;
}

static nu_str label_of(const nu__field *field, const nu_form_override *override)
{
    return override && override->label ? nu_s(override->label) : nu__capfirst(field->verbose_name);
}

static const nu__widget_type *widget_of(const nu__field *field, const nu_form_override *override)
{
    const char *name = override && override->widget ? override->widget : field->type->widget;
    const nu__widget_type *type;
    const char *const *names;
    size_t n;

    if (!name || (field->choices && !(override && override->widget)))
        return NULL;
    type = nu__widget_type_find(nu_s(name));
    names = nu__widget_names(&n);
    if (!type)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "the form's field {} asks for the widget {}, which there is not{}", field->name,
                 name, nu__suggestion(nu_s(name), names, n));
    return type;
}

void nu__form_field_of_model(nu__form_field *out, const nu__field *field,
                             const nu_form_override *override)
{
    nu__form_field_begin(out, class_of(field, override), field->name);
    out->model_field = field;
    out->override = override;
    out->has_label = true;
    out->label = label_of(field, override);
    out->help_text = override && override->help_text ? nu_s(override->help_text) : field->help_text;
    out->required = !field->blank && field->type->type != NU_BOOLEAN_FIELD;
    out->empty_null = field->null;
    out->initial = nu_null();
    if (nu__field_has_default(field))
        out->initial = nu__field_default(field);
    out->show_hidden_initial = field->def->default_call;
    set_limits(out, field);
    set_items(out, field);
    if (is_relation(field)) {
        set_rows(out, field);
    } else if (field->choices) {
        out->choices.items = choices_of(out, field);
        out->coerce = coerce_choice;
    }
    nu__form_field_finish(out, widget_of(field, override));
    if (out->type->choices)
        out->widget.choices = &out->choices;
}

/* ---- rows ---------------------------------------------------------------------------------- */

nu_list *nu__form_row_choices(const void *self)
{
    const nu__form_field *field = self;
    nu_list *rows = nu__value_items(nu_v_query(field->queryset)), *items = nu_list_new();

    if (field->empty_label.ptr)
        nu_list_append(items, NU_LIST(S(""), field->empty_label));
    for (size_t i = 0; i < nu_list_len(rows); i++) {
        nu_value row = nu_at(rows, i), pk = nu_null();

        nu__value_get(row, S("pk"), &pk);
        nu_list_append(items, NU_LIST(pk, nu_string(row)));
    }
    return items;
}

static bool has_null_character(nu_value key)
{
    return (key.kind == NU_KIND_STR || key.kind == NU_KIND_SAFE) && key.s.len &&
           memchr(key.s.ptr, '\0', key.s.len);
}

/* true: refused, with its error. */
static bool refuse_null_character(const nu__form_field *field, nu_value key, nu_list *errors)
{
    if (!has_null_character(key))
        return false;
    nu__form_field_error(field, errors, "null_characters_not_allowed",
                         S("Null characters are not allowed."), NULL);
    return true;
}

static bool row_by_key(const nu__form_field *field, nu_value key, nu_value *out)
{
    nu_query *found;
    nu_list *rows;

    if (key.kind == NU_KIND_OBJECT) {
        *out = key;
        return true;
    }
    if (nu_catch(NU_VALUE_ERROR, found = nu_filter(field->queryset, Q("pk", key))))
        return false;
    rows = nu__value_items(nu_v_query(found));
    *out = nu_at(rows, 0);
    return nu_list_len(rows) == 1;
}

bool nu__form_row(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    *out = nu_null();
    if (nu__field_value_empty(in))
        return true;
    if (refuse_null_character(field, in, errors))
        return false;
    if (row_by_key(field, in, out))
        return true;
    nu__form_field_error(field, errors, "invalid_choice", nu_s(field->type->invalid), NULL);
    return false;
}

bool nu__form_rows(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu_list *chosen = nu_list_new();
    size_t before = nu_list_len(errors);

    *out = nu_v_list(chosen);
    if (nu__field_value_empty(in))
        return true;
    if (in.kind != NU_KIND_LIST) {
        nu__form_field_error(field, errors, "invalid_list", S("Enter a list of values."), NULL);
        return false;
    }
    for (size_t i = 0; i < nu_list_len(in.list); i++) {
        nu_value key = nu_at(in.list, i), row;
        nu__invalid why;

        if (refuse_null_character(field, key, errors))
            return false;
        if (key.kind != NU_KIND_OBJECT &&
            !nu__field_to_python(field->model_field->relation->to->pk->target, key, &row, &why))
            nu__form_field_error(field, errors, "invalid_pk_value",
                                 S("“%(pk)s” is not a valid value."), NU__PARAMS({ "pk", V(key) }));
        else if (!row_by_key(field, key, &row))
            nu__form_field_error(
                field, errors, "invalid_choice",
                S("Select a valid choice. %(value)s is not one of the available choices."),
                NU__PARAMS({ "value", V(key) }));
        else
            nu_list_append(chosen, row);
        if (nu_list_len(errors) != before)
            return false;
    }
    return true;
}
