/**
 * @file
 * The harness for what waits: each test runs in the main fiber of a loop of its own.
 *
 *     HARNESS_IN_FIBER(a_sleeping_fiber_lets_others_run)
 */
#pragma once
#include "harness.h"

#include "loop/fiber.h"

void harness_run_in_fiber(const char *name, void (*run)(void));

#define HARNESS_IN_FIBER(...)                                                                      \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        static const harness_test tests[] = { NU_EACH(HARNESS__ROW, __VA_ARGS__){ NULL, NULL } };  \
        harness_around = harness_run_in_fiber;                                                     \
        return harness_main(argc, argv, tests);                                                    \
    }
