/* Model._meta. */
#include "cli/shell/orm/orm.h"

static const nu__model_info *info_of(nu__py self)
{
    return self.cp;
}

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

static nu__py get_related_objects(nu__py self)
{
    const nu__model_info *info = info_of(self);
    nu__py out = nu__py_list_new(&nu__py_tuple_type, info->n_reverse);

    for (size_t i = 0; i < info->n_reverse; i++)
        if (!info->reverse[i]->hidden && !info->reverse[i]->from->auto_created)
            nu__py_append(out, nu__orm_relation(info->reverse[i]));
    return out;
}

/* Those that lead here, then the model's own. */
static nu__py all_fields(nu__py self, const nu__py *args)
{
    const nu__model_info *info = info_of(self);
    nu__py out = get_related_objects(self);

    (void)args;
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

/* ---- options of the class
 * ------------------------------------------------------------------------
 */

#define FLAG_OF(member)                                                                            \
    static nu__py get_##member(nu__py self)                                                        \
    {                                                                                              \
        return nu__py_bool(info_of(self)->model->member);                                          \
    }
FLAG_OF(abstract)
FLAG_OF(proxy)
FLAG_OF(select_on_save)

static nu__py get_managed(nu__py self)
{
    return nu__py_bool(!info_of(self)->model->unmanaged);
}

static nu__py get_auto_created(nu__py self)
{
    const nu__relation *relation = info_of(self)->auto_created;

    return relation ? nu__py_class(nu__orm_type_of(relation->from)) : nu__py_bool(false);
}

static nu__py text_or_none(const char *text)
{
    return text ? nu__py_str(nu_s(text)) : nu__py_none();
}

static nu__py get_swappable(nu__py self)
{
    return text_or_none(info_of(self)->model->swappable);
}

static nu__py get_swapped(nu__py self)
{
    (void)self; /* one that is has no model here */
    return nu__py_none();
}

static nu__py get_default_related_name(nu__py self)
{
    return text_or_none(info_of(self)->model->default_related_name);
}

static nu__py get_default_manager(nu__py self)
{
    return nu__orm_manager((nu__model_info *)info_of(self), NULL);
}

static nu__py texts(const char *const *items, size_t most)
{
    nu__py out = nu__py_list_new(&nu__py_tuple_type, 4);

    for (size_t i = 0; i < most && items[i]; i++)
        nu__py_append(out, nu__py_str(nu_s(items[i])));
    return out;
}

static nu__py get_latest_by(nu__py self)
{
    const char *const *names = info_of(self)->model->get_latest_by;

    return names[0] && !names[1] ? nu__py_str(nu_s(names[0]))
           : names[0]            ? texts(names, 4)
                                 : nu__py_none();
}

static nu__py get_unique_together(nu__py self)
{
    const nu_model *model = info_of(self)->model;
    nu__py out = nu__py_list_new(&nu__py_tuple_type, 2);

    for (size_t i = 0; i < 4 && model->unique_together[i][0]; i++)
        nu__py_append(out, texts(model->unique_together[i], 8));
    return out;
}

static nu__py get_default_permissions(nu__py self)
{
    static const char *const usual[] = { "add", "change", "delete", "view", NULL };
    const nu_model *model = info_of(self)->model;

    return texts(model->default_permissions[0] || model->no_default_permissions
                     ? model->default_permissions
                     : usual,
                 8);
}

static nu__py get_permissions(nu__py self)
{
    const nu_model *model = info_of(self)->model;
    nu__py out = nu__py_list_new(&nu__py_list_type, 2);

    for (size_t i = 0; i < 8 && model->permissions[i][0]; i++)
        nu__py_append(out, texts(model->permissions[i], 2));
    return out;
}

static nu__py get_indexes(nu__py self)
{
    return nu__orm_indexes(info_of(self));
}

static nu__py get_constraints(nu__py self)
{
    return nu__orm_constraints(info_of(self));
}

static nu__py get_concrete_model(nu__py self)
{
    return nu__py_class(nu__orm_type_of(info_of(self)->concrete));
}

static nu__py get_model(nu__py self)
{
    return nu__py_class(nu__orm_type_of((nu__model_info *)info_of(self)));
}

static nu__py get_auto_field(nu__py self)
{
    const nu__field *pk = info_of(self)->pk;

    return pk->auto_key ? nu__orm_field(pk) : nu__py_none();
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
    { "related_objects", get_related_objects },
    { "abstract", get_abstract },
    { "proxy", get_proxy },
    { "managed", get_managed },
    { "select_on_save", get_select_on_save },
    { "auto_created", get_auto_created },
    { "swappable", get_swappable },
    { "swapped", get_swapped },
    { "default_related_name", get_default_related_name },
    { "default_manager", get_default_manager },
    { "base_manager", get_default_manager },
    { "get_latest_by", get_latest_by },
    { "unique_together", get_unique_together },
    { "default_permissions", get_default_permissions },
    { "permissions", get_permissions },
    { "indexes", get_indexes },
    { "constraints", get_constraints },
    { "concrete_model", get_concrete_model },
    { "model", get_model },
    { "auto_field", get_auto_field },
    { 0 },
};

static nu__py get_field(nu__py self, const nu__py *args)
{
    const nu__model_info *info = info_of(self);
    nu_str name = nu__py_as_str(args[0], "get_field()");
    const nu__field *field = nu__model_field(info, name);

    for (size_t i = 0; !field && i < info->n_reverse; i++)
        if (!info->reverse[i]->hidden && nu_eq(info->reverse[i]->query_name, name))
            return nu__orm_relation(info->reverse[i]);
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

static void meta_text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu_lower(info_of(self)->label));
}

static const nu__py_type meta_type = { .name = "Options",
                                       .module = "django.db.models.options",
                                       .attributes = attributes,
                                       .methods = methods,
                                       .repr = meta_repr,
                                       .text = meta_text };

nu__py nu__orm_meta(nu__model_info *info)
{
    return nu__py_pointer(&meta_type, info);
}
