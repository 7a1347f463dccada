/**
 * @file
 * The harness of the library's own unit tests.
 *
 *     static void arena_hands_out_zeroed_memory(void)
 *     {
 *         CHECK(nu_alloc(int) != NULL);
 *         CHECK_STR(nu_fmt("{}", 1), "1");
 *     }
 *     HARNESS(arena_hands_out_zeroed_memory)
 *
 * Each test is a function without arguments that runs in a context of its own (arena, catch marks);
 * a failed check prints both values and its line and the test goes on; an error that is raised out
 * of a test fails it. A test left out of HARNESS() is an unused function, hence a compile error.
 * `./unit-core-arena NAME…` runs those whose names contain one of the words.
 */
#pragma once
#include <nuages/errors.h>
#include <stdio.h>

typedef struct harness_test {
    const char *name;
    void (*run)(void);
} harness_test;

int harness_main(int argc, char **argv, const harness_test *tests);
bool harness_check(bool ok, const char *file, int line, const char *text);
bool harness_check_str(nu_str got, nu_str want, const char *file, int line, const char *text);
bool harness_check_int(int64_t got, int64_t want, const char *file, int line, const char *text);
/* Runs each test through this instead of a bare context: tests of the loop run inside a fiber. */
extern void (*harness_around)(const char *name, void (*run)(void));

#define CHECK(x)             harness_check((x), __FILE__, __LINE__, #x)
#define CHECK_STR(got, want) harness_check_str(NU_STR(got), NU_STR(want), __FILE__, __LINE__, #got)
#define CHECK_INT(got, want)                                                                       \
    harness_check_int((int64_t)(got), (int64_t)(want), __FILE__, __LINE__, #got)
/* The expression raises an error of the class, and its message contains the text. */
#define CHECK_RAISES(k, text, ...)                                                                 \
    harness_check_error(nu_catch(NU_EXCEPTION, __VA_ARGS__), (k), (text), __FILE__, __LINE__)
bool harness_check_error(const nu_error *error, nu_error_class klass, const char *text,
                         const char *file, int line);

#define HARNESS__ROW(fn) { #fn, fn },
#define HARNESS(...)                                                                               \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        static const harness_test tests[] = { NU_EACH(HARNESS__ROW, __VA_ARGS__){ NULL, NULL } };  \
        return harness_main(argc, argv, tests);                                                    \
    }
