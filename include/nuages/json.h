/**
 * @file
 * JSON: a strict reader (RFC 8259) into values, a writer, and paths into JSONField members.
 */
#pragma once
#include <nuages/errors.h>

/**
 * Read one JSON text. Objects become dicts (the last of equal keys wins), arrays lists. A number
 * without fraction and exponent is an INT, past 64 bits a UINT, past that a FLOAT; any other a
 * FLOAT. Refused beyond the grammar: text that is not UTF-8, lone surrogates in \u escapes (no
 * UTF-8 text can hold them), numbers past the range of a double, nesting over 512 deep, texts over
 * 128 MiB.
 *
 * @param text  not kept: strings are copied into the fiber's arena
 * @raises      JSONDecodeError, in Python's words: "Expecting value: line 1 column 5 (char 4)"
 * Yields: never.   Python: json.loads()
 */
nu_value nu_json_read(nu_str text);

/**
 * Write a value as Django's JsonResponse does: ", " and ": " between, ASCII only, dates and times
 * as ISO 8601 cut to milliseconds, decimals, UUIDs and durations as strings.
 *
 * @return   text in the fiber's arena
 * @raises   TypeError for what JSON cannot hold (bytes, files, callables), ValueError for lists or
 *           dicts nested over 512 deep, as one that holds itself is
 * Yields: where a query or related object must be loaded.   Django: DjangoJSONEncoder
 */
#define nu_to_json(x) nu_to_json_(V(x))
nu_str nu_to_json_(nu_value value);

/** A deep copy in the arena, for a JSONField's member. Raises ValueError over 512 deep. */
#define nu_json_of(x) nu_json_of_(V(x))
nu_json_value nu_json_of_(nu_value value);
/** Follow a path such as "address.city" or "tags.0"; null when there is nothing. */
nu_value nu_json_get_(nu_json_value json, const char *path);
/** The value inside; null for NULL. */
nu_value nu_json_value_of(nu_json_value json);
