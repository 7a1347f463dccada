/* Setting what an instance has by name. Django: Model.__init__(), descriptors' __set__() */
#include "core/object.h"
#include "db/models/generic.h"

#include <nuages/managers.h>
#include <nuages/signals.h>
#include <string.h>

/* ---- members and what they can't hold ------------------------------------------------------- */

nu_value nu__instance_value(const nu__field *field, const nu_object *object)
{
    nu_value value;

    return nu__assigned_find(field, object, &value) ? value : nu__field_get(field, object);
}

bool nu__assigned_find(const nu__field *field, const nu_object *object, nu_value *out)
{
    const nu__row *row = object->extra;
    nu_value held;

    return row && row->assigned && nu_dict_find(row->assigned, field->attname, out) &&
           nu_dict_find(row->held, field->attname, &held) &&
           nu__value_equal(held, nu__field_get(field, object));
}

void nu__assigned_drop(const nu__field *field, nu_object *object)
{
    nu__row *row = nu__row_of(object);

    if (row->assigned)
        nu_dict_remove(row->assigned, field->attname);
}

void nu__assigned_keep(const nu__field *field, nu_object *object, nu_value value)
{
    nu__row *row = nu__row_of(object);

    if (!row->assigned) {
        row->assigned = nu_dict_new();
        row->held = nu_dict_new();
    }
    nu_dict_set_str(row->assigned, field->attname, value);
    nu_dict_set_str(row->held, field->attname, nu__field_get(field, object));
}

static void *member_at(const nu__field *field, nu_object *object)
{
    return (char *)object + field->offset;
}

static bool is_computed(nu_value value)
{
    return value.kind == NU_KIND_EXPR || value.kind == NU_KIND_QUERY;
}

/* Set in C: the member of text choices is one. */
static bool is_enumerator(const nu__field *field, nu_value value)
{
    return field->choices && field->choices->text && field->member == NU__MEMBER_CHOICE &&
           value.kind == NU_KIND_INT && !value.plain;
}

/* The member gives back what it was set to, of the same kind. */
static bool member_holds(const nu__field *field, nu_object *object, nu_value value)
{
    nu_value held;

    if (is_computed(value) ||
        !nu__member_set(field->member, field->choices, member_at(field, object), value))
        return false;
    held = nu__field_get(field, object);
    return is_enumerator(field, value) || held.kind == value.kind ||
           (held.kind == NU_KIND_STR && value.kind == NU_KIND_SAFE);
}

/* The member follows as far as the value can be converted; saving says what is wrong with it. */
static void convert_member(const nu__field *field, nu_object *object, nu_value value)
{
    nu__invalid why;
    nu_value converted = nu_null();

    if (is_computed(value))
        return;
    if (!nu__field_to_python(field, value, &converted, &why) ||
        !nu__member_set(field->member, field->choices, member_at(field, object), converted))
        nu__member_set(field->member, field->choices, member_at(field, object), nu_null());
}

void nu__instance_set(const nu__field *field, nu_object *object, nu_value value)
{
    nu__set_drop(&nu__row_of(object)->deferred, field->index);
    if (field->relation)
        *nu__field_cached(field, object) = NULL;
    if (member_holds(field, object, value)) {
        nu__assigned_drop(field, object);
        return;
    }
    convert_member(field, object, value);
    nu__assigned_keep(field, object, value);
}

/* ---- relations ---------------------------------------------------------------------------- */

static bool is_instance_of(nu_value value, const nu__model_info *info)
{
    return value.kind == NU_KIND_OBJECT && value.object->type == info->model;
}

static void set_relation(const nu__field *field, nu_object *object, nu_value value)
{
    const nu__relation *relation = field->relation;

    if (value.kind != NU_KIND_NULL && !is_instance_of(value, relation->to))
        nu_raise(NU_VALUE_ERROR, "Cannot assign \"{!r}\": \"{}.{}\" must be a \"{}\" instance.",
                 value, field->model->name, field->name, relation->to->name);
    nu__set_drop(&nu__row_of(object)->deferred, field->index);
    nu__assigned_drop(field, object);
    nu__field_set(field, object, value);
    if (relation->one_to_one && value.kind == NU_KIND_OBJECT && relation->accessor.ptr)
        nu__kept_put(value.object, relation->accessor)->object = object;
}

/* The other side of a one-to-one: the foreign key is the other instance's. */
static void set_reverse_one(const nu__relation *relation, nu_object *object, nu_value value)
{
    nu__kept *kept = nu__kept_find(object, relation->accessor);

    if (value.kind == NU_KIND_NULL) {
        if (kept && kept->object)
            nu__field_set(relation->field, kept->object, nu_null());
        nu__kept_drop(object, relation->accessor);
        return;
    }
    if (!is_instance_of(value, relation->from))
        nu_raise(NU_VALUE_ERROR, "Cannot assign \"{!r}\": \"{}.{}\" must be a \"{}\" instance.",
                 value, relation->to->name, relation->accessor, relation->from->name);
    set_relation(relation->field, (nu_object *)value.object, nu_v_object(object));
    nu__kept_put(object, relation->accessor)->object = (nu_object *)value.object;
}

