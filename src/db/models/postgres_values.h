/**
 * @file
 * What the fields of PostgreSQL hold: arrays (lists), hstore (dicts of texts), ranges.
 */
#pragma once
#include "db/models/fields.h"
#include "db/models/validators.h"

/* Each item of a list through `of`, with the array's base field; null items stay. */
nu_list *nu__array_map(const nu__field *array, nu_list *items,
                       nu_value (*of)(const nu__field *base, nu_value item, void *arg), void *arg);
/* "{a,NULL,\"b c\",{d}}" as a list of texts, nulls and lists; false: it is none. */
bool nu__array_parse(nu_str text, nu_list **out);
/* What ArrayField.validate() and run_validators() check of the items, beside the list itself. */
bool nu__array_validate(const nu__field *array, nu_list *items, nu__invalid *why);
void nu__array_run_validators(const nu__field *array, nu_list *items, nu__refusals *out);

/* "\"it\"": a text in the quotes that arrays, ranges and maps have. */
void nu__put_quoted(nu__buf *out, nu_str text);
/* `"a"=>"1", "b"=>NULL` as a dict of texts; false: it is none. And back. */
bool nu__hstore_parse(nu_str text, nu_dict **out);
nu_str nu__hstore_text(const nu_dict *map);
/* Every value is a text or null. */
bool nu__hstore_validate(const nu__field *field, const nu_dict *map, nu__invalid *why);

/* A list of two ends, or a range, as a range with ends of the field's type. False with the reason
   where an end is of another type. */
bool nu__range_convert(const nu__field *field, nu_value in, nu_value *out, nu__invalid *why);
