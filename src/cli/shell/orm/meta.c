/* Model._meta and the model's fields. */
#include "cli/shell/orm/orm.h"
#include "core/object.h"

static const nu__model_info *info_of(nu__py self)
{
    return self.cp;
}

/* ---- fields ---------------------------------------------------------------------------------- */

static const nu__field *field_of(nu__py self)
{
    return self.cp;
}

static nu__py field_name(nu__py self)
{
    return nu__py_str(field_of(self)->name);
}

static nu__py field_attname(nu__py self)
{
    return nu__py_str(field_of(self)->attname);
}

static nu__py field_column(nu__py self)
{
    return nu__py_str(field_of(self)->column);
}

static nu__py field_verbose_name(nu__py self)
{
    return nu__py_str(field_of(self)->verbose_name);
}

static nu__py field_help_text(nu__py self)
{
    nu_str text = field_of(self)->help_text;

    return nu__py_str(text.ptr ? text : S(""));
}

static nu__py field_null(nu__py self)
{
    return nu__py_bool(field_of(self)->null);
}

static nu__py field_blank(nu__py self)
{
    return nu__py_bool(field_of(self)->blank);
}

static nu__py field_unique(nu__py self)
{
    return nu__py_bool(field_of(self)->unique || field_of(self)->primary_key);
}

static nu__py field_primary_key(nu__py self)
{
    return nu__py_bool(field_of(self)->primary_key);
}

static nu__py field_max_length(nu__py self)
{
    int length = field_of(self)->max_length;

    return length ? nu__py_int(length) : nu__py_none();
}

static nu__py number_or_none(int number)
{
    return number ? nu__py_int(number) : nu__py_none();
}

static nu__py field_max_digits(nu__py self)
{
    return number_or_none(field_of(self)->max_digits);
}

static nu__py field_decimal_places(nu__py self)
{
    return field_of(self)->max_digits ? nu__py_int(field_of(self)->decimal_places) : nu__py_none();
}

static nu__py field_editable(nu__py self)
{
    return nu__py_bool(field_of(self)->editable);
}

static nu__py field_is_relation(nu__py self)
{
    return nu__py_bool(field_of(self)->relation != NULL);
}

static nu__py field_related_model(nu__py self)
{
    const nu__relation *relation = field_of(self)->relation;

    return relation ? nu__py_class(nu__orm_type_of(relation->to)) : nu__py_none();
}

static nu__py field_model(nu__py self)
{
    return nu__py_class(nu__orm_type_of(field_of(self)->model));
}

static const nu__py_attribute field_attributes[] = {
    { "name", field_name },
    { "attname", field_attname },
    { "column", field_column },
    { "verbose_name", field_verbose_name },
    { "help_text", field_help_text },
    { "null", field_null },
    { "blank", field_blank },
    { "unique", field_unique },
    { "primary_key", field_primary_key },
    { "max_length", field_max_length },
    { "max_digits", field_max_digits },
    { "decimal_places", field_decimal_places },
    { "editable", field_editable },
    { "is_relation", field_is_relation },
    { "related_model", field_related_model },
    { "model", field_model },
    { 0 },
};

static nu__py get_internal_type(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_str(nu_s(field_of(self)->type->internal));
}

static const nu__py_method field_methods[] = { { "get_internal_type", NULL, get_internal_type },
                                               { 0 } };

static void field_text(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "{}.{}", field_of(self)->model->label, field_of(self)->name);
}

static void field_repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<django.db.models.fields.{}: {}>", field_of(self)->type->name,
                field_of(self)->name);
}

static const nu__py_type field_type = { .name = "Field",
                                        .module = "django.db.models.fields",
                                        .attributes = field_attributes,
                                        .methods = field_methods,
                                        .text = field_text,
                                        .repr = field_repr };

nu__py nu__orm_field(const nu__field *field)
{
    return nu__py_pointer(&field_type, field);
}

/* ---- relations of other models
 * ------------------------------------------------------------------- */

static const nu__relation *relation_of(nu__py self)
{
    return self.cp;
}

static nu__py relation_name(nu__py self)
{
    return nu__py_str(relation_of(self)->query_name);
}

static nu__py relation_related_model(nu__py self)
{
    return nu__py_class(nu__orm_type_of(relation_of(self)->from));
}

static nu__py relation_field(nu__py self)
{
    return nu__orm_field(relation_of(self)->field);
}

static nu__py relation_is_relation(nu__py self)
{
    (void)self;
    return nu__py_bool(true);
}

static const nu__py_attribute relation_attributes[] = {
    { "name", relation_name },
    { "related_model", relation_related_model },
    { "field", relation_field },
    { "is_relation", relation_is_relation },
    { 0 },
};

