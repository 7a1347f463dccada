/**
 * @file
 * What arrays, ranges and hstore have beside the lookups of all types.
 */
#pragma once
#include "db/sql/lookups.h"

/* "@> %s" of the backend. NotSupportedError where it has no such types. */
const nu__operator *nu__postgres_operator(const nu__compiler *out, const char *lookup);

/* left OP right, as exclusion constraints have it. */
nu_expr *nu__operator_condition(const char *op, nu_expr *left, nu_expr *right);

/* Lists and maps as the field's kind, their items too; false: the value is neither. */
bool nu__postgres_prepare(const nu__field *type, nu_value value, nu_value *out);

/* tags__0, tags__0_2, tags__len, nights__startswith, notes__key; NULL: the type has none such. */
const nu_expr *nu__postgres_transform(const nu_expr *lhs, nu_str name);
bool nu__postgres_has_transform(uint32_t family, nu_str name);
void nu__postgres_transform_names(uint32_t family, nu_list *out);
