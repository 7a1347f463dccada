/**
 * @file
 * What to do about what a database says to a migration.
 *
 * Databases tell what was wrong; who migrates wants to know what to do. The advice stands on a line
 * of its own after the database's words, which stay what they are.
 */
#pragma once
#include <nuages/errors.h>
#include <nuages/migrations.h>

/* After a line's end what to do, for the error of a statement of a migration; "" where there is
   nothing to advise. `op` NULL: not of one operation. In the fiber's arena. */
nu_str nu__migration_advice(const nu_migration *migration, const nu_operation *op,
                            const nu_error *error);
/* The same for what a database says before there is a migration: rights, locks, space. */
nu_str nu__database_advice(const nu_error *error);
