/* Model fields of PostgreSQL's types as form fields: Field.formfield(). */
#include "forms/convert.h"
#include "forms/model_fields.h"
#include "forms_ops.h"
#include "template_ops.h"

#include <nuages/migrations.h>

/* The same fields stand in tests/compat/form_cases.py. */
static const struct {
    const nu_field *field;
    const nu_form_override override;
} fields[] = {
    { models_ArrayField("words", models_CharField(NULL, .max_length = 5), .array_size = 3) },
    { models_ArrayField("numbers", models_IntegerField(NULL), .blank = true) },
    { models_ArrayField("maybe", models_IntegerField(NULL, .null = true, .blank = true)) },
    { models_ArrayField("grid", models_ArrayField(NULL, models_IntegerField(NULL))) },
    { models_ArrayField("prices",
                        models_DecimalField(NULL, .max_digits = 4, .decimal_places = 2)) },
    { models_ArrayField("days", models_DateField(NULL), .array_size = 2),
      { "days", .widget = "SplitArrayWidget" } },
    { models_ArrayField("few", models_IntegerField(NULL), .array_size = 3, .blank = true),
      { "few", .widget = "SplitArrayWidget", .remove_trailing_nulls = true } },
    { models_ArrayField("lines", models_CharField(NULL, .max_length = 5)),
      { "lines", .delimiter = "; " } },
    { models_HStoreField("data") },
    { models_HStoreField("notes", .blank = true, .help_text = "JSON") },
    { models_IntegerRangeField("ints") },
    { models_BigIntegerRangeField("bigs", .blank = true) },
    { models_DecimalRangeField("decimals", .default_bounds = "[]") },
    { models_DateRangeField("dates", .verbose_name = "open days") },
    { models_DateTimeRangeField("times", .default_bounds = "(]") },
};

static nu__form_field *field_named(nu_str name)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        nu__form_field *out;

        if (!nu_eq(name, fields[i].field->name))
            continue;
        out = nu_alloc(nu__form_field);
        nu__form_field_of_model(out, nu__form_resolve(fields[i].field),
                                fields[i].override.name ? &fields[i].override : NULL);
        return out;
    }
    nu_raise(NU_NOT_IMPLEMENTED_ERROR, "the model field {}", name);
}

static nu_value html(const nu__form_field *field, nu_value value)
{
    nu__buf out = { 0 };

    nu__widget_render(&field->widget, &out, S("n"), nu__form_field_prepare(field, value), NULL);
    return nu_v_str(nu__buf_str(&out));
}

static nu_value formfield(const conf_case *c)
{
    nu__form_field *field = field_named(conf_member_text(c, "field"));
    nu_list *errors = nu_list_new();
    nu_value cleaned = nu_null();
    bool valid;

    conf_localize_by(c->data);
    conf_keep_zones = CONF_INSTANTS;
    valid = nu__form_field_clean(field, conf_member(c, "value"), nu_null(), &cleaned, errors);
    return V(NU_DICT(("class", field->type->name), ("label", field->label),
                     ("required", field->required), ("valid", valid),
                     ("cleaned", valid ? conf_plain_range(cleaned) : nu_null()),
                     ("errors", conf_errors(errors)), ("html", html(field, nu_null())),
                     ("shown", valid ? html(field, cleaned) : nu_null())));
}

const conf_op conf_forms_postgres[] = {
    { "formfield", formfield, "class label required valid cleaned errors html shown" },
    { 0 },
};
