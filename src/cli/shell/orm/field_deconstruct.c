/* Field.deconstruct(): name, class, and the options that differ from their defaults. */
#include "cli/shell/orm/field_methods.h"
#include "cli/shell/orm/on_delete.h"

#include <nuages/managers.h>
#include <string.h>

typedef struct options {
    nu__py dict;
    const nu__field *field;
} options;

static void put(const options *o, const char *name, nu__py value)
{
    nu__py_dict_set(o->dict.dict, nu__py_str(nu_s(name)), value);
}

static void put_text(const options *o, const char *name, const char *text)
{
    if (text)
        put(o, name, nu__py_str(nu_s(text)));
}

static void put_flag(const options *o, const char *name, bool set)
{
    if (set)
        put(o, name, nu__py_bool(true));
}

static void put_off(const options *o, const char *name, bool off)
{
    if (off)
        put(o, name, nu__py_bool(false));
}

static void put_number(const options *o, const char *name, int number)
{
    if (number)
        put(o, name, nu__py_int(number));
}

/* ---- what every field has -------------------------------------------------------------------- */

static nu__py call_default(nu__py self, const nu__py_call *call)
{
    (void)call;
    return nu__py_of(((const nu_field *)self.cp)->default_call());
}

static const nu__py_type default_function = { .name = "function", .call = call_default };

/* default=dict is the class, as Django's; other functions can be called. */
static void put_default(const options *o)
{
    const nu_field *def = o->field->def;

    if (def->default_call == nu_default_dict)
        put(o, "default", nu__py_class(&nu__py_dict_type));
    else if (def->default_call == nu_default_list)
        put(o, "default", nu__py_class(&nu__py_list_type));
    else if (def->default_call)
        put(o, "default", nu__py_pointer(&default_function, def));
    else if (def->default_.kind != NU_KIND_NULL)
        put(o, "default", nu__py_of(nu__default_value(o->field, &def->default_)));
}

static void put_common(const options *o)
{
    const nu__field *field = o->field;
    const nu_field *def = field->def;
    bool filled = field->auto_now || field->auto_now_add;

    put_text(o, "verbose_name", field->implicit ? "ID" : def->verbose_name);
    put_text(o, "help_text", def->help_text);
    put_text(o, "db_column", def->db_column);
    put_text(o, "db_comment", def->db_comment);
    put_text(o, "db_tablespace", def->db_tablespace);
    put_text(o, "unique_for_date", def->unique_for_date);
    put_text(o, "unique_for_month", def->unique_for_month);
    put_text(o, "unique_for_year", def->unique_for_year);
    put_flag(o, "primary_key", field->primary_key);
    put_flag(o, "auto_created", field->implicit);
    put_off(o, "serialize", field->implicit);
    put_flag(o, "unique", def->unique && !(field->relation && field->relation->one_to_one));
    put_flag(o, "null", field->null);
    put_flag(o, "blank", def->blank && !filled);
    put_off(o, "editable", def->read_only && !filled);
    if (field->choices)
        put(o, "choices", nu__py_get(nu__orm_field(field), S("choices")));
    put_default(o);
}

/* ---- what some have -------------------------------------------------------------------------- */

static void put_length(const options *o)
{
    static const struct {
        nu_field_type type;
        int usual; /* not told */
    } rows[] = { { NU_SLUG_FIELD, 50 },       { NU_URL_FIELD, 200 },
                 { NU_FILE_FIELD, 100 },      { NU_IMAGE_FIELD, 100 },
                 { NU_FILE_PATH_FIELD, 100 }, { NU_GENERIC_IP_ADDRESS_FIELD, 39 } };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].type == o->field->type->type && rows[i].usual == o->field->max_length)
            return;
    put_number(o, "max_length", o->field->max_length);
}

static void put_of_type(const options *o)
{
    const nu__field *field = o->field;
    bool slug = field->type->type == NU_SLUG_FIELD;

    put_length(o);
    if (field->type->type == NU_DECIMAL_FIELD) {
        put(o, "max_digits", nu__py_int(field->max_digits));
        put(o, "decimal_places", nu__py_int(field->decimal_places));
    }
    put_flag(o, "auto_now", field->auto_now);
    put_flag(o, "auto_now_add", field->auto_now_add);
    put_flag(o, "db_index", field->def->db_index && !slug);
    put_flag(o, "allow_unicode", slug && ((const nu_slug_field *)field->def)->allow_unicode);
    put_text(o, "upload_to", field->upload_to);
    if (field->type->family == NU__CHAR_OPTIONS)
        put_text(o, "db_collation", ((const nu_char_field *)field->def)->db_collation);
}

static void put_many(const options *o, const nu_relation_field *def)
{
    put_text(o, "db_table", def->db_table);
    if (def->through || def->through_name)
        put(o, "through", nu__py_str(o->field->relation->through->label));
    if (def->through_fields[0])
        put(o, "through_fields",
            nu__py_pair(nu__py_str(nu_s(def->through_fields[0])),
                        nu__py_str(nu_s(def->through_fields[1]))));
    put_off(o, "symmetrical", def->asymmetrical);
}

static void put_relation(const options *o)
{
    const nu__relation *relation = o->field->relation;
    const nu_relation_field *def = (const nu_relation_field *)o->field->def;

    put(o, "to", nu__py_str(nu_lower(relation->to->label)));
    put_text(o, "related_name", def->related_name);
    put_text(o, "related_query_name", def->related_query_name);
    put_text(o, "limit_choices_to", def->limit_choices_to);
    put_off(o, "db_constraint", def->no_db_constraint);
    if (relation->many_to_many) {
        put_many(o, def);
        return;
    }
    put(o, "on_delete", nu__orm_on_delete(relation->on_delete));
    put_text(o, "to_field", def->to_field);
    put_off(o, "db_index", def->no_db_index);
    put_flag(o, "parent_link", o->field->parent_link);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static nu__py four(nu__py name, const char *class_, nu__py dict)
{
    nu__py out = nu__py_list_new(&nu__py_tuple_type, 4);

    nu__py_append(out, name);
    nu__py_append(out, nu__py_str(nu_fmt("django.db.models.{}", class_)));
    nu__py_append(out, nu__py_list_new(&nu__py_list_type, 0));
    nu__py_append(out, dict);
    return out;
}

nu__py nu__orm_field_deconstruct(nu__py self, const nu__py *args)
{
    const options o = { nu__py_dict_new(&nu__py_dict_type), self.cp };

    (void)args;
    put_common(&o);
    if (o.field->relation)
        put_relation(&o);
    else
        put_of_type(&o);
    return four(nu__py_str(o.field->name), o.field->type->name, o.dict);
}

/* CharField(max_length=5).deconstruct(): it has no name yet. */
nu__py nu__orm_output_deconstruct(nu__py self, const nu__py *args)
{
    const nu_output *output = self.cp;
    const options o = { nu__py_dict_new(&nu__py_dict_type), NULL };

    (void)args;
    put_number(&o, "max_length", output->max_length);
    if (output->type == NU_DECIMAL_FIELD) {
        put(&o, "max_digits", nu__py_int(output->max_digits));
        put(&o, "decimal_places", nu__py_int(output->decimal_places));
    }
    return four(nu__py_none(), self.type->name, o.dict);
}
