/**
 * @file
 * The content types that generic relations stand on: a number for each model, from the table of the
 * app contenttypes. They are asked for once a process and database, as Django's manager does.
 */
#pragma once
#include "db/models/queryset.h"

/* The model's content type, made when there is none. ImproperlyConfigured where the app is not
   installed. Yields. */
int64_t nu__content_type_id(const nu__model_info *info, const char *using);
/* Ask for the types of several models at once, in one query for all that are not known yet. `using`
   may be NULL: the router's. Yields. */
void nu__content_types_learn(const nu__model_info *const *infos, size_t n, const char *using);
/* The model of a content type; NULL when the type is of none (any more). DoesNotExist. Yields. */
nu__model_info *nu__content_type_model(int64_t id, const char *using);
/* Django: ContentTypeManager.clear_cache() */
void nu__content_types_forget(void);
