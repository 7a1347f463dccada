/* Collecting the rows that go, and what refers to them. */
#include "db/models/deletion_int.h"

#include "core/object.h"
#include "db/models/generic.h"
#include "db/models/keys.h"

#include <string.h>

/* ---- groups ------------------------------------------------------------------------------- */

nu__doomed *nu__doomed_of(nu__collector *c, nu__model_info *info)
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
    nu__doomed_of(c, on);
}

nu__key_index nu__doomed_index(const nu__doomed *group, size_t more)
{
    nu__key_index index = nu__key_index_new(nu_list_len(group->keys) + more);

    for (size_t i = 0; i < nu_list_len(group->keys); i++)
        *nu__key_index_at(&index, nu_at(group->keys, i)) = (void *)nu_at(group->objects, i).object;
    return index;
}

/* Those of `objects` that are new. */
static nu_list *add_objects(nu__collector *c, nu__model_info *info, const nu_list *objects)
{
    nu__doomed *group = nu__doomed_of(c, info);
    nu__key_index index = nu__doomed_index(group, nu_list_len(objects));
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

/* ---- collecting --------------------------------------------------------------------------- */

/* Only the keys are read, unless someone gets to see the objects. */
static nu_query *light(const nu__relation *relation, nu_query *query)
{
    const char *names[] = { "pk", NULL };
    bool shown = relation->on_delete == PROTECT || relation->on_delete == RESTRICT;

    return shown || nu__deletion_heard(relation->from) ? query : nu_only_(query, names);
}

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
                          nu__in_the_way *protected)
{
    nu_list *rows;

    switch (relation->on_delete) {
    case SET_NULL:
    case SET_DEFAULT:
    case SET_VALUE:
        set_rows(c, relation, batch);
        return;
    default:
        rows = nu__query_results(light(relation, nu__deletion_referring(c, relation, batch)));
    }
    if (!nu_list_len(rows))
        return;
    switch (relation->on_delete) {
    case PROTECT:
        nu__in_the_way_add(protected, relation->field, rows);
        break;
    case RESTRICT:
        restrict_rows(c, relation, rows);
        break;
    default:
        collect_objects(c, relation->from, rows, (source){ relation->to, relation->field->null });
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
    size_t n = nu_list_len(fresh), most = nu__deletion_batch_size(c, 1, n);
    nu__in_the_way protected = { nu_list_new(), nu_list_new() };

    for (size_t i = 0; i < info->n_reverse; i++) {
        const nu__relation *relation = info->reverse[i];

        if (!nu__deletion_refers(relation) || nu__deletes_fast(relation) ||
            (relation->field->parent_link && relation->from == child))
            continue;
        for (size_t at = 0; at < n; at += most)
            collect_batch(c, relation, nu__deletion_batch(fresh, at, most), &protected);
    }
    nu__in_the_way_raise(info, &protected, NU_PROTECTED_ERROR, "protected");
    nu__add_fast_deletes(c, info, fresh);
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

void nu__collect(nu__collector *c, nu__model_info *info, nu_list *objects)
{
    collect_objects(c, info, objects, (source){ NULL, false });
}
