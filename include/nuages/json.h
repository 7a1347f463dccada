/**
 * @file
 * JSON: a strict reader (RFC 8259) into values, and a writer.
 */
#pragma once
#include <nuages/errors.h>

/** Read one JSON text. Raises JSONDecodeError with line and column; depth and size are capped. */
nu_value nu_json_read(nu_str text);
/** Write a value as JSON, as json.dumps() with DjangoJSONEncoder: ", " and ": ", non-ASCII escaped.
 */
nu_str nu_to_json_(nu_value value);
#define nu_to_json(x) nu_to_json_(V(x))

nu_json_value nu_json_of_(nu_value value); /* a deep copy in the arena, for a JSONField's member */
#define nu_json_of(x) nu_json_of_(V(x))
/** Follow a path such as "address.city" or "tags.0"; null when there is nothing. */
nu_value nu_json_get_(nu_json_value json, const char *path);
nu_value nu_json_value_of(nu_json_value json); /* the value inside */
