/* Instances: attributes, equality, text. */
#include "cli/shell/orm/instance_dict.h"
#include "cli/shell/orm/instance_methods.h"
#include "cli/shell/orm/json_members.h"
#include "core/object.h"

/* ---- functions of C as methods ------------------------------------------------------------------
 */

static nu__py call_callable(nu__py self, const nu__py_call *call)
{
    const nu__callable *callable = self.cp;

    if (call->n || call->n_keywords)
        nu_raise(NU_TYPE_ERROR, "the method takes 1 positional argument but {} were given",
                 1 + call->n + call->n_keywords);
    return nu__py_of(callable->call(callable->self));
}

static const nu__py_type callable_type = { .name = "method", .call = call_callable };

static nu__py attribute_py(nu_value value)
{
    if (value.kind == NU_KIND_CALLABLE)
        return nu__py_pointer(&callable_type, value.p);
    return nu__py_of(value);
}

/* ---- relations
 * ------------------------------------------------------------------------------------ */

/* The set behind a name: a many-to-many, or the many side of another model's foreign key. */
static bool related_set(nu_object *object, nu_str name, nu__py *out)
{
    nu__model_info *info = nu__info_of(object);
    const nu__field *many = nu__model_many(info, name);
    const nu__relation *relation = many ? many->relation : nu__model_reverse(info, name);

    if (!relation || (!many && relation->one_to_one))
        return false;
    *out = nu__orm_related_manager(object, relation, !many);
    return true;
}

/* The one row of another model's one-to-one; without it an error of its own class. */
static bool related_one(nu_object *object, nu_str name, nu__py *out)
{
    nu__model_info *info = nu__info_of(object);
    const nu__relation *relation = nu__model_reverse(info, name);
    nu_object *other;

    if (!relation || !relation->one_to_one || relation->many_to_many)
        return false;
    other = nu__related_one(object, relation);
    if (!other)
        nu__py_raise(nu__orm_missing_related(relation->from), "{} has no {}.", info->name, name);
    *out = nu__orm_instance(other);
    return true;
}

/* A foreign key that may not be null and is not set. */
static void refuse_missing_key(nu_object *object, nu_str name)
{
    const nu__model_info *info = nu__info_of(object);
    const nu__field *field = nu__model_field(info, name);

    if (field && field->relation && nu_eq(name, field->name) && !field->null &&
        nu__field_is_null(field, object) && !*nu__field_cached(field, object))
        nu__py_raise(nu__orm_missing_related(field->relation->to), "{} has no {}.", info->name,
                     name);
}

/* ---- get_next_by_FOO, get_previous_by_FOO -------------------------------------------------------
 */

typedef struct neighbour {
    nu_object *object;
    nu_str field;
    bool next;
} neighbour;

static nu__py call_neighbour(nu__py self, const nu__py_call *call)
{
    const neighbour *n = self.cp;
    nu__py none = nu__py_list_new(&nu__py_tuple_type, 0),
           kwargs = nu__py_dict_new(&nu__py_dict_type);

    for (size_t i = 0; i < call->n_keywords; i++)
        nu__py_dict_set(kwargs.dict, nu__py_str(call->keywords[i].name), call->keywords[i].value);
    return nu__orm_instance(
        nu_neighbour_by_(n->object, n->field.ptr, n->next, nu__orm_conditions(none, kwargs)));
}

static const nu__py_type neighbour_type = { .name = "method", .call = call_neighbour };

static bool neighbour_method(nu_object *object, nu_str name, nu__py *out)
{
    static const char *const heads[] = { "get_previous_by_", "get_next_by_" };

    for (int next = 0; next < 2; next++) {
        nu_str head = nu_s(heads[next]);
        const nu__field *field;
        neighbour *n;

        if (!nu_starts_with(name, head))
            continue;
        field = nu__model_field(nu__info_of(object),
                                (nu_str){ name.ptr + head.len, name.len - head.len });
        if (!field || field->null ||
            (field->type->type != NU_DATE_FIELD && field->type->type != NU_DATETIME_FIELD))
            return false;
        n = nu_alloc(neighbour);
        *n = (neighbour){ object, field->name, next };
        *out = nu__py_pointer(&neighbour_type, n);
        return true;
    }
    return false;
}

/* ---- attributes
 * ----------------------------------------------------------------------------------- */

