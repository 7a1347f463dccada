#include "core/error.h"

#include "core/error_store.h"
#include "core/mark.h"
#include "core/object.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

static const struct {
    const char *name;
    nu_error_class parent;
} classes[NU_ERROR_CLASS_COUNT] = {
    [NU_NO_ERROR] = { "no error", NU_NO_ERROR },
#define ROW(name, text, parent) [NU_##name] = { text, NU_##parent },
    NU_ERROR_CLASSES(ROW)
#undef ROW
        [NU_CANCELLED] = { "Cancelled", NU_CANCELLED },
};

const char *nu_error_class_name(nu_error_class klass)
{
    return klass < NU_ERROR_CLASS_COUNT ? classes[klass].name : "unknown error";
}

bool nu_error_is_a(nu_error_class klass, nu_error_class ancestor)
{
    if (klass >= NU_ERROR_CLASS_COUNT)
        return false;
    if (klass == NU_RELATED_OBJECT_DOES_NOT_EXIST && nu_error_is_a(NU_ATTRIBUTE_ERROR, ancestor))
        return true; /* Django's has two parents, so that hasattr() is false */
    while (klass != ancestor && klass != classes[klass].parent)
        klass = classes[klass].parent;
    return klass == ancestor && klass != NU_NO_ERROR;
}

static void no_context(const char *what, const char *detail, const char *file, int line)
{
    fprintf(stderr, "nuages: %s%s outside of any fiber (%s:%d)\n", what, detail, file, line);
    abort();
}

void nu__mark_push(nu_mark *mark, nu_error_class klass, bool by_assembly)
{
    nu__context *here = nu__here;

    if (!here)
        no_context("nu_catch() of ", nu_error_class_name(klass), __FILE__, __LINE__);
    mark->outer = here->marks;
    mark->error = NULL;
    mark->arena = here->arena;
    mark->depth = here->cleanups.len;
    mark->klass = klass;
    mark->shield = here->shield;
    mark->by_assembly = by_assembly;
    here->marks = mark;
}

void nu__mark_leave(nu_mark *mark)
{
    if (nu__here->marks == mark) /* else a raise has taken it */
        nu__here->marks = mark->outer;
}

const nu_error *nu__caught(const nu_error *error)
{
    return error;
}

const nu_error *nu__guard(void (*fn)(void *), void *arg)
{
    return nu_catch(NU_NO_ERROR, (fn(arg), 0));
}

/* ---- raising ------------------------------------------------------------------------------ */

/* In one write, whole among the lines of other processes. */
static NU_NORETURN void die_uncaught(const nu_error *error)
{
    char head[512];
    int len = snprintf(head, sizeof(head),
                       "nuages: uncaught %s in %s (%s:%d): ", nu_error_class_name(error->klass),
                       nu__here->what ? nu__here->what : "?", error->file, error->line);
    struct iovec parts[] = {
        { head, (size_t)len < sizeof(head) ? (size_t)len : sizeof(head) - 1 },
        { (char *)error->message.ptr, error->message.len },
        { (char *)"\n", 1 },
    };

    if (writev(STDERR_FILENO, parts, 3) < 0)
        abort(); /* no other way to tell */
    abort();
}

static nu_mark *find_mark(nu_error_class klass)
{
    nu_mark *mark = nu__here->marks;

    while (mark && mark->klass != NU_NO_ERROR && !nu_error_is_a(klass, mark->klass))
        mark = mark->outer;
    return mark;
}

static void unwind_to(size_t depth, const nu_error *error)
{
    nu__context *here = nu__here;

    here->shield++;
    while (here->cleanups.len > depth) {
        nu__cleanup last = here->cleanups.items[--here->cleanups.len];
        const nu_error *also = nu__guard(last.fn, last.arg);

        if (also)
            nu__error_attach(error, also);
    }
}

static NU_NORETURN void throw(const nu_error *error)
{
    nu__context *here = nu__here;
    nu_mark *mark = find_mark(error->klass);

    if (!mark)
        die_uncaught(error);
    nu__error_ref(error);
    here->marks = mark;
    unwind_to(mark->depth, error);
    here->marks = mark->outer;
    here->arena = mark->arena;
    here->shield = mark->shield;
    mark->error = error;
    nu__error_settle(error);
    nu__mark_jump(mark);
}

void nu__raise_no_memory(size_t bytes)
{
    throw(nu__error_no_memory(bytes));
}

/* A context for a raise where none runs, so that the message can be made before the abort. */
static void need_context(void)
{
    static _Thread_local nu__context last_words;

    if (nu__here)
        return;
    nu__context_init(&last_words, "no fiber");
    nu__here = &last_words;
}

void nu__raise_like(const nu_error *like)
{
    need_context();
    throw(nu__error_store(like));
}

static NU_NORETURN void raise_formatted(nu_error like, const char *format, nu_values args)
{
    char room[512];
    nu__buf message = NU__BUF_OVER(room);

    need_context();
    nu__buf_fmt_(&message, format, args);
    like.message = nu__buf_str(&message);
    nu__raise_like(&like);
}

void nu_raise_(nu_error_class klass, const char *file, int line, const char *format, nu_values args)
{
    raise_formatted((nu_error){ .klass = klass, .file = file, .line = line }, format, args);
}

void nu_raise_from_(const nu_error *cause, nu_error_class klass, const char *file, int line,
                    const char *format, nu_values args)
{
    raise_formatted((nu_error){ .klass = klass, .file = file, .line = line, .cause = cause },
                    format, args);
}

void nu_reraise(const nu_error *error)
{
    need_context();
    throw(nu__error_adopt(error));
}

void nu_raise_validation_(const char *code, const char *file, int line, const char *format,
                          nu_values args)
{
    nu_error like = { .klass = NU_VALIDATION_ERROR, .code = code, .file = file, .line = line };

    need_context();
    like.message = nu_fmt_(format, args);
    nu__raise_like(&like);
}

static nu_value messages_of(nu_value value)
{
    return value.kind == NU_KIND_LIST ? value : nu_v_list(NU_LIST(value));
}

void nu_raise_fields_(const char *file, int line, const nu_var *fields)
{
    nu_error like = { .klass = NU_VALIDATION_ERROR, .file = file, .line = line };

    need_context();
    like.detail = nu_dict_new();
    for (; fields->key; fields++)
        nu_dict_set_(like.detail, fields->key, messages_of(fields->value));
    like.message = nu_string(nu_v_dict(like.detail));
    nu__raise_like(&like);
}

nu_dict *nu__error_params(const nu_error *error)
{
    nu_value copy;

    if (!error->params || !nu__value_copy(nu__here->arena, nu_v_dict(error->params), &copy))
        return NULL;
    return copy.dict;
}

/* ---- telling ------------------------------------------------------------------------------ */

static void describe_one(const nu_error *error, const char *how, nu__buf *out)
{
    nu__buf_fmt(out, "{}{}: {} ({}:{})", how, nu_error_class_name(error->klass), error->message,
                error->file ? error->file : "?", error->line);
}

void nu__error_describe(const nu_error *error, nu__buf *out)
{
    describe_one(error, "", out);
    if (nu__error_place(error).len)
        nu__buf_fmt(out, "\n  in the template {}", nu__error_place(error));
    for (const nu_error *also = error->also; also; also = also->also)
        describe_one(also, "\n  a clean-up raised ", out);
    for (const nu_error *cause = error->cause; cause; cause = cause->cause)
        describe_one(cause, "\n  caused by ", out);
}
