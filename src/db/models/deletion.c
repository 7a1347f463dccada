/* Deleting: what users call. */
#include "db/models/deletion_int.h"

#include "core/object.h"

#include <string.h>

static nu__collector collector_of(const char *using, const nu_object *origin)
{
    return (
        nu__collector){ .using = using, .connection = nu__connection_of(using), .origin = origin };
}

static nu_deleted delete_collected(nu__collector *c, nu__model_info *info, nu_list *objects)
{
    nu__collect(c, info, objects);
    nu__check_restricted(c, info);
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
