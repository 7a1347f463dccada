/* django.db.transaction: atomic(), savepoints, on_commit(). */
#include "db/transaction.h"
#include "cli/shell/orm/query_methods.h"

#include <nuages/transaction.h>

static nu_transaction_options on(nu__py using)
{
    return (nu_transaction_options){ .using = nu__orm_cstr(using, "using") };
}

/* ---- atomic ---------------------------------------------------------------------------------- */

typedef struct atomic {
    nu_atomic_options options;
    nu_transaction open[16]; /* one object may be entered again inside itself */
    size_t depth;
} atomic;

static nu__py atomic_enter(nu__py self)
{
    atomic *block = self.p;

    if (block->depth == sizeof block->open / sizeof *block->open)
        nu_raise(NU_RUNTIME_ERROR, "atomic(): the same block was entered {} times", block->depth);
    block->open[block->depth] = nu__atomic_begin(&block->options);
    block->depth++;
    return nu__py_none();
}

static bool atomic_leave(nu__py self, nu__py error)
{
    atomic *block = self.p;
    nu_transaction_options where = { .using = block->options.using };

    block->depth--;
    if (nu__py_given(error))
        nu_set_rollback_(true, &where);
    nu__atomic_end(&block->open[block->depth]);
    return false;
}

/* @transaction.atomic: a function that runs in the block. */
typedef struct decorated {
    nu__py block, function;
} decorated;

static nu__py call_decorated(nu__py self, const nu__py_call *call)
{
    const decorated *d = self.cp;
    const atomic *block = d->block.cp;
    NU_UNUSED NU_CLEANUP(nu__atomic_end) nu_transaction transaction =
        nu__atomic_begin(&block->options);

    return nu__py_invoke(d->function, call);
}

static const nu__py_type decorated_type = { .name = "function", .call = call_decorated };

static nu__py decorate(nu__py block, nu__py function)
{
    decorated *d = nu_alloc(decorated);

    *d = (decorated){ block, function };
    return nu__py_pointer(&decorated_type, d);
}

static nu__py call_atomic(nu__py self, const nu__py_call *call)
{
    nu__py args[NU__PY_MOST_ARGUMENTS];

    nu__py_bind("Atomic.__call__", "func", call, args);
    return decorate(self, args[0]);
}

static const nu__py_type atomic_type = { .name = "Atomic",
                                         .module = "django.db.transaction",
                                         .call = call_atomic,
                                         .enter = atomic_enter,
                                         .leave = atomic_leave };

static nu__py make_atomic(nu__py self, const nu__py *args)
{
    atomic *block = nu_alloc(atomic);
    bool decorates = nu__py_given(args[0]) && args[0].type->call;

    (void)self;
    block->options.using = decorates ? NULL : nu__orm_cstr(args[0], "using");
    block->options.no_savepoint = !nu__py_true_or(args[1], true);
    block->options.durable = nu__py_true_or(args[2], false);
    return decorates ? decorate(nu__py_pointer(&atomic_type, block), args[0])
                     : nu__py_pointer(&atomic_type, block);
}

/* ---- savepoints --------------------------------------------------------------------------------
 */

static nu__py savepoint(nu__py self, const nu__py *args)
{
    nu_transaction_options where = on(args[0]);
    nu_str name = nu_savepoint_(&where);

    (void)self;
    return name.ptr ? nu__py_str(name) : nu__py_none();
}

static nu_str savepoint_name(nu__py value)
{
    return nu__orm_is_none(value) ? (nu_str){ 0 } : nu__py_as_str(value, "a savepoint");
}

static nu__py savepoint_commit(nu__py self, const nu__py *args)
{
    nu_transaction_options where = on(args[1]);

    (void)self;
    nu_savepoint_commit_(savepoint_name(args[0]), &where);
    return nu__py_none();
}

