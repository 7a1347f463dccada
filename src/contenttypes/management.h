/**
 * @file
 * The rows of django_content_type: one a model, made after migrations have run.
 */
#pragma once
#include <nuages/auth.h>
#include <nuages/conf.h>

/* Make what is missing for an app's models, in order. Yields. Django: create_contenttypes() */
void nu__contenttypes_create(const nu_app *app);
/* The row of a model; NULL when there is none yet. Yields. */
nu_content_type *nu__contenttype_of(const nu_model *model);
