/* Fields of models, and relations seen from their other end, as Model._meta has them. */
#include "cli/shell/orm/orm.h"
#include "core/object.h"
#include "db/backends/base.h"
#include "db/models/field_values.h"
#include "db/models/validators.h"
#include "utils/translation.h"

#include <nuages/managers.h>

static const nu__field *field_of(nu__py self)
{
    return self.cp;
}

static nu__py class_or_none(nu__model_info *info)
{
    return info ? nu__py_class(nu__orm_type_of(info)) : nu__py_none();
}

static nu__py number_or_none(int number)
{
    return number ? nu__py_int(number) : nu__py_none();
}

/* ---- attributes
 * ----------------------------------------------------------------------------------- */

#define ATTRIBUTE(name, expression)                                                                \
    static nu__py field_##name(nu__py self)                                                        \
    {                                                                                              \
        const nu__field *field = field_of(self);                                                   \
                                                                                                   \
        return (expression);                                                                       \
    }
#define TEXT(member) ATTRIBUTE(member, nu__py_str(field->member))
#define FLAG(member) ATTRIBUTE(member, nu__py_bool(field->member))

TEXT(name)
TEXT(attname)
TEXT(column)
TEXT(verbose_name)
FLAG(null)
FLAG(blank)
FLAG(primary_key)
FLAG(editable)
FLAG(db_index)
FLAG(auto_now)
FLAG(auto_now_add)
ATTRIBUTE(help_text, nu__py_str(field->help_text.ptr ? field->help_text : S("")))
ATTRIBUTE(unique, nu__py_bool(field->unique || field->primary_key))
ATTRIBUTE(max_length, number_or_none(field->max_length))
ATTRIBUTE(max_digits, number_or_none(field->max_digits))
ATTRIBUTE(decimal_places, field->max_digits ? nu__py_int(field->decimal_places) : nu__py_none())
ATTRIBUTE(is_relation, nu__py_bool(field->relation))
ATTRIBUTE(related_model, class_or_none(field->relation ? field->relation->to : NULL))
ATTRIBUTE(model, class_or_none(field->model))
ATTRIBUTE(concrete, nu__py_bool(field->column.ptr))
ATTRIBUTE(auto_created, nu__py_bool(field->implicit || field->parent_link))
ATTRIBUTE(hidden, nu__py_bool(!field))
ATTRIBUTE(remote_field, field->relation ? nu__orm_relation(field->relation) : nu__py_none())
ATTRIBUTE(target_field, field->relation ? nu__orm_field(field->target) : nu__py_none())

/* Whether a relation is of one kind; None of what is no relation. */
static nu__py relation_kind(const nu__field *field, bool many, bool one)
{
    const nu__relation *relation = field->relation;

    if (!relation)
        return nu__py_none();
    return nu__py_bool(relation->many_to_many == many && relation->one_to_one == one);
}
ATTRIBUTE(many_to_one, relation_kind(field, false, false))
ATTRIBUTE(one_to_one, relation_kind(field, false, true))
ATTRIBUTE(many_to_many, relation_kind(field, true, false))
ATTRIBUTE(one_to_many, field->relation ? nu__py_bool(false) : nu__py_none())

static nu__py choice_pairs(const nu__field *field)
{
    const nu_choices *choices = field->choices;
    nu__py out = nu__py_list_new(&nu__py_list_type, 4);

    for (int i = 0; choices && i < choices->len; i++) {
        const nu_choice *choice = &choices->items[i];
        nu__py value = choices->text ? nu__py_str(nu_s(choice->value)) : nu__py_int(choice->number);

        nu__py_append(out, nu__py_pair(value, nu__py_str(nu_s(choice->label))));
    }
    return out;
}
ATTRIBUTE(choices, field->choices ? choice_pairs(field) : nu__py_none())
ATTRIBUTE(flatchoices, choice_pairs(field))

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
    { "db_index", field_db_index },
    { "max_length", field_max_length },
    { "max_digits", field_max_digits },
    { "decimal_places", field_decimal_places },
    { "editable", field_editable },
    { "auto_now", field_auto_now },
    { "auto_now_add", field_auto_now_add },
    { "auto_created", field_auto_created },
    { "concrete", field_concrete },
    { "hidden", field_hidden },
    { "choices", field_choices },
    { "flatchoices", field_flatchoices },
    { "is_relation", field_is_relation },
    { "many_to_one", field_many_to_one },
    { "one_to_one", field_one_to_one },
    { "many_to_many", field_many_to_many },
    { "one_to_many", field_one_to_many },
    { "related_model", field_related_model },
    { "remote_field", field_remote_field },
    { "target_field", field_target_field },
    { "model", field_model },
    { 0 },
};

