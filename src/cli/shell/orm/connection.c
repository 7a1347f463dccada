/* django.db.connection, connections and router. */
#include "cli/shell/orm/connections.h"
#include "db/backends/base.h"
#include "db/models/router.h"
#include "db/transaction.h"

static nu__connection *connection_of(nu__py self)
{
    return nu__connection_of(self.cp);
}

static nu__py none_of(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    return nu__py_none();
}

/* ---- a connection ------------------------------------------------------------------------------
 */

static nu__py make_cursor(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__orm_cursor(connection_of(self));
}

static nu__py get_vendor(nu__py self)
{
    return nu__py_str(nu_s(connection_of(self)->backend->vendor));
}

static nu__py get_display_name(nu__py self)
{
    return nu__py_str(nu_s(connection_of(self)->backend->display_name));
}

static nu__py get_alias(nu__py self)
{
    return nu__py_str(nu_s(connection_of(self)->alias));
}

static nu__py get_in_atomic_block(nu__py self)
{
    return nu__py_bool(nu__in_atomic_block(connection_of(self)));
}

static nu_transaction_options where(nu__py self)
{
    return (nu_transaction_options){ .using = connection_of(self)->alias };
}

static nu__py get_autocommit(nu__py self)
{
    nu_transaction_options here = where(self);

    return nu__py_bool(nu_get_autocommit_(&here));
}

static nu__py autocommit(nu__py self, const nu__py *args)
{
    (void)args;
    return get_autocommit(self);
}

static nu__py is_usable(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_bool(!nu_catch(
        NU_DATABASE_ERROR_BASE,
        nu__rows_close(nu__db_query(connection_of(self), S("SELECT 1"), (nu_values){ 0 }))));
}

static nu__py get_needs_rollback(nu__py self)
{
    nu_transaction_options here = where(self);

    return nu__py_bool(nu_in_atomic_(&here) && nu_get_rollback_(&here));
}

/* Closed inside of a block, what the block has written is lost; outside there is nothing to do: a
   handle belongs to the pool as soon as no statement needs it. */
static nu__py close_connection(nu__py self, const nu__py *args)
{
    nu_transaction_options here = where(self);

    (void)args;
    if (nu_in_atomic_(&here))
        nu_set_rollback_(true, &here);
    return nu__py_none();
}

/* What django.db.transaction has as a function of its own: the same, on this connection. */
static nu__py in_transaction(nu__py self, const char *name, nu__py argument)
{
    nu__py_keyword using = { S("using"), get_alias(self) };
    nu__py_call call = {
        .args = &argument, .n = nu__py_given(argument), .keywords = &using, .n_keywords = 1
    };

    return nu__py_invoke(nu__py_get(nu__py_pointer(&nu__orm_transaction_type, NULL), nu_s(name)),
                         &call);
}

#define IN_TRANSACTION(name, argument)                                                             \
    static nu__py name##_(nu__py self, const nu__py *args)                                         \
    {                                                                                              \
        (void)args;                                                                                \
        return in_transaction(self, #name, argument);                                              \
    }
IN_TRANSACTION(savepoint, (nu__py){ 0 })
IN_TRANSACTION(savepoint_commit, args[0])
IN_TRANSACTION(savepoint_rollback, args[0])
IN_TRANSACTION(clean_savepoints, (nu__py){ 0 })
IN_TRANSACTION(commit, (nu__py){ 0 })
IN_TRANSACTION(rollback, (nu__py){ 0 })
IN_TRANSACTION(set_autocommit, args[0])
IN_TRANSACTION(set_rollback, args[0])
IN_TRANSACTION(get_rollback, (nu__py){ 0 })
IN_TRANSACTION(on_commit, args[0])

static const nu__py_method methods[] = {
    { "cursor", NULL, make_cursor },
    { "get_autocommit", NULL, autocommit },
    { "set_autocommit", "autocommit", set_autocommit_ },
    { "is_usable", NULL, is_usable },
    { "ensure_connection", NULL, none_of },
    { "connect", NULL, none_of },
    { "close", NULL, close_connection },
    { "close_if_unusable_or_obsolete", NULL, none_of },
    { "savepoint", NULL, savepoint_ },
    { "savepoint_commit", "sid", savepoint_commit_ },
    { "savepoint_rollback", "sid", savepoint_rollback_ },
    { "clean_savepoints", NULL, clean_savepoints_ },
    { "commit", NULL, commit_ },
    { "rollback", NULL, rollback_ },
    { "set_rollback", "rollback", set_rollback_ },
    { "get_rollback", NULL, get_rollback_ },
    { "on_commit", "func, robust=", on_commit_ },
    { 0 },
};

#define PART(name, type)                                                                           \
    static nu__py get_##name(nu__py self)                                                          \
    {                                                                                              \
        return nu__py_pointer(&type, connection_of(self)->alias);                                  \
    }
PART(features, nu__orm_features_type)
PART(ops, nu__orm_operations_type)
PART(introspection, nu__orm_introspection_type)

static nu__py get_settings_dict(nu__py self)
{
    return nu__orm_settings_dict(connection_of(self));
}

static nu__py get_queries(nu__py self)
{
    return nu__orm_queries_of(connection_of(self));
}

static nu__py get_queries_limit(nu__py self)
{
    (void)self;
    return nu__py_int(NU__ORM_QUERIES_LIMIT);
}

static nu__py get_queries_logged(nu__py self)
{
    return nu__py_bool(nu__orm_queries_kept(connection_of(self)));
}

static const nu__py_attribute attributes[] = { { "vendor", get_vendor },
                                               { "display_name", get_display_name },
                                               { "alias", get_alias },
                                               { "in_atomic_block", get_in_atomic_block },
                                               { "needs_rollback", get_needs_rollback },
                                               { "autocommit", get_autocommit },
                                               { "features", get_features },
                                               { "ops", get_ops },
                                               { "introspection", get_introspection },
                                               { "settings_dict", get_settings_dict },
                                               { "queries", get_queries },
                                               { "queries_limit", get_queries_limit },
                                               { "queries_logged", get_queries_logged },
                                               { "force_debug_cursor", get_queries_logged },
                                               { 0 } };

static bool set_attribute(nu__py self, nu_str name, nu__py value)
{
    if (!nu_eq(name, "force_debug_cursor"))
        return false;
    nu__orm_keep_queries(connection_of(self), nu__py_truth(value));
    return true;
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "<DatabaseWrapper vendor='{}' alias='{}'>", nu__py_text(get_vendor(self)),
                connection_of(self)->alias);
}

