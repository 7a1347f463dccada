/**
 * @file
 * What the senders of the library and its tests need beside nuages/signals.h.
 */
#pragma once
#include <nuages/signals.h>

/* Forget every receiver: before a start-up that connects them again, and in tests. */
void nu__signals_release(void);
