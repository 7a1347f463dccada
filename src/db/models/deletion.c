#include "db/models/deletion.h"

#include "core/error.h"
#include "core/object.h"
#include "db/models/generic.h"
#include "db/models/keys.h"

#include <nuages/signals.h>
#include <string.h>

/* ---- groups ------------------------------------------------------------------------------- */

static nu__doomed *group_of(nu__collector *c, nu__model_info *info)
{
    for (size_t i = 0; i < c->groups.n; i++)
        if (c->groups.items[i].info == info)
            return &c->groups.items[i];
    NU__LIST_ADD(c->groups, (nu__doomed){ info, nu_list_new(), nu_list_new() });
    return &c->groups.items[c->groups.n - 1];
}

static void depends(nu__collector *c, nu__model_info *model, nu__model_info *on)
{
    for (size_t i = 0; i < c->dependencies.n; i++)
        if (c->dependencies.items[i].model == model && c->dependencies.items[i].on == on)
            return;
    NU__LIST_ADD(c->dependencies, (nu__dependency){ model, on });
    group_of(c, on);
}

static nu__key_index index_of(const nu__doomed *group, size_t more)
{
    nu__key_index index = nu__key_index_new(nu_list_len(group->keys) + more);

    for (size_t i = 0; i < nu_list_len(group->keys); i++)
        *nu__key_index_at(&index, nu_at(group->keys, i)) = (void *)nu_at(group->objects, i).object;
    return index;
}

/* Those of `objects` that are new. */
static nu_list *add_objects(nu__collector *c, nu__model_info *info, const nu_list *objects)
{
    nu__doomed *group = group_of(c, info);
    nu__key_index index = index_of(group, nu_list_len(objects));
    nu_list *fresh = nu_list_new();

    for (size_t i = 0; i < nu_list_len(objects); i++) {
        nu_value item = nu_at(objects, i), key = nu__pk_of(item.object);
        void **at = nu__key_index_at(&index, key);

        if (!at || *at)
            continue;
        *at = (void *)item.object;
        nu_list_append_(group->objects, item);
        nu_list_append_(group->keys, key);
        nu_list_append_(fresh, item);
    }
    return fresh;
}

/* ---- what refers -------------------------------------------------------------------------- */

static bool refers(const nu__relation *relation)
{
    return !relation->many_to_many && relation->on_delete != DO_NOTHING;
}

static bool has_listeners(const nu__model_info *info)
{
    return nu_signal_has_listeners(NU_PRE_DELETE, info->model) ||
           nu_signal_has_listeners(NU_POST_DELETE, info->model);
}

bool nu__can_fast_delete(const nu__model_info *info, const nu__relation *from)
{
    if ((from && from->on_delete != CASCADE) || has_listeners(info) || info->n_generic_relations ||
        info->concrete->n_parents)
        return false;
    info = info->concrete;
    for (size_t i = 0; i < info->n_reverse; i++)
        if (refers(info->reverse[i]))
            return false;
    return true;
}

static nu_query *referring(const nu__collector *c, const nu__relation *relation, nu_list *objects)
{
    nu_query *query = nu__query_new(relation->from);

    query->using = c->using;
    return nu__query_where(query, nu_fmt("{}__in", relation->field->name), nu_v_list(objects));
}

/* Only the keys are read, unless someone gets to see the objects. */
static nu_query *light(const nu__relation *relation, nu_query *query)
{
    const char *names[] = { "pk", NULL };
    bool shown = relation->on_delete == PROTECT || relation->on_delete == RESTRICT;

    return shown || has_listeners(relation->from) ? query : nu_only_(query, names);
}

static nu_list *batch_of(const nu_list *objects, size_t from, size_t n)
{
    nu_list *batch = nu_list_new();

    for (size_t i = from; i < from + n && i < nu_list_len(objects); i++)
        nu_list_append_(batch, nu_at(objects, i));
    return batch;
}

static size_t batch_size(const nu__collector *c, size_t n_fields, size_t n)
{
    size_t most = c->connection->backend->operations->bulk_batch_size(n_fields, n);

    return most ? most : 1;
}

/* ---- errors ------------------------------------------------------------------------------- */

typedef struct refusals {
    nu_list *names, *objects;
} refusals;

