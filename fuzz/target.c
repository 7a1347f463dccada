#include "target.h"

#include "core/context.h"
#include "core/error.h"
#include "utils/percent.h"

#include <stdio.h>
#include <stdlib.h>

enum { MEMORY = 64 << 20 }; /* of the arena, bytes */

static nu__context context;
static nu__context lasting; /* what fuzz_prepare() made */

__attribute__((weak)) void fuzz_prepare(void)
{
}

/* ---- running -------------------------------------------------------------------------------- */

static void call_prepare(void *unused)
{
    (void)unused;
    fuzz_prepare();
}

static void call_target(void *input)
{
    fuzz_one(*(nu_str *)input);
}

NU_NORETURN static void fail_by(const nu_error *error)
{
    nu__buf text = { 0 };

    nu__error_describe(error, &text);
    nu__buf_char(&text, '\0');
    fuzz_fail(error->file, error->line, text.data);
}

static void prepare(void)
{
    const nu_error *error;

    if (lasting.what)
        return;
    nu__context_init(&lasting, "prepare");
    nu__here = &lasting;
    error = nu__guard(call_prepare, NULL);
    if (error)
        fail_by(error);
    nu__context_init(&context, fuzz_target_name);
}

void fuzz_run(const char *bytes, size_t len)
{
    nu_str input = { bytes, len };
    const nu_error *error;

    prepare();
    nu__here = &context;
    nu__arena_set_cap(context.arena, MEMORY);
    error = nu__guard(call_target, &input);
    if (error)
        fail_by(error);
    nu__context_reset(&context);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_run((const char *)bytes, len);
    return 0;
}

/* ---- findings ------------------------------------------------------------------------------- */

void fuzz_fail(const char *file, int line, const char *what)
{
    fflush(stdout);
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

static void show(const char *name, nu_str text)
{
    nu__buf out = { 0 };
    size_t valid = nu__utf8_valid_prefix(text);

    nu__buf_repr_str(&out, nu__utf8_cut(nu__sub(text, 0, valid), 2000));
    fprintf(stderr, "  %s %.*s%s\n", name, (int)out.len, out.data,
            valid < text.len ? " and no UTF-8 behind it" : "");
}

void fuzz_same(nu_str a, nu_str b, const char *file, int line, const char *what)
{
    if (nu_eq_(a, b))
        return;
    show("got ", a);
    show("want", b);
    fuzz_fail(file, line, what);
}

void fuzz_utf8(nu_str text, const char *file, int line, const char *what)
{
    if (nu__utf8_valid(text))
        return;
    show("text", text);
    fuzz_fail(file, line, what);
}

/* ---- the input apart ------------------------------------------------------------------------ */

fuzz_pieces fuzz_pieces_of(nu_str input, uint32_t step)
{
    fuzz_pieces pieces = { .input = input, .step = step, .state = 2166136261u };

    for (size_t i = 0; i < input.len; i++)
        pieces.state = (pieces.state ^ (uint8_t)input.ptr[i]) * 16777619u;
    return pieces;
}

bool fuzz_next_piece(fuzz_pieces *pieces, nu_str *piece)
{
    size_t left = pieces->input.len - pieces->at, len;

    if (!left)
        return false;
    pieces->state = pieces->state * 1664525u + 1013904223u;
    len = 1 + (pieces->state >> 16) % pieces->step;
    len = len < left ? len : left;
    *piece = fuzz_exact(nu__sub(pieces->input, pieces->at, pieces->at + len));
    pieces->at += len;
    return true;
}

nu_str fuzz_exact(nu_str text)
{
    char *copy = nu__alloc_raw(text.len);

    if (text.len)
        memcpy(copy, text.ptr, text.len);
    return (nu_str){ copy, text.len };
}

nu_str fuzz_take(nu_str *rest, char separator)
{
    const char *found = rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
    size_t len = found ? (size_t)(found - rest->ptr) : rest->len;
    nu_str taken = { rest->ptr, len };

    *rest = nu__sub(*rest, len + (found != NULL), rest->len);
    return taken;
}

nu_str fuzz_as_utf8(nu_str input)
{
    return fuzz_exact(nu__utf8_replace(input));
}
