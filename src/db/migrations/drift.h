/**
 * @file
 * Whether a database has what its applied migrations make.
 *
 * django_migrations says which migrations ran, not what was in their files then: one that is edited
 * afterwards, or was faked, or a table that was changed by hand, shows only here.
 */
#pragma once
#include "db/connection.h"
#include "db/migrations/executor.h"
#include "db/migrations/graph.h"

/* What is missing: "there is no table shop_thing (shop.Thing)", "shop_thing has no column size
   (shop.Thing.size)". Tables that migrations do not look after are passed over, and what the steps
   of `plan`, which go forwards, do not leave as it is: one that stopped half-way may have taken it
   away already. Yields. */
nu_list *nu__schema_drift(nu__connection *connection, nu__graph *graph, const nu__plan *plan);
/* Whether the plan may make what is missing: a step has SQL or C of its own, or one stopped
   half-way where no transaction held it, and goes on. Yields. */
bool nu__drift_may_be_mended(nu__connection *connection, const nu__plan *plan);
/* Whether migrations make the model's table there: it is no proxy, nor unmanaged or swapped, nor
   another database's. */
bool nu__has_own_table(const nu__connection *connection, const nu__model_info *info);
