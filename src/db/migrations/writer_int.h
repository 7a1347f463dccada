/**
 * @file
 * What the writers of fields, models and operations share: options as C initializers.
 */
#pragma once
#include "db/migrations/writer.h"

typedef enum nu__option_kind {
    NU__OPTION_TEXT,
    NU__OPTION_FLAG,
    NU__OPTION_NUMBER,
} nu__option_kind;

/* `, .name = "value"`; nothing when it is NULL, false or 0. */
void nu__write_text_option(nu__buf *out, const char *name, const char *value);
void nu__write_flag(nu__buf *out, const char *name, bool value);
void nu__write_number(nu__buf *out, const char *name, int64_t value);
/* `{ "a", "b" }` of texts that end with NULL or at `most`. */
void nu__write_names(nu__buf *out, const char *const *items, size_t most);
/* `, .name = { "a", "b" }`; nothing when it is empty. */
void nu__write_name_list(nu__buf *out, const char *option, const char *const *items, size_t most);
/* `,\n    .name = "value"`; nothing when it is NULL. */
void nu__write_model_text(nu__buf *out, const char *indent, const char *name, const char *value);
void nu__write_model_names(nu__buf *out, const char *indent, const char *name,
                           const char *const *items, size_t most);