bool nu__orm_instance_get(nu__py self, nu_str name, nu__py *out)
{
    nu_object *object = self.p;
    nu_value value;

    nu__orm_dict_back(object);
    if (nu_eq(name, "__dict__")) {
        *out = nu__orm_instance_dict(self);
        return true;
    }
    if (nu_eq(name, "objects"))
        nu_raise(NU_ATTRIBUTE_ERROR, "Manager isn't accessible via {} instances",
                 nu__info_of(object)->name);
    refuse_missing_key(object, name);
    if (related_set(object, name, out) || related_one(object, name, out) ||
        neighbour_method(object, name, out) || nu__orm_json_member(object, name, out))
        return true;
    if (nu__orm_content_type_get(self, name, out))
        return true;
    nu__orm_json_back(object); /* a property may read it */
    if (!nu__model_ops.get(object, name, &value))
        return nu__orm_choices(nu__info_of(object), name, out);
    *out = attribute_py(value);
    return true;
}

bool nu__orm_instance_set(nu__py self, nu_str name, nu__py value)
{
    nu__orm_dict_back(self.p);
    nu_field_set_(self.p, nu_copy(name).ptr, nu__orm_field_value(nu__info_of(self.p), name, value));
    nu__orm_json_assigned(self.p, name, value);
    nu__orm_dict_assigned(self.p);
    return true;
}

void nu__orm_instance_names(nu__py self, nu_list *out)
{
    const nu__model_info *info = nu__orm_model_of(self.type);

    for (size_t i = 0; i < info->n_fields; i++) {
        nu_list_append(out, info->fields[i].name);
        if (!nu_eq(info->fields[i].name, info->fields[i].attname))
            nu_list_append(out, info->fields[i].attname);
        if (info->fields[i].choices)
            nu_list_append(out, nu_fmt("get_{}_display", info->fields[i].name));
    }
    for (size_t i = 0; i < info->n_many; i++)
        nu_list_append(out, info->many[i].name);
    for (size_t i = 0; i < info->n_reverse; i++)
        if (info->reverse[i]->accessor.ptr)
            nu_list_append(out, info->reverse[i]->accessor);
    for (int i = 0; i < 16 && info->model->properties[i].name; i++)
        nu_list_append(out, info->model->properties[i].name);
}

/* ---- equality, text
 * -------------------------------------------------------------------------------- */

bool nu__orm_instance_equal(nu__py a, nu__py b, bool *out)
{
    if (!nu__orm_object(a) || !nu__orm_object(b))
        return false;
    *out = nu__model_ops.equal(a.p, b.p);
    return true;
}

bool nu__orm_instance_hash(nu__py self, uint64_t *out)
{
    if (!nu__pk_is_set(self.p))
        nu_raise(NU_TYPE_ERROR, "Model instances without primary key value are unhashable");
    *out = nu__py_hash(nu__py_of(nu__pk_of(self.p)));
    return true;
}

/* The names of fields that were not read; the first is NULL when there are none. */
static const char *const *deferred_names(const nu_object *object)
{
    const nu__model_info *info = nu__info_of(object);
    const char **names = nu_alloc_array(const char *, info->n_fields + 1);
    size_t n = 0;

    for (size_t i = 0; i < info->n_fields; i++)
        if (nu__set_has(&nu__row_of(object)->deferred, (uint32_t)i))
            names[n++] = info->fields[i].attname.ptr;
    return names;
}

/* What was left out, in one query. */
static void load_all(nu_object *object)
{
    nu_refreshing missing = { .fields = deferred_names(object) };

    if (missing.fields[0])
        nu_refresh_with_(object, &missing);
}

void nu__orm_instance_text(nu__py self, nu__buf *out)
{
    nu_object *object = self.p;

    if (nu__info_of(object)->model->str) /* it reads members: none may be missing */
        load_all(object);
    nu__orm_json_back(object);
    nu__buf_str_add(out, nu_string(nu_v_object(object)));
}

void nu__orm_instance_repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<{}: {}>", nu__info_of(self.p)->name, nu__py_text(self));
}

/* {"$model", "pk", "str"}: the text is null where it would have to read more. */
void nu__orm_instance_json(nu__py self, nu__buf *out)
{
    nu__buf_lit(out, "{\"$model\": ");
    nu__py_json(nu__py_str(nu__info_of(self.p)->label), out);
    nu__buf_lit(out, ", \"pk\": ");
    nu__py_json(nu__py_of(nu__pk_of(self.p)), out);
    nu__buf_lit(out, ", \"str\": ");
    nu__py_json(deferred_names(self.p)[0] ? nu__py_none() : nu__py_str(nu__py_text(self)), out);
    nu__buf_lit(out, "}");
}