const nu__py_type nu__orm_connection_type = { .name = "DatabaseWrapper",
                                              .module = "django.db.backends.base.base",
                                              .methods = methods,
                                              .attributes = attributes,
                                              .set = set_attribute,
                                              .repr = repr };

/* ---- connections -------------------------------------------------------------------------------
 */

static nu__py connection_at(nu__py self, nu__py key)
{
    (void)self;
    return nu__py_pointer(&nu__orm_connection_type,
                          nu__connection_of(nu__py_as_str(key, "an alias").ptr)->alias);
}

static nu__py aliases(nu__py (*made)(const char *alias))
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 4);

    for (size_t i = 0; nu__database_alias(i); i++)
        nu__py_append(out, made(nu__database_alias(i)));
    return out;
}

static nu__py alias_of(const char *alias)
{
    return nu__py_str(nu_s(alias));
}

static nu__py connection_at_alias(const char *alias)
{
    return nu__py_pointer(&nu__orm_connection_type, alias);
}

static nu__py all_connections(nu__py self, const nu__py *args)
{
    (void)self, (void)args;
    return aliases(connection_at_alias);
}

static nu__py iterate_aliases(nu__py self)
{
    (void)self;
    return nu__py_iterate(aliases(alias_of));
}

static nu__py get_databases(nu__py self)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    (void)self;
    for (size_t i = 0; nu__database_alias(i); i++)
        nu__py_dict_set(out.dict, alias_of(nu__database_alias(i)),
                        nu__orm_settings_dict(nu__connection_of(nu__database_alias(i))));
    return out;
}

const nu__py_type nu__orm_connections_type = {
    .name = "ConnectionHandler",
    .module = "django.db.utils",
    .methods = (const nu__py_method[]){ { "all", "initialized_only=", all_connections },
                                        { "close_all", NULL, none_of },
                                        { 0 } },
    .attributes = (const nu__py_attribute[]){ { "databases", get_databases },
                                              { "settings", get_databases },
                                              { 0 } },
    .item = connection_at,
    .iterate = iterate_aliases,
};

/* ---- router ------------------------------------------------------------------------------------
 */

static nu__model_info *model_argument(nu__py value)
{
    nu__model_info *info = value.type == &nu__py_type_type ? nu__orm_model_of(value.class_) : NULL;

    if (!info)
        nu_raise(NU_ATTRIBUTE_ERROR, "{} is no model: a class such as Student is asked for",
                 nu__py_repr(value));
    return info;
}

static nu_object *object_argument(nu__py value)
{
    nu_object *object = nu__orm_object(value);

    if (!object)
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute '_state'", value.type->name);
    return object;
}

static nu_object *hint(nu__py hints)
{
    nu__py *found = nu__py_dict_find(hints.dict, nu__py_str(S("instance")));

    return found ? object_argument(*found) : NULL;
}

static nu__py db_for_read(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_str(nu_s(nu__router_db_for_read(model_argument(args[0]), hint(args[1]))));
}

static nu__py db_for_write(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_str(nu_s(nu__router_db_for_write(model_argument(args[0]), hint(args[1]))));
}

static nu__py allow_relation(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_bool(
        nu__router_allow_relation(object_argument(args[0]), object_argument(args[1])));
}

static nu__py allow_migrate(nu__py self, const nu__py *args)
{
    const nu__model_info *info =
        nu__orm_is_none(args[2]) ? NULL : nu__orm_model_named(args[1], args[2]);

    (void)self;
    return nu__py_bool(nu__router_allow_migrate(nu__py_as_str(args[0], "an alias").ptr,
                                                info ? info->model : NULL));
}

static nu__py allow_migrate_model(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_bool(nu__router_allow_migrate(nu__py_as_str(args[0], "an alias").ptr,
                                                model_argument(args[1])->model));
}

const nu__py_type nu__orm_router_type = {
    .name = "ConnectionRouter",
    .module = "django.db.utils",
    .methods =
        (const nu__py_method[]){
            { "db_for_read", "model, **hints", db_for_read },
            { "db_for_write", "model, **hints", db_for_write },
            { "allow_relation", "obj1, obj2, **hints", allow_relation },
            { "allow_migrate", "db, app_label, model_name=, **hints", allow_migrate },
            { "allow_migrate_model", "db, model", allow_migrate_model },
            { 0 },
        },
};