static void relation_repr(nu__py self, nu__buf *out)
{
    const nu__relation *relation = relation_of(self);

    nu__buf_fmt(out, "<{}: {}.{}>",
                relation->many_to_many ? "ManyToManyRel"
                : relation->one_to_one ? "OneToOneRel"
                                       : "ManyToOneRel",
                relation->from->app_label, relation->from->model_name);
}

static const nu__py_type relation_type = { .name = "ForeignObjectRel",
                                           .module = "django.db.models.fields.reverse_related",
                                           .attributes = relation_attributes,
                                           .repr = relation_repr };

/* ---- _meta -------------------------------------------------------------------------------------
 */

#define TEXT_OF(member)                                                                            \
    static nu__py get_##member(nu__py self)                                                        \
    {                                                                                              \
        return nu__py_str(info_of(self)->member);                                                  \
    }
TEXT_OF(label)
TEXT_OF(app_label)
TEXT_OF(model_name)
TEXT_OF(db_table)
TEXT_OF(verbose_name)
TEXT_OF(verbose_name_plural)

static nu__py get_object_name(nu__py self)
{
    return nu__py_str(info_of(self)->name);
}

static nu__py get_label_lower(nu__py self)
{
    return nu__py_str(nu_lower(info_of(self)->label));
}

static nu__py fields_of(const nu__field *fields, size_t n)
{
    nu__py out = nu__py_list_new(&nu__py_tuple_type, n);

    for (size_t i = 0; i < n; i++)
        nu__py_append(out, nu__orm_field(&fields[i]));
    return out;
}

static nu__py get_fields(nu__py self)
{
    return fields_of(info_of(self)->fields, info_of(self)->n_fields);
}

static nu__py get_many_to_many(nu__py self)
{
    return fields_of(info_of(self)->many, info_of(self)->n_many);
}

/* Those that lead here, then the model's own. */
static nu__py all_fields(nu__py self, const nu__py *args)
{
    const nu__model_info *info = info_of(self);
    nu__py out = nu__py_list_new(&nu__py_tuple_type, info->n_fields + info->n_many + 8);

    (void)args;
    for (size_t i = 0; i < info->n_reverse; i++)
        if (!info->reverse[i]->hidden && !info->reverse[i]->from->auto_created)
            nu__py_append(out, nu__py_pointer(&relation_type, info->reverse[i]));
    for (size_t i = 0; i < info->n_fields; i++)
        nu__py_append(out, nu__orm_field(&info->fields[i]));
    for (size_t i = 0; i < info->n_many; i++)
        nu__py_append(out, nu__orm_field(&info->many[i]));
    return out;
}

static nu__py get_pk(nu__py self)
{
    return nu__orm_field(info_of(self)->pk);
}

static nu__py get_ordering(nu__py self)
{
    const nu_model *model = info_of(self)->model;
    nu__py out = nu__py_list_new(&nu__py_list_type, 2);

    for (int i = 0; i < 8 && model->ordering[i]; i++)
        nu__py_append(out, nu__py_str(nu_s(model->ordering[i])));
    return out;
}

static const nu__py_attribute attributes[] = {
    { "label", get_label },
    { "label_lower", get_label_lower },
    { "app_label", get_app_label },
    { "model_name", get_model_name },
    { "object_name", get_object_name },
    { "db_table", get_db_table },
    { "verbose_name", get_verbose_name },
    { "verbose_name_plural", get_verbose_name_plural },
    { "fields", get_fields },
    { "concrete_fields", get_fields },
    { "local_fields", get_fields },
    { "many_to_many", get_many_to_many },
    { "pk", get_pk },
    { "ordering", get_ordering },
    { 0 },
};

static nu__py get_field(nu__py self, const nu__py *args)
{
    const nu__model_info *info = info_of(self);
    nu_str name = nu__py_as_str(args[0], "get_field()");
    const nu__field *field = nu__model_field(info, name);

    for (size_t i = 0; !field && i < info->n_reverse; i++)
        if (!info->reverse[i]->hidden && nu_eq(info->reverse[i]->query_name, name))
            return nu__py_pointer(&relation_type, info->reverse[i]);
    if (!field)
        field = nu__model_many(info, name);
    if (!field || nu_eq(name, "pk"))
        nu_raise(NU_FIELD_DOES_NOT_EXIST, "{} has no field named '{}'", info->name, name);
    return nu__orm_field(field);
}

static const nu__py_method methods[] = { { "get_field", "field_name", get_field },
                                         { "get_fields",
                                           "include_parents=, include_hidden=", all_fields },
                                         { 0 } };

static void meta_repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<Options for {}>", info_of(self)->name);
}

static const nu__py_type meta_type = { .name = "Options",
                                       .module = "django.db.models.options",
                                       .attributes = attributes,
                                       .methods = methods,
                                       .repr = meta_repr };

nu__py nu__orm_meta(nu__model_info *info)
{
    return nu__py_pointer(&meta_type, info);
}
