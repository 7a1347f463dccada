/**
 * @file
 * Members of the caller's structs, by the kind that NU_COLUMN found for them.
 */
#pragma once
#include "db/models/fields.h"
#include <nuages/queries.h>

/* The member kind of a column; NU__MEMBER_NONE for an int32_t. */
nu__member nu__member_of_kind(nu_kind kind);
bool nu__kind_is_plain(nu_kind kind); /* a number or bool that can't be null */
size_t nu__kind_size(nu_kind kind);
/* Write a value into the member; TypeError, naming it, when it does not fit. */
void nu__member_put(const nu_column *column, void *row, nu_value value);
