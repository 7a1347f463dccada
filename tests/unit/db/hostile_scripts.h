/**
 * @file
 * What a scripted server says, damaged in every place: for what must hold of any answer.
 */
#pragma once
#include "core/text.h"

/* `check` gets the script that was damaged, and where. */
typedef void hostile_check(nu_str script, size_t at);

/* Cut off before each of its bytes. */
void hostile_cuts(nu_str script, hostile_check *check);
/* Each of its bytes changed to each of `n` others, one at a time. */
void hostile_changes(nu_str script, const uint8_t *others, size_t n, hostile_check *check);
