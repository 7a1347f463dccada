/**
 * @file
 * The named character references of HTML.
 */
#pragma once
#include <stddef.h>

typedef struct nu__html_entity {
    const char *name; /* without "&"; with ";" unless old pages leave it out */
    const char *text; /* UTF-8 */
} nu__html_entity;

/* By name, in the order of strcmp(). */
extern const nu__html_entity nu__html_entities[];
extern const size_t nu__html_entity_count;
