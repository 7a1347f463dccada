/**
 * @file
 * Compiler attributes and the few preprocessor tools that the other headers share.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In C17 `true` is the int 1, and V(true) would send 1 to JSON and SQL. C23's spelling makes it a
   bool, and still works in #if. */
#if __STDC_VERSION__ < 202311L
#undef true
#undef false
#define true ((_Bool) + 1u)
#define false ((_Bool) + 0u)
#endif

#define NU_UNUSED     __attribute__((unused))
#define NU_CLEANUP(f) __attribute__((cleanup(f)))
#define NU_NORETURN   __attribute__((noreturn))
/* Thread-locals of the library at a fixed offset: no call to reach one. */
#define NU__FAST_TLS __attribute__((tls_model("initial-exec")))
#define NU_NODISCARD __attribute__((warn_unused_result))

/* First member of every option struct: a positional argument becomes a compile error whose text
   tells what to do. */
#define NU_NAMED_ONLY struct nu__write_options_as_dot_name_equals_value *named_only_

/* First word of a row of tables whose rows are macros: what compilers find where a comma should be.
 */
enum { nu__a_comma_is_missing_before_this };

/* Tells the log of repeated queries where the user's code asks the database. */
#define NU__CALLED_FROM nu__called_from(__FILE__, __LINE__)
void nu__called_from(const char *file, int line);

#define NU_CAT(a, b)      NU_CAT_(a, b)
#define NU_CAT_(a, b)     a##b
#define NU_UNPAREN(...)   __VA_ARGS__
#define NU_STRINGIFY(...) #__VA_ARGS__
/* 0 as an expression, or the compile error `msg`. */
#define NU_REQUIRE(cond, msg)                                                                      \
    (0 * sizeof(struct {                                                                           \
         int x;                                                                                    \
         _Static_assert(cond, msg);                                                                \
     }))

#include <nuages/each.h>
