/**
 * @file
 * Whether a database has what its applied migrations make.
 *
 * django_migrations says which migrations ran, not what was in their files then: one that is edited
 * afterwards, or was faked, or a table that was changed by hand, shows only here.
 */
#pragma once
#include "db/connection.h"
#include "db/migrations/graph.h"

/* What is missing: "there is no table shop_thing (shop.Thing)", "shop_thing has no column size
   (shop.Thing.size)". Tables that migrations do not look after are passed over. Yields. */
nu_list *nu__schema_drift(nu__connection *connection, nu__graph *graph);
