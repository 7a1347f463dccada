/* Forms of one's own: a struct and a table of its fields. */
#include "forms/struct_form.h"

#include "core/text.h"
#include "forms/model_fields.h"

#include <nuages/postgres.h>
#include <string.h>

/* ---- fields of a struct -------------------------------------------------------------------- */

/* The member's kind where the row does not know it: an enum, the key of a reference. */
static nu__member member_of(const nu_field *def, const nu__field_type *type,
                            const nu__field *target)
{
    if (def->choices)
        return NU__MEMBER_CHOICE;
    if (target)
        return target->member;
    return def->null ? type->null_member : type->member;
}

nu__field *nu__form_resolve(const nu_field *def)
{
    nu__field *field = nu_alloc(nu__field);
    const nu__field_type *type = nu__field_type_row(def->type != NU_CHOICE_FIELD ? def->type
                                                    : def->choices->text         ? NU_CHAR_FIELD
                                                                         : NU_INTEGER_FIELD);
    const nu__field *target = def->to ? nu__model_info_of(def->to)->pk : NULL;

    *field = (nu__field){ .def = def,
                          .type = type,
                          .target = target ? target : field,
                          .name = nu_s(def->name),
                          .attname = nu_s(def->name),
                          .verbose_name = def->verbose_name
                                              ? nu_s(def->verbose_name)
                                              : nu__replace(nu_s(def->name), S("_"), S(" ")),
                          .help_text = nu_s(def->help_text),
                          .offset = def->offset,
                          .choices = def->choices,
                          .null = def->null,
                          .blank = def->blank,
                          .editable = true,
                          .max_length = type->max_length };
    field->member = member_of(def, type, target);
    if (type->member == NU__MEMBER_STR && ((const nu_char_field *)def)->max_length)
        field->max_length = ((const nu_char_field *)def)->max_length;
    if (type->type == NU_DECIMAL_FIELD) {
        field->max_digits = ((const nu_decimal_field *)def)->max_digits;
        field->decimal_places = ((const nu_decimal_field *)def)->decimal_places;
    }
    if (type->type == NU_ARRAY_FIELD) {
        field->base = nu__form_resolve(((const nu_array_field *)def)->base_field);
        field->array_size = ((const nu_array_field *)def)->array_size;
    }
    return field;
}

/* ---- members ------------------------------------------------------------------------------- */

static void write_reference(char *at, const nu__field *field, nu_value row)
{
    size_t key = nu__member_size(field->member);
    nu_value pk = nu_null();
    const void *object = row.kind == NU_KIND_OBJECT ? row.object : NULL;

    if (object)
        nu__value_get(row, S("pk"), &pk);
    nu__member_set(field->member, NULL, at, pk);
    memcpy(at + key, &object, sizeof object); /* Model_ref: the key, then the object */
}

static void write_member(nu_form *form, nu__form_field *field, nu_value value)
{
    const nu__field *member = field->model_field;
    char *at = (char *)form->target + (member ? member->offset : 0);

    if (!member) /* a formset's own: ORDER, DELETE */
        return;
    if (member->def->to)
        write_reference(at, member, value);
    else if (value.kind != NU_KIND_FILE)
        nu__member_set(member->member, member->choices, at, value);
}

static nu_value read_member(nu_form *form, nu__form_field *field)
{
    const nu__field *member = field->model_field;
    nu_value cleaned = nu_item(form->cleaned, nu_copy(field->name).ptr);

    if (!member || member->def->to || cleaned.kind == NU_KIND_FILE)
        return cleaned;
    return nu__member_get(member->member, member->choices, (char *)form->target + member->offset);
}

/* ---- the form ------------------------------------------------------------------------------ */

nu_form *nu__struct_form_new(const nu_form_spec *spec, nu_object *data, size_t more)
{
    size_t n = 0;
    nu_form *form;

    while (n < 64 && spec->fields[n])
        n++;
    form = nu__form_new(nu_s(spec->name), n + more);
    form->n_fields = n;
    for (size_t i = 0; i < n; i++)
        nu__form_field_of_model(
            &form->fields[i], nu__form_resolve(spec->fields[i]),
            nu__form_override_find(spec->overrides, nu_s(spec->fields[i]->name)));
    form->target = data;
    form->write = write_member;
    form->read = read_member;
    form->clean = spec->clean;
    data->type = &spec->klass;
    data->extra = form;
    return form;
}

bool nu_form_is_valid_(nu_request *req, const nu_form_spec *spec, void *data)
{
    nu_form *form = nu__struct_form_new(spec, data, 0);

    nu__form_ready(form);
    nu__form_bind(form, req, false);
    return nu_form_valid(form);
}

bool nu_query_form_is_valid_(nu_request *req, const nu_form_spec *spec, void *data)
{
    nu_form *form = nu__struct_form_new(spec, data, 0);

    nu__form_ready(form);
    nu__form_bind(form, req, true);
    return nu_form_valid(form);
}

nu_form *nu_form_of_(const nu_object *data)
{
    if (!data->extra)
        nu_raise(NU_VALUE_ERROR, "this form has not been validated: call nu_form_is_valid() first");
    return data->extra;
}

/* A template that is given the struct sees the form behind it. */
static const nu_object *form_object(const nu_object *self)
{
    return &nu_form_of_(self)->object;
}

static bool struct_get(const nu_object *self, nu_str name, nu_value *out)
{
    return nu__value_get(nu_v_object(form_object(self)), name, out);
}

static nu_value struct_text(const nu_object *self)
{
    return nu__value_text(nu_v_object(form_object(self)));
}

static nu_list *struct_items(const nu_object *self)
{
    return nu__value_items(nu_v_object(form_object(self)));
}

static bool struct_truth(const nu_object *self)
{
    (void)self;
    return true;
}

const nu_object_ops nu__form_struct_ops = {
    .kind = "form",
    .get = struct_get,
    .text = struct_text,
    .truth = struct_truth,
    .items = struct_items,
};
