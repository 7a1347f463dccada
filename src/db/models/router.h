/**
 * @file
 * Which database a model's rows are read from and written to. Django: db.router, ConnectionRouter
 */
#pragma once
#include "db/models/instance.h"
#include <nuages/conf.h>

/* Take the site's routers, first asked first; once, before workers fork. */
bool nu__routers_given(void);
void nu__routers_setup(const nu_db_router *const *routers, size_t n);

/* An alias: the first router's that has one, else the one of `instance`, the row at hand (NULL:
   none), else the model's own or "default". Never yields, but for what a router does. */
const char *nu__router_db_for_read(const nu__model_info *info, const nu_object *instance);
const char *nu__router_db_for_write(const nu__model_info *info, const nu_object *instance);
/* May one refer to the other? Without a router's word: when both are of one database. One that was
   never saved counts as where it would be written beside the other. */
bool nu__router_allow_relation(const nu_object *a, const nu_object *b);
/* Does the table of the model belong into the database? `model` NULL: an operation without one. */
bool nu__router_allow_migrate(const char *alias, const nu_model *model);
