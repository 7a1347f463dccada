/* Managers: of models, and of related rows. */
#include "cli/shell/orm/query_methods.h"
#include "core/object.h"

#include <nuages/managers.h>
#include <string.h>

static nu__orm_set *set_of(nu__py value)
{
    return value.p;
}

static bool is_manager(nu__py value)
{
    return nu__py_is_a(value.type, &nu__orm_manager_type);
}

static nu_query *query_of_manager(const nu__orm_set *set)
{
    if (set->relation)
        return nu__related_set(set->instance, set->relation, set->reverse);
    return set->query ? nu__query_clone(set->query) : nu_objects_(set->info->model);
}

nu_query *nu__orm_query_of(nu__py value)
{
    nu__orm_set *set = value.p;
    nu_query *query;

    if (nu__py_is_a(value.type, &nu__orm_queryset_type))
        return set->query;
    if (!is_manager(value))
        return NULL;
    query = query_of_manager(set);
    return set->using ? nu_using(query, set->using) : query;
}

nu__py nu__orm_manager(nu__model_info *info, nu_query *query)
{
    nu__orm_set *set = nu_alloc(nu__orm_set);

    set->info = info;
    set->query = query;
    return nu__py_pointer(&nu__orm_manager_type, set);
}

static const nu__py_type removing_manager_type, many_manager_type;

nu__py nu__orm_related_manager(nu_object *instance, const nu__relation *relation, bool reverse)
{
    nu__orm_set *set = nu_alloc(nu__orm_set);

    set->info = reverse ? relation->from : relation->to;
    set->instance = instance;
    set->relation = relation;
    set->reverse = reverse;
    set->name = nu_copy(reverse ? relation->accessor : relation->field->name);
    if (relation->many_to_many)
        nu__many_check(instance);
    return nu__py_pointer(relation->many_to_many  ? &many_manager_type
                          : relation->field->null ? &removing_manager_type
                                                  : &nu__orm_related_manager_type,
                          set);
}

/* ---- the model's own query methods -------------------------------------------------------------
 */

typedef struct own_method {
    nu_query *query;
    const nu_query_method *method;
} own_method;

static nu__py call_own(nu__py self, const nu__py_call *call)
{
    const own_method *own = self.cp;
    nu_value *args = nu_alloc_array(nu_value, call->n + 1);

    if (call->n_keywords)
        nu_raise(NU_TYPE_ERROR, "{}() got an unexpected keyword argument '{}'", own->method->name,
                 call->keywords[0].name);
    for (size_t i = 0; i < call->n; i++)
        args[i] = nu__py_to_value(call->args[i]);
    return nu__orm_queryset(own->method->call(own->query, (nu_values){ args, call->n }));
}

static const nu__py_type own_method_type = { .name = "method", .call = call_own };

bool nu__orm_own_method(nu__py self, nu_str name, nu__py *out)
{
    const nu__model_info *info = set_of(self)->info;
    const nu_query_method *methods = info ? info->model->query_methods : NULL;
    own_method *own;

    for (int i = 0; info && i < 16 && methods[i].name; i++)
        if (nu_eq(name, methods[i].name)) {
            own = nu_alloc(own_method);
            *own = (own_method){ nu__orm_query_of(self), &methods[i] };
            *out = nu__py_pointer(&own_method_type, own);
            return true;
        }
    return false;
}

void nu__orm_own_method_names(nu__py self, nu_list *out)
{
    const nu__model_info *info = set_of(self)->info;

    for (int i = 0; info && i < 16 && info->model->query_methods[i].name; i++)
        nu_list_append(out, info->model->query_methods[i].name);
}

/* ---- related rows
 * ---------------------------------------------------------------------------------- */

static nu_relating relating_of(const nu__orm_set *set, nu__py through_defaults, nu__py bulk)
{
    nu_relating how = { .one_by_one = !nu__py_true_or(bulk, true) };

    if (!nu__orm_is_none(through_defaults) && set->relation->through)
        how.through_defaults = nu__orm_defaults(set->relation->through, through_defaults);
    return how;
}

