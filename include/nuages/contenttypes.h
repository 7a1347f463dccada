/**
 * @file
 * Content types: a row for each model of the site, which generic relations refer to.
 * Django: django.contrib.contenttypes.
 *
 * They are read once a process and database. A generic foreign key is declared in the model
 * (models.h, GenericForeignKey, GenericRelation).
 */
#pragma once
#include <nuages/auth.h>

/**
 * The content type of a model, made when its row is missing; asked for once a process.
 *
 * @raises  ImproperlyConfigured where contenttypes_app is not installed
 * Yields.   Django: ContentType.objects.get_for_model()
 */
#define nu_content_type_of(T) nu_content_type_for(&T##_model, NULL)
nu_content_type *nu_content_type_for(const nu_model *model, const char *using);
/** By its key, or by app label and lower-case model name. Raise DoesNotExist. Yield. Django:
 * get_for_id(), get_by_natural_key() */
nu_content_type *nu_content_type_for_id(nu_id id, const char *using);
nu_content_type *nu_content_type_by_natural_key(nu_str app_label, nu_str model, const char *using);
/** The model, or NULL when it is no longer installed. Yields: never. Django: model_class() */
const nu_model *nu_content_type_model_class(const nu_content_type *type);
/** Ask for them again. Django: ContentType.objects.clear_cache() */
void nu_content_types_clear_cache(void);
