/**
 * @file
 * Waiting.
 */
#pragma once
#include <nuages/base.h>

/**
 * Let `seconds` go by; other requests are served meanwhile.
 * 0 or less lets the others that are ready run once.
 *
 * @raises   NU_CANCELLED when the fiber is cancelled (the client went away)
 * Yields: always. Where no loop runs it blocks the thread.   Python: asyncio.sleep()
 */
void nu_sleep(double seconds);
