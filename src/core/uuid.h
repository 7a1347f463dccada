/**
 * @file
 * The text of UUIDs, for writers that bring their own memory.
 */
#pragma once
#include <nuages/uuid.h>

#define NU__UUID_TEXT 37 /* bytes of the hyphenated form and a NUL */

void nu__uuid_text(char out[NU__UUID_TEXT], nu_uuid uuid);
/* 32 hex digits, as Django stores UUIDs in SQLite and MySQL; `out` holds 33 bytes. */
void nu__uuid_hex(char out[33], nu_uuid uuid);
