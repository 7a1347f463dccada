/* What a fixture says, saved. */
#include "core/object.h"
#include "db/models/queryset.h"
#include "serializers/serializer.h"

#include <nuages/managers.h>

/* A reference to a row that is not there yet. */
struct nu__deferred {
    struct nu__deferred *next;
    nu_object *object;
    const nu__field *field;
    nu_value value;
    bool many;
};

/* ---- values ---------------------------------------------------------------------------------- */

typedef struct at {
    nu__loading *loading;
    nu__model_info *info;
    nu_object *object;
    nu_value pk;
    nu_list *sets; /* of (field's name, list of keys) */
} at;

static NU_NORETURN void wrong_value(const at *a, nu_str why, nu_value value)
{
    nu_raise(NU_DESERIALIZATION_ERROR, "{}: ({}.{}:pk={}) field_value was '{}'", why,
             a->info->app_label, a->info->model_name, a->pk, value);
}

static nu_value converted(const at *a, const nu__field *field, nu_value value)
{
    nu_value out = nu_null();
    nu__invalid why;

    if (field->type->type == NU_JSON_FIELD)
        return value;
    if (!nu__field_to_python(field, value, &out, &why))
        wrong_value(a, nu_fmt("['{}']", why.message), value);
    return out;
}

static void defer(at *a, const nu__field *field, nu_value value, bool many)
{
    struct nu__deferred *later = nu_alloc(struct nu__deferred);

    *later = (struct nu__deferred){ .next = a->loading->deferred,
                                    .object = a->object,
                                    .field = field,
                                    .value = value,
                                    .many = many };
    a->loading->deferred = later;
}

/* Does a list stand for a natural key? */
static bool is_key(const nu__field *field, nu_value value)
{
    return value.kind == NU_KIND_LIST && nu__has_natural_key(field->relation->to);
}

static void set_reference(at *a, const nu__field *field, nu_value value)
{
    nu_object *other;

    if (!is_key(field, value)) {
        nu__field_set(field, a->object, converted(a, field->target, value));
        return;
    }
    other = nu__by_natural_key(field->relation->to, value.list, a->loading->using);
    if (other)
        nu__field_set(field, a->object, nu_v_object(other));
    else
        defer(a, field, value, false);
}

/* The keys of a many-to-many; false: one of them is of no row yet. */
static bool keys_of(const at *a, const nu__field *field, nu_value value, nu_list *keys)
{
    const nu__field *target = field->relation->to->pk;

    if (value.kind != NU_KIND_LIST)
        wrong_value(a, S("'value' is no list"), value);
    for (size_t i = 0; i < nu_list_len(value.list); i++) {
        nu_value item = nu_at(value.list, i);
        nu_object *other;

        if (!is_key(field, item)) {
            nu_list_append_(keys, converted(a, target, item));
            continue;
        }
        other = nu__by_natural_key(field->relation->to, item.list, a->loading->using);
        if (!other)
            return false;
        nu_list_append_(keys, nu__pk_of(other));
    }
    return true;
}

static void set_field(at *a, nu_str name, nu_value value)
{
    const nu__field *field = nu__model_many(a->info, name);
    nu_list *keys = nu_list_new();

    if (field) {
        if (keys_of(a, field, value, keys))
            nu_list_append(a->sets, NU_LIST(nu_v_str(field->name), nu_v_list(keys)));
        else
            defer(a, field, value, true);
        return;
    }
    field = nu__model_field(a->info, name);
    if (!field && a->loading->ignore_unknown)
        return;
    if (!field)
        nu_raise(NU_FIELD_DOES_NOT_EXIST, "{} has no field named '{}'", a->info->name, name);
    if (value.kind == NU_KIND_NULL)
        nu__instance_set(field, a->object, nu_null());
    else if (field->relation)
        set_reference(a, field, value);
    else
        nu__instance_set(field, a->object, converted(a, field, value));
}

/* ---- saving ---------------------------------------------------------------------------------- */

static int save_whole(at *a)
{
    nu__save(a->object, &(nu__saving){ .using = a->loading->using });
    for (size_t i = 0; i < nu_list_len(a->sets); i++) {
        nu_list *set = nu_at(a->sets, i).list;

        nu_related_set_(a->object, nu_at(set, 0).s.ptr, nu_at(set, 1), NULL);
    }
    return 0;
}

