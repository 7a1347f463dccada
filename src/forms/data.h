/**
 * @file
 * What a browser sent: names with values, and files.
 */
#pragma once
#include <nuages/http.h>

typedef struct nu__form_data {
    const nu_querydict *fields;
    nu_file *(*file)(void *self, nu_str name); /* NULL: none is there */
    void *self;
} nu__form_data;

/* The last value of a name as text, null when it was not sent. */
static inline nu_value nu__form_data_get(const nu__form_data *data, nu_str name)
{
    nu_str text = nu_querydict_get(data->fields, name);

    return text.ptr ? nu_v_str(text) : nu_null();
}
