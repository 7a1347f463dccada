/**
 * @file
 * The frame of the fuzz targets: one file a parser, which says what must hold of any input.
 *
 *     FUZZ_TARGET(json)
 *     {
 *         nu__json_error error;
 *         nu_value value;
 *
 *         if (nu__json_try_read(input, &value, &error))
 *             FUZZ_UTF8(nu_to_json_(value));
 *     }
 *
 * Each file makes two programs: fuzz-json, which libFuzzer drives (fuzz/run), and unit-fuzz-json,
 * which runs the files of fuzz/corpus/json/ once, as part of the unit tests.
 *
 * The input is a block of its own, without a NUL behind it, so that the address sanitizer sees the
 * first byte that is read past it. Each runs in a context as fresh as a request's; the arena may
 * hold 64 MiB. An error that leaves the target is a finding: the parser declares other classes, and
 * nu_catch() takes those. So is a false FUZZ_CHECK.
 */
#pragma once
#include "core/arena.h"
#include "core/buf.h"
#include "core/text.h"

#include <nuages/errors.h>

#define FUZZ_TARGET(name)                                                                          \
    const char fuzz_target_name[] = #name;                                                         \
    void fuzz_one(nu_str input)

extern const char fuzz_target_name[];
/* What the target defines, by FUZZ_TARGET. */
void fuzz_one(nu_str input);
/* What the target does once, before its first input, in a context that stays: settings, keys,
   tables. None by default. */
void fuzz_prepare(void);

/* Run one input, as libFuzzer or the replay of the corpus does. */
void fuzz_run(const char *bytes, size_t len);

/* Abort with the place unless it holds. */
#define FUZZ_CHECK(x) ((x) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #x))
/* The same for two equal texts, which are shown. */
#define FUZZ_SAME(a, b) fuzz_same((a), (b), __FILE__, __LINE__, #a " is " #b)
/* Evaluate what may raise an error of the class. */
#define FUZZ_MAY_RAISE(klass, ...) ((void)!nu_catch((klass), __VA_ARGS__))
/* Valid UTF-8, as all text inside Nuages. */
#define FUZZ_UTF8(text) fuzz_utf8((text), __FILE__, __LINE__, #text)
NU_NORETURN void fuzz_fail(const char *file, int line, const char *what);
void fuzz_same(nu_str a, nu_str b, const char *file, int line, const char *what);
void fuzz_utf8(nu_str text, const char *file, int line, const char *what);

/* The input in pieces: each begins where the one before ended, and how long they are depends on the
   input alone. `step` 1: single bytes; other steps: from 1 to that many. */
typedef struct fuzz_pieces {
    nu_str input;
    size_t at;
    uint32_t step, state;
} fuzz_pieces;
fuzz_pieces fuzz_pieces_of(nu_str input, uint32_t step);
/* False at the end. The piece is a copy in memory of its own, until the next call. */
bool fuzz_next_piece(fuzz_pieces *pieces, nu_str *piece);

/* A copy of a text with nothing readable behind it: what the sanitizer watches best. */
nu_str fuzz_exact(nu_str text);

/* Text up to the next `separator`, which is passed over; what is left, when there is none. */
nu_str fuzz_take(nu_str *rest, char separator);
/* The input as valid UTF-8: for functions that are promised that. */
nu_str fuzz_as_utf8(nu_str input);
