/**
 * @file
 * What the senders of the library and its tests need beside nuages/signals.h.
 */
#pragma once
#include <nuages/signals.h>

/* Forget every receiver: before a start-up that connects them again, and in tests. */
void nu__signals_release(void);
/* Under DEBUG: told of each receiver that was called, and how long it took. NULL: nobody asks. */
extern void (*nu__signal_received)(const nu_signal_event *event, nu_receiver_fn *fn,
                                   double seconds);
/* "post_save"; of a site's own signals "NU_FIRST_OWN_SIGNAL + 1". */
nu_str nu__signal_name(nu_signal signal);
