#include "harness.h"

static void memory_is_zeroed_and_aligned(void)
{
    for (size_t n = 1; n < 5000; n += 97) {
        char *bytes = nu_alloc_array(char, n);

        CHECK_INT((uintptr_t)bytes % 16, 0);
        CHECK(bytes[0] == 0 && bytes[n - 1] == 0);
    }
}

HARNESS(memory_is_zeroed_and_aligned)
