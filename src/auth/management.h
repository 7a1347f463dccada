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