/* ---- methods
 * --------------------------------------------------------------------------------------- */

static nu__py get_internal_type(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_str(nu_s(field_of(self)->type->internal));
}

static nu__py has_default(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_bool(nu__field_has_default(field_of(self)));
}

/* As an instance that was given nothing has it. */
static nu__py get_default(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);
    nu__py instance = nu__orm_instance(nu_new_by_name(field->model->model, nu_alloc(nu_var)));

    (void)args;
    return nu__py_get(instance, field->attname);
}

static nu__py db_type(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);
    nu__connection *connection = nu__connection_of(args[0].cp);

    if (!field->column.ptr)
        return nu__py_none();
    return nu__py_str(nu__field_db_type(field, connection->backend->dialect));
}

static NU_NORETURN void refuse(const nu__field *field, nu_value value, nu__invalid why)
{
    const nu__message_param params[] = { { "value", value }, { NULL, nu_null() } };

    nu_raise_validation(why.code, "{}", nu__field_error_text(field, why.code, why.message, params));
}

static nu_value python_value(const nu__field *field, nu__py given)
{
    nu_value value = nu__py_to_value(given), out;
    nu__invalid why;

    if (!nu__field_to_python(field, value, &out, &why))
        refuse(field, value, why);
    return out;
}

static nu__py to_python(nu__py self, const nu__py *args)
{
    return nu__py_of(python_value(field_of(self), args[0]));
}

/* Names of all fields but one. */
static const char *const *all_but(const nu__field *field)
{
    const nu__model_info *info = field->model;
    const char **names = nu_alloc_array(const char *, info->n_fields + 1);
    size_t n = 0;

    for (size_t i = 0; i < info->n_fields; i++)
        if (&info->fields[i] != field)
            names[n++] = info->fields[i].name.ptr;
    return names;
}

/* The errors of one field of an instance, as a list. */
static nu__py clean(nu__py self, const nu__py *args)
{
    const nu__field *field = field_of(self);
    nu_object *object = nu_new_by_name(field->model->model, nu_alloc(nu_var));
    nu_value value = python_value(field, args[0]);
    const nu_error *error;

    nu_field_set_(object, field->name.ptr, value);
    error = nu_catch(NU_VALIDATION_ERROR, nu_clean_(object, NU_CLEAN_FIELDS, all_but(field)));
    if (error && error->detail) {
        nu__py messages = nu__py_of(nu_item(error->detail, field->name.ptr));
        nu__py_call call = { .args = &messages, .n = 1 };

        nu__py_throw(nu__py_invoke(nu__py_class(&nu__py_errors[NU_VALIDATION_ERROR]), &call));
    }
    return nu__py_of(value);
}

static nu__py value_from_object(nu__py self, const nu__py *args)
{
    return nu__py_get(args[0], field_of(self)->attname);
}

static nu__py value_to_string(nu__py self, const nu__py *args)
{
    return nu__py_str(nu__py_text(value_from_object(self, args)));
}

static const nu__py_method field_methods[] = {
    { "get_internal_type", NULL, get_internal_type },
    { "has_default", NULL, has_default },
    { "get_default", NULL, get_default },
    { "db_type", "connection", db_type },
    { "to_python", "value", to_python },
    { "clean", "value, model_instance", clean },
    { "value_from_object", "obj", value_from_object },
    { "value_to_string", "obj", value_to_string },
    { 0 },
};

/* ---- the type
 * -------------------------------------------------------------------------------------- */

static void field_text(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "{}.{}", field_of(self)->model->label, field_of(self)->name);
}

/* Relations and JSON have modules of their own. */
static const char *module_of(const nu__field *field)
{
    return field->relation                       ? "django.db.models.fields.related"
           : field->type->type == NU_JSON_FIELD  ? "django.db.models.fields.json"
           : field->type->type == NU_FILE_FIELD  ? "django.db.models.fields.files"
           : field->type->type == NU_IMAGE_FIELD ? "django.db.models.fields.files"
                                                 : "django.db.models.fields";
}

static void field_repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<{}.{}: {}>", module_of(field_of(self)), field_of(self)->type->name,
                field_of(self)->name);
}

/* Which class of fields is made of which, where that is not Field itself. */
static const char *const made_of[][2] = {
    { "EmailField", "CharField" },
    { "SlugField", "CharField" },
    { "URLField", "CharField" },
    { "CommaSeparatedIntegerField", "CharField" },
    { "DateTimeField", "DateField" },
    { "ImageField", "FileField" },
    { "BigIntegerField", "IntegerField" },
    { "SmallIntegerField", "IntegerField" },
    { "PositiveIntegerField", "IntegerField" },
    { "PositiveBigIntegerField", "BigIntegerField" },
    { "PositiveSmallIntegerField", "SmallIntegerField" },
    { "AutoField", "IntegerField" },
    { "BigAutoField", "BigIntegerField" },
    { "SmallAutoField", "SmallIntegerField" },
    { "OneToOneField", "ForeignKey" },
};