static void save(at *a)
{
    const nu_error *error = nu_catch(NU_EXCEPTION, save_whole(a));

    if (error && (nu_error_is_a(error->klass, NU_DATABASE_ERROR_BASE) ||
                  nu_error_is_a(error->klass, NU_VALUE_ERROR)))
        nu_raise_from(error, error->klass, "Could not load {}(pk={}): {}", a->info->label,
                      nu__pk_of(a->object), error->message);
    if (error)
        nu_reraise(error);
    a->loading->n_loaded++;
    a->loading->touched[a->info->id] = true;
}

/* A row that has the natural key already keeps its own primary key. */
static void find_by_natural_key(at *a)
{
    nu_object *there;

    if (a->pk.kind != NU_KIND_NULL || !nu__has_natural_key(a->info))
        return;
    there = nu__by_natural_key(a->info, nu__natural_key(a->object, a->loading->using),
                               a->loading->using);
    if (there)
        nu__field_set(a->info->pk, a->object, nu__pk_of(there));
}

static bool is_excluded(const nu__loading *loading, const nu__model_info *info)
{
    for (size_t i = 0; i < nu_list_len(loading->exclude); i++) {
        nu_str name = nu_lower(nu_at(loading->exclude, i).s);

        if (nu_eq_(name, info->app_label) ||
            nu_eq_(name, nu_fmt("{}.{}", info->app_label, info->model_name)))
            return true;
    }
    return false;
}

static void set_defaults(const at *a)
{
    for (size_t i = 0; i < a->info->n_fields; i++) {
        const nu__field *field = &a->info->fields[i];

        if (!field->auto_key && !field->parent_link && !nu__leave_to_database(field, a->object))
            nu__field_set(field, a->object, nu__field_default(field));
    }
}

static nu__model_info *model_of(const nu__loading *loading, const nu_dict *object)
{
    nu_value label = nu_item(object, "model");
    nu__model_info *info =
        label.kind == NU_KIND_STR ? nu__registry_find(nu__models(), label.s) : NULL;

    if (!info && !loading->ignore_unknown)
        nu_raise(NU_DESERIALIZATION_ERROR, "Invalid model identifier: '{}'", label);
    return info;
}

void nu__load_object(nu__loading *loading, nu_dict *object)
{
    at a = { .loading = loading,
             .info = model_of(loading, object),
             .pk = nu_item(object, "pk"),
             .sets = nu_list_new() };
    nu_value fields = nu_item(object, "fields");

    if (!a.info)
        return; /* as if it were not there, with ignore_unknown */
    loading->n_found++;
    if (is_excluded(loading, a.info))
        return;
    a.object = nu__instance_new(a.info);
    nu__row_of(a.object)->raw = true;
    set_defaults(&a);
    if (a.pk.kind != NU_KIND_NULL)
        nu__field_set(a.info->pk, a.object, converted(&a, a.info->pk, a.pk));
    for (size_t i = 0; fields.kind == NU_KIND_DICT && i < nu_dict_len(fields.dict); i++)
        set_field(&a, nu_dict_key(fields.dict, i), nu_dict_value(fields.dict, i));
    find_by_natural_key(&a);
    save(&a);
}

void nu__load_references(nu__loading *loading)
{
    for (struct nu__deferred *later = loading->deferred; later; later = later->next) {
        at a = { .loading = loading,
                 .info = nu__info_of(later->object),
                 .object = later->object,
                 .pk = nu__pk_of(later->object),
                 .sets = nu_list_new() };
        nu_list *keys = nu_list_new();
        nu_object *other = NULL;

        if (later->many) {
            if (!keys_of(&a, later->field, later->value, keys))
                wrong_value(&a, S("matching query does not exist"), later->value);
            nu_list_append(a.sets, NU_LIST(nu_v_str(later->field->name), nu_v_list(keys)));
        } else {
            other =
                nu__by_natural_key(later->field->relation->to, later->value.list, loading->using);
            if (!other)
                wrong_value(
                    &a,
                    nu_fmt("{} matching query does not exist.", later->field->relation->to->name),
                    later->value);
            nu__field_set(later->field, a.object, nu_v_object(other));
        }
        save(&a);
        loading->n_loaded--;
    }
}