static void refuse(refusals *r, const nu__field *field, const nu_list *objects)
{
    nu_str name = nu_fmt("'{}.{}'", field->model->name, field->name);
    bool there = false;

    for (size_t i = 0; i < nu_list_len(r->names); i++)
        there |= nu_eq(nu_at(r->names, i).s, name);
    if (!there)
        nu_list_append(r->names, name);
    for (size_t i = 0; i < nu_list_len(objects); i++)
        nu_list_append_(r->objects, nu_at(objects, i));
}

static void raise_refusals(const nu__model_info *info, const refusals *r, nu_error_class klass,
                           const char *how)
{
    nu__buf names = { 0 };
    nu_error error = { .klass = klass, .file = __FILE__, .line = __LINE__ };

    if (!nu_list_len(r->names))
        return;
    for (size_t i = 0; i < nu_list_len(r->names); i++)
        nu__buf_fmt(&names, "{}{}", i ? ", " : "", nu_at(r->names, i));
    error.message = nu_fmt("Cannot delete some instances of model '{}' because they are "
                           "referenced through {} foreign keys: {}.",
                           info->name, how, nu__buf_str(&names));
    error.code = how;
    error.detail = nu_dict_new();
    nu_dict_set(error.detail, "objects", r->objects);
    nu__raise_like(&error);
}

/* ---- collecting --------------------------------------------------------------------------- */

typedef struct source {
    nu__model_info *model; /* whose deletion leads here; NULL: the user's own wish */
    bool nullable;
} source;

static void collect_objects(nu__collector *c, nu__model_info *info, nu_list *objects, source from);

static void restrict_rows(nu__collector *c, const nu__relation *relation, nu_list *rows)
{
    NU__LIST_ADD(c->restricted, (nu__restricted){ relation->field, rows });
    depends(c, relation->to, relation->from);
}

static nu_value value_to_set(const nu__relation *relation)
{
    const nu_relation_field *def = (const nu_relation_field *)relation->field->def;

    if (relation->on_delete == SET_VALUE && !def->set_value)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "{}.{}: SET_VALUE has no function; write .on_delete = SET(function), and in a "
                 "migration set the key before you delete",
                 relation->from->label, relation->field->name);
    if (relation->on_delete == SET_VALUE)
        return def->set_value();
    return relation->on_delete == SET_NULL ? nu_null() : nu__field_default(relation->field);
}

static void set_rows(nu__collector *c, const nu__relation *relation, nu_list *batch)
{
    nu_value value = value_to_set(relation);

    for (size_t i = 0; i < c->updates.n; i++) {
        nu__field_update *update = &c->updates.items[i];

        if (update->field == relation->field && nu__value_equal(update->value, value)) {
            nu_list_append(update->conditions, batch);
            return;
        }
    }
    NU__LIST_ADD(c->updates,
                 (nu__field_update){ relation->field, value, nu_list_of_(NU_ARGS(batch)) });
}

static void collect_batch(nu__collector *c, const nu__relation *relation, nu_list *batch,
                          refusals *protected)
{
    nu_list *rows;

    switch (relation->on_delete) {
    case SET_NULL:
    case SET_DEFAULT:
    case SET_VALUE:
        set_rows(c, relation, batch);
        return;
    default:
        rows = nu__query_results(light(relation, referring(c, relation, batch)));
    }
    if (!nu_list_len(rows))
        return;
    switch (relation->on_delete) {
    case PROTECT:
        refuse(protected, relation->field, rows);
        break;
    case RESTRICT:
        restrict_rows(c, relation, rows);
        break;
    default:
        collect_objects(c, relation->from, rows, (source){ relation->to, relation->field->null });
    }
}

/* ---- fast deletes of what refers ------------------------------------------------------------ */

/* One statement a model, though several of its foreign keys may refer to the rows. */
static nu_query *referring_by_any(const nu__collector *c, nu__relation *const *relations, size_t n,
                                  nu_list *objects)
{
    nu_cond *any = nu_alloc_array(nu_cond, n + 1), either[2] = { { 0 } };
    nu_query *query = nu__query_new(relations[0]->from);

    if (n == 1)
        return referring(c, relations[0], objects);
    for (size_t i = 0; i < n; i++)
        any[i] = (nu_cond){ .lookup = nu_fmt("{}__in", relations[i]->field->name).ptr,
                            .value = nu_v_list(objects) };
    either[0] = nu_or_(any);
    query->using = c->using;
    return nu_filter_(query, either);
}

static bool is_fast(const nu__relation *relation)
{
    return refers(relation) && nu__can_fast_delete(relation->from, relation);
}

