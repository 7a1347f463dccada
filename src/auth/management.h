/**
 * @file
 * The rows of auth_permission: four a model, made after migrations have run.
 */
#pragma once
#include <nuages/auth.h>
#include <nuages/conf.h>

/* Make the content types and permissions that an app's models lack. Yields.
   Django: create_permissions() */
void nu__permissions_create(const nu_app *app);
/* The actions of which a model has a permission by itself: "add", …; ends with NULL, or after 8. */
const char *const *nu__default_permissions(const nu_model *model);