static nu__py add(nu__py self, const nu__py *args)
{
    const nu__orm_set *set = set_of(self);
    nu_relating how = relating_of(set_of(self), args[2], args[1]);

    nu_related_add_(set->instance, set->name.ptr, nu__orm_values(args[0]), &how);
    return nu__py_none();
}

static nu__py remove_(nu__py self, const nu__py *args)
{
    const nu__orm_set *set = set_of(self);
    nu_relating how = relating_of(set_of(self), (nu__py){ 0 }, args[1]);

    nu_related_remove_(set->instance, set->name.ptr, nu__orm_values(args[0]), &how);
    return nu__py_none();
}

static nu__py clear(nu__py self, const nu__py *args)
{
    const nu__orm_set *set = set_of(self);
    nu_relating how = relating_of(set_of(self), (nu__py){ 0 }, args[0]);

    nu_related_clear_(set->instance, set->name.ptr, &how);
    return nu__py_none();
}

static nu__py set(nu__py self, const nu__py *args)
{
    const nu__orm_set *own = set_of(self);
    nu_relating how = relating_of(set_of(self), args[3], args[1]);

    how.clear = nu__py_true_or(args[2], false);
    nu_related_set_(own->instance, own->name.ptr,
                    nu__py_to_value(nu__py_collect(args[0], &nu__py_list_type)), &how);
    return nu__py_none();
}

static nu__py create(nu__py self, const nu__py *args)
{
    const nu__orm_set *own = set_of(self);
    nu_relating how = relating_of(set_of(self), args[0], (nu__py){ 0 });

    return nu__orm_instance(nu_related_create_(own->instance, own->name.ptr,
                                               nu__orm_field_vars(own->info, args[1]), &how));
}

static nu__py get_or_create(nu__py self, const nu__py *args)
{
    const nu__orm_set *own = set_of(self);
    nu_relating how = relating_of(set_of(self), args[1], (nu__py){ 0 });
    bool created = false;
    nu_object *object =
        nu_related_get_or_create_(own->instance, own->name.ptr, nu__orm_vars(args[2]),
                                  nu__orm_defaults(own->info, args[0]), &how, &created);

    return nu__py_pair(nu__orm_instance(object), nu__py_bool(created));
}

static nu__py update_or_create(nu__py self, const nu__py *args)
{
    const nu__orm_set *own = set_of(self);
    nu_relating how = relating_of(set_of(self), args[2], (nu__py){ 0 });
    bool created = false;
    nu_object *object = nu_related_update_or_create_(
        own->instance, own->name.ptr, nu__orm_vars(args[3]), nu__orm_defaults(own->info, args[0]),
        nu__orm_is_none(args[1]) ? NULL : nu__orm_defaults(own->info, args[1]), &how, &created);

    return nu__py_pair(nu__orm_instance(object), nu__py_bool(created));
}

static nu__py add_many(nu__py self, const nu__py *args)
{
    return add(self, (const nu__py[]){ args[0], { 0 }, args[1] });
}

static nu__py remove_many(nu__py self, const nu__py *args)
{
    return remove_(self, (const nu__py[]){ args[0], { 0 } });
}

static nu__py clear_many(nu__py self, const nu__py *args)
{
    (void)args;
    return clear(self, (const nu__py[]){ { 0 } });
}

static nu__py set_many(nu__py self, const nu__py *args)
{
    return set(self, (const nu__py[]){ args[0], { 0 }, args[1], args[2] });
}

/* A table between is written in one statement anyway: no bulk=. */
static const nu__py_method many_methods[] = {
    { "add", "*objs, through_defaults=", add_many },
    { "remove", "*objs", remove_many },
    { "clear", NULL, clear_many },
    { "set", "objs, *, clear=, through_defaults=", set_many },
    { 0 },
};

/* Taking rows away needs a table between, or a foreign key that may be null. */
static const nu__py_method removing_methods[] = {
    { "remove", "*objs, bulk=", remove_ },
    { "clear", "*, bulk=", clear },
    { 0 },
};