static NU_NORETURN void no_direct_assignment(const char *side, nu_str name)
{
    nu_raise(NU_TYPE_ERROR, "Direct assignment to the {} is prohibited. Use {}.set() instead.",
             side, name);
}

/* ---- by name ------------------------------------------------------------------------------ */

/* A field, or a relation that leads here or from here. false: the model has no such name. */
static bool set_named(const nu__model_info *info, nu_object *object, nu_str name, nu_value value)
{
    const nu__field *field = nu__model_field(info, name);
    const nu__generic *generic = nu__model_generic_key(info, name);
    const nu__relation *relation;

    if (generic) {
        nu__generic_set(generic, object, value);
        return true;
    }
    if (nu__model_generic_relation(info, name))
        no_direct_assignment("reverse side of a related set", name);
    if (field && field->relation && nu_eq(name, field->name)) {
        set_relation(field, object, value);
        return true;
    }
    if (field) {
        nu__instance_set(field, object, value);
        return true;
    }
    if (nu__model_many(info, name))
        no_direct_assignment("forward side of a many-to-many set", name);
    relation = nu__model_reverse(info, name);
    if (!relation)
        return false;
    if (relation->many_to_many)
        no_direct_assignment("reverse side of a many-to-many set", name);
    if (!relation->one_to_one)
        no_direct_assignment("reverse side of a related set", name);
    set_reverse_one(relation, object, value);
    return true;
}

static void refuse_property(const nu__model_info *info, const char *name)
{
    for (int i = 0; i < 16 && info->model->properties[i].name; i++)
        if (!strcmp(name, info->model->properties[i].name))
            nu_raise(NU_ATTRIBUTE_ERROR, "property '{}' of '{}' object has no setter", name,
                     info->name);
}

void nu_field_set_(nu_object *object, const char *name, nu_value value)
{
    const nu__model_info *info = nu__info_of(object);
    nu__row *row = nu__row_of(object);

    if (set_named(info, object, nu_s(name), value))
        return;
    refuse_property(info, name);
    if (!row->annotations)
        row->annotations = nu_dict_new();
    nu_dict_set_(row->annotations, name, value);
}

/* ---- new instances ------------------------------------------------------------------------ */

static void set_defaults(const nu__model_info *info, nu_object *object, const nu__field_bits *given)
{
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];

        if (!nu__set_has(given, (uint32_t)i) && !field->auto_key && !field->parent_link &&
            !nu__leave_to_database(field, object))
            nu__instance_set(field, object, nu__field_default(field));
    }
}

nu_object *nu_new_by_name(const nu_model *model, const nu_var *values)
{
    nu__model_info *info = nu__model_info_of(model);
    nu_object *object = nu__instance_new(info);
    nu__field_bits given = { { 0 } };
    nu__buf unknown = { 0 };

    nu__init_signal(object, NU_PRE_INIT);
    for (const nu_var *item = values; item->key; item++) {
        const nu__field *field = nu__model_field(info, nu_s(item->key));
        const nu__generic *generic = nu__model_generic_key(info, nu_s(item->key));

        if (field)
            nu__set_add(&given, field->index);
        if (generic) {
            nu__set_add(&given, generic->content_type->index);
            nu__set_add(&given, generic->object_id->index);
        }
        refuse_property(info, item->key);
        if (!set_named(info, object, nu_s(item->key), item->value))
            nu__buf_fmt(&unknown, "{}'{}'", unknown.len ? ", " : "", item->key);
    }
    if (unknown.len)
        nu_raise(NU_TYPE_ERROR, "{}() got unexpected keyword arguments: {}", info->name,
                 nu__buf_str(&unknown));
    set_defaults(info, object, &given);
    nu__init_signal(object, NU_POST_INIT);
    return object;
}

static nu_dict *copied(const nu_dict *dict)
{
    nu_dict *copy = dict ? nu_dict_new() : NULL;

    for (size_t i = 0; i < nu_dict_len(dict); i++)
        nu_dict_set_str(copy, nu_dict_key(dict, i), nu_dict_value(dict, i));
    return copy;
}

nu_object *nu_copy_of_(const nu_object *object)
{
    nu__model_info *info = nu__info_of(object);
    const nu__row *from = nu__row_of(object);
    nu_object *copy = nu__instance_new(info);
    nu__row *row = nu__row_of(copy);

    memcpy((char *)copy + sizeof(nu_object), (const char *)object + sizeof(nu_object),
           info->size - sizeof(nu_object));
    row->db = from->db;
    row->deferred = from->deferred;
    row->annotations = copied(from->annotations);
    row->assigned = copied(from->assigned);
    row->held = copied(from->held);
    for (const nu__kept *kept = from->kept; kept; kept = kept->next) {
        nu__kept *own = nu__kept_put(copy, kept->name);

        own->object = kept->object;
        own->list = kept->list;
    }
    return copy;
}
