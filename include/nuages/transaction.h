/**
 * @file
 * Transactions, named as django.db.transaction.
 */
#pragma once
#include <nuages/models.h>

/* ---- transactions
 * --------------------------------------------------------------------------------------------------------------------
 */
typedef enum {
    NU_ISOLATION_DEFAULT,
    NU_READ_COMMITTED,
    NU_REPEATABLE_READ,
    NU_SERIALIZABLE
} nu_isolation;
typedef struct {
    NU_NAMED_ONLY;
    const char *using;
    bool durable, no_savepoint;
    nu_isolation isolation;
    int retries;
} nu_atomic_options;
typedef struct nu_transaction {
    struct nu_transaction *outer;
    const char *using;
    int state, once;
} nu_transaction;
nu_transaction nu__atomic_begin(const nu_atomic_options *);
void nu__atomic_end(nu_transaction *);
bool nu__atomic_left(nu_transaction *);
/* from here to the end of the enclosing block: commits when the block is left by its end, return,
 * break, continue or goto; a raise rolls back. */
#define nu_atomic_scope(...)                                                                       \
    NU_UNUSED NU_CLEANUP(nu__atomic_end)                                                           \
    nu_transaction NU_CAT(nu__txn_, __COUNTER__) =                                                 \
        nu__atomic_begin(&(const nu_atomic_options){ __VA_ARGS__ })
/* the block form, for statements with no break, continue or result: break raises ProgrammingError
 * (it would leave the block, not the loop around it) */
#define nu_atomic_with(...)                                                                        \
    for (nu_transaction NU_CLEANUP(nu__atomic_end)                                                 \
             nu__txn = nu__atomic_begin(&(const nu_atomic_options){ __VA_ARGS__ });                \
         nu__txn.once < 2; nu__atomic_left(&nu__txn))                                              \
        for (nu__txn.once = 1; nu__txn.once == 1; nu__txn.once = 2)
#define nu_atomic nu_atomic_with ()
/* retries need the body again, from the start: a function, so that no local of the caller
 * half-survives */
void *nu_run_atomic_(void *(*)(void *), void *, const nu_atomic_options *);
#define nu_run_atomic(fn, arg, ...)                                                                \
    nu_run_atomic_((fn), (arg), &(const nu_atomic_options){ __VA_ARGS__ })
void nu_on_commit(void (*)(void *), void *), nu_set_rollback(bool);