static const nu__py_method related_methods[] = {
    { "add", "*objs, bulk=, through_defaults=", add },
    { "set", "objs, *, bulk=, clear=, through_defaults=", set },
    { "create", "through_defaults=, **kwargs", create },
    { "get_or_create", "defaults=, through_defaults=, **kwargs", get_or_create },
    { "update_or_create", "defaults=, create_defaults=, through_defaults=, **kwargs",
      update_or_create },
    { 0 },
};

/* ---- text
 * -------------------------------------------------------------------------------------------- */

static void manager_text(nu__py self, nu__buf *out)
{
    const nu__orm_set *own = set_of(self);

    if (own->relation)
        nu__buf_fmt(out, "{}.None", own->info->label);
    else
        nu__buf_fmt(out, "{}.objects", own->info->label);
}

/* Of a many-to-many: its two ends by the names of the fields between, and its name from afar. */
static bool many_get(const nu__orm_set *own, nu_str name, nu__py *out)
{
    const nu__relation *relation = own->relation;
    const nu__field *near = own->reverse ? relation->through_to : relation->through_from;
    const nu__field *far = own->reverse ? relation->through_from : relation->through_to;

    if (nu_eq(name, "through"))
        *out = nu__py_class(nu__orm_type_of(relation->through));
    else if (nu_eq(name, "source_field_name"))
        *out = nu__py_str(near->name);
    else if (nu_eq(name, "target_field_name"))
        *out = nu__py_str(far->name);
    else if (nu_eq(name, "prefetch_cache_name"))
        *out = nu__py_str(own->name);
    else
        return false;
    return true;
}

/* Of related managers: where they stand. */
static bool related_get(nu__py self, nu_str name, nu__py *out)
{
    const nu__orm_set *own = set_of(self);
    const nu__relation *relation = own->relation;

    if (relation && relation->through && many_get(own, name, out))
        return true;
    if (relation && nu_eq(name, "instance"))
        *out = nu__orm_instance(own->instance);
    else if (relation && !relation->many_to_many && nu_eq(name, "field"))
        *out = nu__orm_field(relation->field);
    else
        return false;
    return true;
}

static bool manager_get(nu__py self, nu_str name, nu__py *out)
{
    if (nu_eq(name, "get_queryset")) {
        nu__py all;

        if (!nu__py_find(self, S("all"), &all))
            return false;
        *out = all;
        return true;
    }
    return related_get(self, name, out) || nu__orm_content_types_get(self, name, out) ||
           nu__orm_own_method(self, name, out);
}

/* What is read by it comes from that database; where related rows are written is the router's to
   say, as in Django. */
static nu__py db_manager(nu__py self, const nu__py *args)
{
    nu__orm_set *copy = nu_alloc(nu__orm_set);

    *copy = *set_of(self);
    if (!nu__orm_is_none(args[0]))
        copy->using = nu__orm_cstr(args[0], "db_manager()");
    return nu__py_pointer(self.type, copy);
}

static const nu__py_method manager_methods[] = { { "db_manager", "using=, hints=", db_manager },
                                                 { 0 } };

const nu__py_type nu__orm_manager_type = {
    .name = "Manager",
    .module = "django.db.models.manager",
    .base = &nu__orm_rows_type,
    .methods = manager_methods,
    .get = manager_get,
    .names = nu__orm_own_method_names,
    .text = manager_text,
    .repr = manager_text,
};

const nu__py_type nu__orm_related_manager_type = {
    .name = "RelatedManager",
    .base = &nu__orm_manager_type,
    .module = "django.db.models.fields.related_descriptors",
    .methods = related_methods,
};

static const nu__py_type removing_manager_type = {
    .name = "RelatedManager",
    .base = &nu__orm_related_manager_type,
    .module = "django.db.models.fields.related_descriptors",
    .methods = removing_methods,
};

static const nu__py_type many_manager_type = {
    .name = "ManyRelatedManager",
    .base = &nu__orm_related_manager_type,
    .module = "django.db.models.fields.related_descriptors",
    .methods = many_methods,
};
