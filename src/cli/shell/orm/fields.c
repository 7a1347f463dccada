/* Fields of models, and relations seen from their other end, as Model._meta has them. */
#include "cli/shell/orm/field_methods.h"
#include "cli/shell/orm/on_delete.h"
#include "cli/shell/orm/orm.h"
#include "core/object.h"

#include <string.h>

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

static nu__py text_or_none(const char *text)
{
    return text ? nu__py_str(nu_s(text)) : nu__py_none();
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
FLAG(auto_now)
FLAG(auto_now_add)
/* None, "", [], () and {}. */
static nu__py field_empty_values(nu__py self)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 5);

    (void)self;
    nu__py_append(out, nu__py_none());
    nu__py_append(out, nu__py_str(S("")));
    nu__py_append(out, nu__py_list_new(&nu__py_list_type, 0));
    nu__py_append(out, nu__py_list_new(&nu__py_tuple_type, 0));
    nu__py_append(out, nu__py_dict_new(&nu__py_dict_type));
    return out;
}

/* A foreign key has its index unless it is told not to. */
static bool has_index(const nu__field *field)
{
    return field->db_index || (field->relation && field->column.ptr &&
                               !((const nu_relation_field *)field->def)->no_db_index);
}
ATTRIBUTE(db_index, nu__py_bool(has_index(field)))
ATTRIBUTE(unique_for_date, text_or_none(field->def->unique_for_date))
ATTRIBUTE(unique_for_month, text_or_none(field->def->unique_for_month))
ATTRIBUTE(unique_for_year, text_or_none(field->def->unique_for_year))
ATTRIBUTE(db_comment, text_or_none(field->def->db_comment))
ATTRIBUTE(db_column, text_or_none(field->def->db_column))
ATTRIBUTE(db_tablespace,
          nu__py_str(nu_s(field->def->db_tablespace ? field->def->db_tablespace : "")))
ATTRIBUTE(generated, nu__py_bool(field->def->expression))
ATTRIBUTE(empty_strings_allowed, nu__py_bool(field->type->empty_strings))
ATTRIBUTE(serialize, nu__py_bool(!field->implicit))
ATTRIBUTE(db_returning, nu__py_bool(field->auto_key || field->def->expression))
ATTRIBUTE(validators, nu__orm_validators_of(field))
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
    { "unique_for_date", field_unique_for_date },
    { "unique_for_month", field_unique_for_month },
    { "unique_for_year", field_unique_for_year },
    { "db_comment", field_db_comment },
    { "db_column", field_db_column },
    { "db_tablespace", field_db_tablespace },
    { "generated", field_generated },
    { "empty_values", field_empty_values },
    { "validators", field_validators },
    { "empty_strings_allowed", field_empty_strings_allowed },
    { "serialize", field_serialize },
    { "db_returning", field_db_returning },
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

/* ---- the type
 * -------------------------------------------------------------------------------------- */

static void field_text(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "{}.{}", field_of(self)->model->label, field_of(self)->name);
}

static const nu__py_type *field_class(nu__py self)
{
    return nu__orm_class(nu_s(field_of(self)->type->name));
}

static void field_repr(nu__py self, nu__buf *out)
{
    const nu__py_type *type = field_class(self);

    nu__buf_fmt(out, "<{}.{}: {}>", type->module, type->name, field_of(self)->name);
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

/* In the order of their models and of their declaration. */
static bool field_compare(nu__py a, nu__py b, int *order)
{
    const nu__field *x = a.cp, *y = b.cp;

    if (a.type != b.type)
        return false;
    *order =
        x->model == y->model ? (x > y) - (x < y) : strcmp(x->model->label.ptr, y->model->label.ptr);
    return true;
}

static const nu__py_type field_type = { .name = "Field",
                                        .compare = field_compare,
                                        .instance_of = field_instance_of,
                                        .class_of = field_class,
                                        .module = "django.db.models.fields",
                                        .attributes = field_attributes,
                                        .methods = nu__orm_field_methods,
                                        .get = nu__orm_field_get,
                                        .names = nu__orm_field_names,
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
    return relation->many_to_many ? nu__py_none() : nu__orm_on_delete(relation->on_delete);
}

static nu__py through_fields_of(const nu__field *field)
{
    const nu_relation_field *def = (const nu_relation_field *)field->def;

    if (!def->through_fields[0])
        return nu__py_none();
    return nu__py_pair(nu__py_str(nu_s(def->through_fields[0])),
                       nu__py_str(nu_s(def->through_fields[1])));
}

RELATION(name, nu__py_str(relation->query_name))
RELATION(related_name, name_or_none(relation->accessor))
RELATION(related_model, class_or_none(relation->from))
RELATION(model, class_or_none(relation->to))
RELATION(through, class_or_none(relation->through))
RELATION(field, nu__orm_field(relation->field))
RELATION(on_delete, on_delete_of(relation))
RELATION(hidden, nu__py_bool(relation->hidden))
RELATION(null, nu__py_bool(relation))
RELATION(symmetrical, nu__py_bool(relation->symmetrical))
RELATION(limit_choices_to, nu__orm_limit_choices(relation->field))
RELATION(through_fields, through_fields_of(relation->field))
RELATION(parent_link, nu__py_bool(relation->field->parent_link))
RELATION(multiple, nu__py_bool(!relation->one_to_one))
RELATION(field_name, relation->to_field ? nu__py_str(relation->to_field->name) : nu__py_none())
RELATION(target_field, nu__orm_field(relation->field->target))
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
    { "null", relation_null },
    { "symmetrical", relation_symmetrical },
    { "limit_choices_to", relation_limit_choices_to },
    { "through_fields", relation_through_fields },
    { "parent_link", relation_parent_link },
    { "multiple", relation_multiple },
    { "field_name", relation_field_name },
    { "target_field", relation_target_field },
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

/* What the relation's own field answers. */
#define OF_FIELD(name, n)                                                                          \
    static nu__py name(nu__py self, const nu__py *args)                                            \
    {                                                                                              \
        nu__py field = nu__orm_field(((const nu__relation *)self.cp)->field);                      \
                                                                                                   \
        return nu__py_invoke(nu__py_get(field, S(#name)), &(nu__py_call){ args, n });              \
    }
OF_FIELD(get_internal_type, 0)
OF_FIELD(get_lookup, 1)
OF_FIELD(db_type, 1)

/* The rows that refer, for a form to choose from. */
static nu__py get_choices(nu__py self, const nu__py *args)
{
    return nu__orm_relation_choices(((const nu__relation *)self.cp)->from, args);
}

static nu__py get_related_field(nu__py self, const nu__py *args)
{
    (void)args;
    return relation_target_field(self);
}

static const nu__py_method relation_methods[] = {
    { "get_accessor_name", "model=", get_accessor_name },
    { "get_internal_type", NULL, get_internal_type },
    { "get_lookup", "lookup_name", get_lookup },
    { "db_type", "connection", db_type },
    { "get_choices", "include_blank=, blank_choice=, limit_choices_to=, ordering=", get_choices },
    { "get_related_field", NULL, get_related_field },
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