static bool field_instance_of(nu__py self, const nu__py_type *class_)
{
    const char *name = field_of(self)->type->name;

    if (nu__orm_class(nu_s(class_->name)) != class_)
        return false;
    for (size_t i = 0; i < sizeof made_of / sizeof *made_of && !nu_eq(nu_s(name), class_->name);)
        if (nu_eq(nu_s(made_of[i][0]), name)) {
            name = made_of[i][1];
            i = 0;
        } else {
            i++;
        }
    return nu_eq(nu_s(name), class_->name);
}

static const nu__py_type field_type = { .name = "Field",
                                        .instance_of = field_instance_of,
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
 * ---------------------------------------------------------------------- */

#define RELATION(name, expression)                                                                 \
    static nu__py relation_##name(nu__py self)                                                     \
    {                                                                                              \
        const nu__relation *relation = self.cp;                                                    \
                                                                                                   \
        return (expression);                                                                       \
    }

static nu__py name_or_none(nu_str name)
{
    return name.ptr ? nu__py_str(name) : nu__py_none();
}

static nu__py on_delete_of(const nu__relation *relation)
{
    static const char *const names[] = {
        [CASCADE] = "CASCADE",   [PROTECT] = "PROTECT",         [RESTRICT] = "RESTRICT",
        [SET_NULL] = "SET_NULL", [SET_DEFAULT] = "SET_DEFAULT", [DO_NOTHING] = "DO_NOTHING",
        [SET_VALUE] = "SET",
    };

    return relation->many_to_many ? nu__py_none() : nu__py_str(nu_s(names[relation->on_delete]));
}

RELATION(name, nu__py_str(relation->query_name))
RELATION(related_name, name_or_none(relation->accessor))
RELATION(related_model, class_or_none(relation->from))
RELATION(model, class_or_none(relation->to))
RELATION(through, class_or_none(relation->through))
RELATION(field, nu__orm_field(relation->field))
RELATION(on_delete, on_delete_of(relation))
RELATION(hidden, nu__py_bool(relation->hidden))
RELATION(is_relation, nu__py_bool(relation))
RELATION(auto_created, nu__py_bool(relation))
RELATION(concrete, nu__py_bool(!relation))
RELATION(many_to_one, nu__py_bool(!relation))
RELATION(one_to_one, nu__py_bool(relation->one_to_one))
RELATION(many_to_many, nu__py_bool(relation->many_to_many))
RELATION(one_to_many, nu__py_bool(!relation->one_to_one && !relation->many_to_many))

static const nu__py_attribute relation_attributes[] = {
    { "name", relation_name },
    { "related_name", relation_related_name },
    { "related_model", relation_related_model },
    { "model", relation_model },
    { "through", relation_through },
    { "field", relation_field },
    { "remote_field", relation_field },
    { "on_delete", relation_on_delete },
    { "hidden", relation_hidden },
    { "is_relation", relation_is_relation },
    { "auto_created", relation_auto_created },
    { "concrete", relation_concrete },
    { "many_to_one", relation_many_to_one },
    { "one_to_one", relation_one_to_one },
    { "many_to_many", relation_many_to_many },
    { "one_to_many", relation_one_to_many },
    { 0 },
};

static nu__py get_accessor_name(nu__py self, const nu__py *args)
{
    (void)args;
    return name_or_none(((const nu__relation *)self.cp)->accessor);
}

static const nu__py_method relation_methods[] = {
    { "get_accessor_name", "model=", get_accessor_name },
    { 0 },
};

static void relation_repr(nu__py self, nu__buf *out)
{
    const nu__relation *relation = self.cp;

    nu__buf_fmt(out, "<{}: {}.{}>",
                relation->many_to_many ? "ManyToManyRel"
                : relation->one_to_one ? "OneToOneRel"
                                       : "ManyToOneRel",
                relation->from->app_label, relation->from->model_name);
}

static const nu__py_type relation_type = { .name = "ForeignObjectRel",
                                           .module = "django.db.models.fields.reverse_related",
                                           .attributes = relation_attributes,
                                           .methods = relation_methods,
                                           .repr = relation_repr };

nu__py nu__orm_relation(const nu__relation *relation)
{
    return nu__py_pointer(&relation_type, relation);
}