static bool came_before(const nu__model_info *info, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (info->reverse[k]->from == info->reverse[i]->from && is_fast(info->reverse[k]))
            return true;
    return false;
}

static void add_fast_deletes(nu__collector *c, const nu__model_info *info, nu_list *fresh)
{
    nu__relation **same = nu_alloc_array(nu__relation *, info->n_reverse + 1);

    for (size_t i = 0; i < info->n_reverse; i++) {
        size_t n = 0, most;

        if (!is_fast(info->reverse[i]) || came_before(info, i))
            continue;
        for (size_t k = i; k < info->n_reverse; k++)
            if (info->reverse[k]->from == info->reverse[i]->from && is_fast(info->reverse[k]))
                same[n++] = info->reverse[k];
        most = batch_size(c, n, nu_list_len(fresh));
        for (size_t at = 0; at < nu_list_len(fresh); at += most)
            NU__LIST_ADD(c->fast, referring_by_any(c, same, n, batch_of(fresh, at, most)));
    }
}

/* What refers by a generic foreign key. */
static void collect_generic(nu__collector *c, nu__model_info *info, const nu__generic *relation,
                            nu_list *objects)
{
    nu_query *rows = nu__generic_rows_of(info, relation, objects, c->using);

    if (nu__can_fast_delete(relation->on, NULL))
        NU__LIST_ADD(c->fast, rows);
    else
        collect_objects(c, relation->on, nu__query_results(rows), (source){ info, true });
}

/* `child`: whose rows the rows of `info` are the parents of; they are collected already. */
static void collect_related(nu__collector *c, nu__model_info *info, nu_list *fresh,
                            const nu__model_info *child)
{
    size_t n = nu_list_len(fresh), most = batch_size(c, 1, n);
    refusals protected = { nu_list_new(), nu_list_new() };

    for (size_t i = 0; i < info->n_reverse; i++) {
        const nu__relation *relation = info->reverse[i];

        if (!refers(relation) || is_fast(relation) ||
            (relation->field->parent_link && relation->from == child))
            continue;
        for (size_t at = 0; at < n; at += most)
            collect_batch(c, relation, batch_of(fresh, at, most), &protected);
    }
    raise_refusals(info, &protected, NU_PROTECTED_ERROR, "protected");
    add_fast_deletes(c, info, fresh);
    for (size_t i = 0; i < info->n_generic_relations; i++)
        collect_generic(c, info, &info->generic_relations[i], fresh);
}

/* The parent's part of a child, as an instance of its own. */
static nu_object *parent_part(nu__model_info *parent, const nu_object *child)
{
    nu_object *part = nu__instance_new(parent);

    for (size_t i = 0; i < parent->n_fields; i++)
        nu__field_set(
            &parent->fields[i], part,
            nu__field_get(nu__model_field(nu__info_of(child), parent->fields[i].name), child));
    nu__row_of(part)->db = nu__row_of(child)->db;
    return part;
}

/* The rows of the parents go after those of the child. */
static void collect_parents(nu__collector *c, nu__model_info *info, const nu_list *objects)
{
    for (size_t i = 0; i < info->concrete->n_parents; i++) {
        nu__model_info *parent = info->concrete->parents[i];
        nu_list *parts = nu_list_new(), *fresh;

        for (size_t k = 0; k < nu_list_len(objects); k++)
            nu_list_append_(parts, nu_v_object(parent_part(parent, nu_at(objects, k).object)));
        fresh = add_objects(c, parent, parts);
        depends(c, parent, info);
        if (nu_list_len(fresh))
            collect_related(c, parent, fresh, info->concrete);
        collect_parents(c, parent, fresh);
    }
}

static void collect_objects(nu__collector *c, nu__model_info *info, nu_list *objects, source from)
{
    nu_list *fresh = add_objects(c, info, objects);

    if (from.model && !from.nullable)
        depends(c, from.model, info);
    if (!nu_list_len(fresh))
        return;
    collect_related(c, info->concrete, fresh, NULL);
    if (!c->keep_parents)
        collect_parents(c, info, fresh);
}

/* ---- RESTRICT ----------------------------------------------------------------------------- */

