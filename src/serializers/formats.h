/**
 * @file
 * The formats, and what they share.
 */
#pragma once
#include "serializers/serializer.h"

extern const nu__serializer nu__json_serializer;
extern const nu__serializer nu__jsonl_serializer;
#ifdef NU__YAML
extern const nu__serializer nu__yaml_serializer;
#endif
#ifdef NU__EXPAT
extern const nu__serializer nu__xml_serializer;
#endif

/* { "model", "pk", "fields" } of a record. */
nu_dict *nu__record_dict(const nu__record *record);
/* Give each object of a list to `take`. Raises DeserializationError for what is no list of dicts.
 */
void nu__take_objects(nu_value value, void (*take)(void *self, nu_dict *object), void *self);
