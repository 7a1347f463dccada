#include "core/error_store.h"

#include "core/error.h"
#include "core/object.h"
#include "core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    ERRORS_MAX = 256,
    MESSAGE_MAX = 8192,
    ALSO_MAX = 16,
    DETAIL_CAP = 1 << 20,
    STACK_MAX = 16 << 10,
    IMMORTAL = -1
};

static nu__stored_error *stored(const nu_error *error)
{
    return (nu__stored_error *)(void *)error;
}

nu_error *nu__error_no_memory(size_t bytes)
{
    nu__context *here = nu__here;
    const nu__arena *arena = here->arena;
    int len;

    if (bytes && bytes > arena->cap - arena->held)
        len = snprintf(here->no_memory_text, sizeof(here->no_memory_text),
                       "%.40s asks for %zu bytes and holds %zu: past the cap of %zu",
                       here->what ? here->what : "this fiber", bytes, arena->held, arena->cap);
    else
        len = snprintf(here->no_memory_text, sizeof(here->no_memory_text), "out of memory");
    here->no_memory = (nu__stored_error){
        .error = { .klass = NU_MEMORY_ERROR,
                   .message = { here->no_memory_text, (size_t)len },
                   .file = __FILE__,
                   .line = __LINE__ },
        .owner = here,
        .references = (size_t)IMMORTAL,
    };
    return &here->no_memory.error;
}

void nu__error_ref(const nu_error *error)
{
    if (error && stored(error)->references != (size_t)IMMORTAL)
        stored(error)->references++;
}

void nu__error_unref(const nu_error *error)
{
    while (error && stored(error)->references != (size_t)IMMORTAL &&
           --stored(error)->references == 0) {
        const nu_error *cause = error->cause;

        nu__error_unref(error->also);
        nu__arena_release(&stored(error)->detail);
        free(stored(error)->stack);
        free(stored(error));
        error = cause;
    }
}

static bool reaches(const nu_error *from, const nu_error *error)
{
    for (; from; from = from->cause)
        if (from == error || (from->also && reaches(from->also, error)))
            return true;
    return false;
}

void nu__error_attach(const nu_error *first, const nu_error *also)
{
    nu_error *last = (nu_error *)first;

    for (int n = 0; last->also && n < ALSO_MAX; n++)
        last = (nu_error *)last->also;
    if (last->also || reaches(also, first)) /* two links in a circle would live for ever */
        return;
    nu__error_ref(also);
    last->also = also;
}

/* A text's copy at *end, which moves on; NULL stays NULL. */
static const char *put_text(char **end, const char *text, size_t len)
{
    char *copy = *end;

    if (!text)
        return NULL;
    memcpy(copy, text, len);
    copy[len] = '\0';
    *end = copy + len + 1;
    return copy;
}

static size_t text_len(const char *text)
{
    return text ? strnlen(text, MESSAGE_MAX) : 0;
}

/* False: no memory. */
static bool copy_dict(nu__stored_error *made, nu_dict *from, nu_dict **out)
{
    nu_value copy;

    *out = NULL;
    if (!from)
        return true;
    if (!nu__value_copy(&made->detail, nu_v_dict(from), &copy))
        return false;
    *out = copy.dict;
    return true;
}

static bool copy_detail(nu__stored_error *made, const nu_error *like)
{
    nu__arena_init(&made->detail);
    nu__arena_set_cap(&made->detail, DETAIL_CAP);
    if (!copy_dict(made, like->detail, &made->error.detail) ||
        !copy_dict(made, like->codes, &made->error.codes))
        return false;
    if (!copy_dict(made, like->params, &made->error.params)) /* an error does without them */
        made->error.params = NULL;
    return true;
}

/* The store takes over the caller's reference. */
static void keep(nu__context *here, nu__stored_error *made)
{
    made->kept = true;
    made->newer = NULL;
    if (here->newest_error)
        here->newest_error->newer = made;
    else
        here->oldest_error = made;
    here->newest_error = made;
    if (++here->n_errors > ERRORS_MAX) {
        nu__stored_error *oldest = here->oldest_error;

        here->oldest_error = oldest->newer;
        here->n_errors--;
        oldest->kept = false;
        nu__error_unref(&oldest->error);
    }
}

void nu__error_settle(const nu_error *error)
{
    if (stored(error)->references == (size_t)IMMORTAL || stored(error)->kept)
        nu__error_unref(error);
    else
        keep(nu__here, stored(error));
}

bool nu__error_traces;

/* For the debug pages: what the error leaves behind it is written over soon. The kernel reads, and
   stops where the stack ends. */
static nu__stack_copy *copy_stack(char *frame)
{
    nu__stack_copy *copy = nu__error_traces ? malloc(sizeof(*copy) + STACK_MAX) : NULL;
    struct iovec from = { frame, STACK_MAX }, to = { copy ? copy->bytes : NULL, STACK_MAX };
    ssize_t n;

    if (!copy)
        return NULL;
    n = process_vm_readv(getpid(), &to, 1, &from, 1, 0);
    if (n <= 0) {
        free(copy);
        return NULL;
    }
    copy->len = (size_t)n;
    copy->base = frame;
    copy->n_frames = nu__unwind(copy->frames, NU__STACK_FRAMES);
    return copy;
}

const nu__stack_copy *nu__error_stack(const nu_error *error)
{
    return ((const nu__stored_error *)error)->stack;
}

nu_error *nu__error_store(const nu_error *like)
{
    size_t constraint = text_len(like->constraint), code = text_len(like->code);
    nu_str message = nu__utf8_cut(like->message, MESSAGE_MAX);
    nu__stored_error *made = nu__malloc(sizeof(*made) + message.len + constraint + code + 3);
    char *end;

    if (!made)
        return nu__error_no_memory(0);
    end = (char *)(made + 1);
    *made = (nu__stored_error){ .error = *like, .owner = nu__here, .references = 1 };
    made->stack = copy_stack(__builtin_frame_address(0));
    made->error.message =
        (nu_str){ put_text(&end, message.ptr ? message.ptr : "", message.len), message.len };
    made->error.constraint = put_text(&end, like->constraint, constraint);
    made->error.code = put_text(&end, like->code, code);
    made->error.also = NULL;
    made->error.detail = made->error.codes = made->error.params = NULL;
    nu__error_ref(like->cause);
    if (!copy_detail(made, like)) {
        nu__error_unref(&made->error);
        return nu__error_no_memory(0);
    }
    keep(nu__here, made);
    return &made->error;
}

void nu__error_note_place(const nu_error *error, nu_str place)
{
    nu__stored_error *at = stored(error);
    char *copy;

    if (at->references == (size_t)IMMORTAL || at->place.len)
        return;
    copy = nu__arena_try_alloc_raw(&at->detail, place.len);
    if (!copy)
        return;
    memcpy(copy, place.ptr, place.len);
    at->place = (nu_str){ copy, place.len };
}

nu_str nu__error_place(const nu_error *error)
{
    return stored(error)->place;
}

const nu_error *nu__error_adopt(const nu_error *error)
{
    nu_error copy = *error;

    if (stored(error)->owner == nu__here)
        return error;
    copy.cause = NULL;
    return nu__error_store(&copy);
}

void nu__errors_drop(nu__context *context)
{
    while (context->oldest_error) {
        nu__stored_error *oldest = context->oldest_error;

        context->oldest_error = oldest->newer;
        nu__error_unref(&oldest->error);
    }
    context->newest_error = NULL;
    context->n_errors = 0;
}