/* Keys of restricted rows that a fast delete takes. */
static void add_fast_deleted(const nu__collector *c, const nu__restricted *one, nu__key_index *gone)
{
    nu_list *keys = nu_list_new(), *found;

    for (size_t i = 0; i < nu_list_len(one->objects); i++)
        nu_list_append_(keys, nu__pk_of(nu_at(one->objects, i).object));
    for (size_t i = 0; i < c->fast.n; i++) {
        if (nu__query_model(c->fast.items[i]) != one->field->model)
            continue;
        found = nu__query_results(nu__query_where(c->fast.items[i], S("pk__in"), nu_v_list(keys)));
        for (size_t k = 0; k < nu_list_len(found); k++)
            *nu__key_index_at(gone, nu__pk_of(nu_at(found, k).object)) = found;
    }
}

/* Restricted rows that go too, by a cascade, restrict nothing. */
static void check_restricted(nu__collector *c, const nu__model_info *info)
{
    refusals r = { nu_list_new(), nu_list_new() };

    for (size_t i = 0; i < c->restricted.n; i++) {
        const nu__restricted *one = &c->restricted.items[i];
        nu__key_index gone = index_of(group_of(c, one->field->model), nu_list_len(one->objects));
        nu_list *left = nu_list_new();

        add_fast_deleted(c, one, &gone);
        for (size_t k = 0; k < nu_list_len(one->objects); k++)
            if (!nu__key_index_get(&gone, nu__pk_of(nu_at(one->objects, k).object)))
                nu_list_append_(left, nu_at(one->objects, k));
        if (nu_list_len(left))
            refuse(&r, one->field, left);
    }
    raise_refusals(info, &r, NU_RESTRICTED_ERROR, "restricted");
}

/* ---- the public face ---------------------------------------------------------------------- */

static nu__collector collector_of(const char *using, const nu_object *origin)
{
    return (
        nu__collector){ .using = using, .connection = nu__connection_of(using), .origin = origin };
}

static nu_deleted delete_collected(nu__collector *c, nu__model_info *info, nu_list *objects)
{
    collect_objects(c, info, objects, (source){ NULL, false });
    check_restricted(c, info);
    return nu__collector_run(c);
}

nu_deleted nu__delete_query(const nu_query *query)
{
    nu__model_info *info = nu__query_tree(query)->model;
    nu_query *plain = nu__query_clone(query);
    nu__collector c = collector_of(nu__db_for_write(query), &query->object);
    nu_list *objects;

    plain->prefetches = NULL;
    plain->using = c.using;
    plain->for_update = false;
    plain->tree->lock = NULL;
    plain->tree->related = NULL;
    nu__tree_clear_ordering(plain->tree, true);
    if (nu__can_fast_delete(info, NULL)) {
        NU__LIST_ADD(c.fast, plain);
        return nu__collector_run(&c);
    }
    objects = nu__query_results(plain);
    if (!nu_list_len(objects))
        return (nu_deleted){ 0, nu_dict_new() };
    return delete_collected(&c, info, objects);
}

nu_deleted nu_delete_all_counted(nu_query *query)
{
    const nu__tree *tree = nu__query_tree(query);

    if (tree->n_combined)
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "Calling QuerySet.delete() after union() is not supported.");
    if (nu__tree_sliced(tree))
        nu_raise(NU_TYPE_ERROR, "Cannot use 'limit' or 'offset' with delete().");
    if (tree->n_distinct_on)
        nu_raise(NU_TYPE_ERROR, "Cannot call delete() after .distinct(*fields).");
    if (query->shape != NU__SHAPE_OBJECTS)
        nu_raise(NU_TYPE_ERROR, "Cannot call delete() after .values() or .values_list()");
    return nu__delete_query(query);
}

int64_t nu_delete_all(nu_query *query)
{
    return nu_delete_all_counted(query).total;
}

nu_deleted nu_delete_with_(nu_object *object, const nu_deleting *options)
{
    nu__model_info *info = nu__info_of(object);
    nu__collector c;

    if (!nu__pk_is_set(object))
        nu_raise(NU_VALUE_ERROR,
                 "{} object can't be deleted because its {} attribute is set to None.", info->name,
                 info->pk->attname);
    c = collector_of(options->using ? options->using : nu__router_db_for_write(info, object),
                     object);
    c.keep_parents = options->keep_parents;
    return delete_collected(&c, info, nu_list_of_(NU_ARGS(nu_v_object(object))));
}

void nu_delete_(nu_object *object)
{
    nu_delete_with_(object, &(const nu_deleting){ .using = NULL });
}