static nu__py savepoint_rollback(nu__py self, const nu__py *args)
{
    nu_transaction_options where = on(args[1]);

    (void)self;
    nu_savepoint_rollback_(savepoint_name(args[0]), &where);
    return nu__py_none();
}

static nu__py clean_savepoints(nu__py self, const nu__py *args)
{
    nu_transaction_options where = on(args[0]);

    (void)self;
    nu_clean_savepoints_(&where);
    return nu__py_none();
}

/* ---- the rest
 * ------------------------------------------------------------------------------------ */

static void call_back(void *callable)
{
    nu__py_call call = { 0 };

    nu__py_invoke(*(nu__py *)callable, &call);
}

static nu__py on_commit(nu__py self, const nu__py *args)
{
    nu_on_commit_options how = { .using = nu__orm_cstr(args[1], "using"),
                                 .robust = nu__py_true_or(args[2], false) };
    nu__py *kept = nu_alloc(nu__py);

    (void)self;
    if (!args[0].type->call && !NU__PY_IS(args[0], type))
        nu_raise(NU_TYPE_ERROR, "on_commit()'s callback must be a callable.");
    *kept = args[0];
    nu_on_commit_(call_back, kept, &how);
    return nu__py_none();
}

static nu__py set_rollback(nu__py self, const nu__py *args)
{
    nu_transaction_options where = on(args[1]);

    (void)self;
    nu_set_rollback_(nu__py_truth(args[0]), &where);
    return nu__py_none();
}

static nu__py get_rollback(nu__py self, const nu__py *args)
{
    nu_transaction_options where = on(args[0]);

    (void)self;
    return nu__py_bool(nu_get_rollback_(&where));
}

static nu__py get_autocommit(nu__py self, const nu__py *args)
{
    nu_transaction_options where = on(args[0]);

    (void)self;
    return nu__py_bool(nu_get_autocommit_(&where));
}

static nu__py set_autocommit(nu__py self, const nu__py *args)
{
    nu_transaction_options where = on(args[1]);

    (void)self;
    nu_set_autocommit_(nu__py_truth(args[0]), &where);
    return nu__py_none();
}

static nu__py commit(nu__py self, const nu__py *args)
{
    nu_transaction_options where = on(args[0]);

    (void)self;
    nu_commit_(&where);
    return nu__py_none();
}

static nu__py rollback(nu__py self, const nu__py *args)
{
    nu_transaction_options where = on(args[0]);

    (void)self;
    nu_rollback_(&where);
    return nu__py_none();
}

static nu__py get_connection(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_pointer(&nu__orm_connection_type, nu__orm_cstr(args[0], "using"));
}

static const nu__py_method methods[] = {
    { "atomic", "using=, savepoint=, durable=", make_atomic },
    { "savepoint", "using=", savepoint },
    { "savepoint_commit", "sid, using=", savepoint_commit },
    { "savepoint_rollback", "sid, using=", savepoint_rollback },
    { "clean_savepoints", "using=", clean_savepoints },
    { "on_commit", "func, using=, robust=", on_commit },
    { "set_rollback", "rollback, using=", set_rollback },
    { "get_rollback", "using=", get_rollback },
    { "get_autocommit", "using=", get_autocommit },
    { "set_autocommit", "autocommit, using=", set_autocommit },
    { "commit", "using=", commit },
    { "rollback", "using=", rollback },
    { "get_connection", "using=", get_connection },
    { 0 },
};

/* transaction.TransactionManagementError, as in `except`. */
static bool get(nu__py self, nu_str name, nu__py *out)
{
    (void)self;
    if (!nu_eq(name, "TransactionManagementError"))
        return false;
    *out = nu__py_class(&nu__py_errors[NU_TRANSACTION_MANAGEMENT_ERROR]);
    return true;
}

static void repr(nu__py self, nu__buf *out)
{
    (void)self;
    nu__buf_lit(out, "<module 'django.db.transaction'>");
}

const nu__py_type nu__orm_transaction_type = {
    .name = "module", .methods = methods, .get = get, .repr = repr
};
