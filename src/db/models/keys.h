/**
 * @file
 * Objects by a key: which of a result belongs to which instance.
 */
#pragma once
#include <nuages/values.h>

typedef struct nu__key_index {
    struct nu__key_slot *slots;
    size_t cap;
} nu__key_index;

/* Room for n keys, in the arena. */
nu__key_index nu__key_index_new(size_t n);
/* The place of a key, made when it is new; NULL for null. */
void **nu__key_index_at(nu__key_index *index, nu_value key);
/* What is at the key, or NULL. */
void *nu__key_index_get(const nu__key_index *index, nu_value key);
