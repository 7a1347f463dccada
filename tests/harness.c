#include "harness.h"

#include "core/context.h"

#include <string.h>

static int failed_checks;

static void run_in_context(const char *name, void (*run)(void));
void (*harness_around)(const char *name, void (*run)(void)) = run_in_context;

static bool fail(const char *file, int line, const char *text)
{
    failed_checks++;
    printf("  %s:%d: %s\n", file, line, text);
    return false;
}

bool harness_check(bool ok, const char *file, int line, const char *text)
{
    return ok || fail(file, line, text);
}

bool harness_check_str(nu_str got, nu_str want, const char *file, int line, const char *text)
{
    if (got.len == want.len && (!got.len || memcmp(got.ptr, want.ptr, got.len) == 0))
        return true;
    fail(file, line, text);
    printf("      got  \"%.*s\"\n      want \"%.*s\"\n", (int)got.len, got.ptr, (int)want.len,
           want.ptr);
    return false;
}

bool harness_check_int(int64_t got, int64_t want, const char *file, int line, const char *text)
{
    if (got == want)
        return true;
    fail(file, line, text);
    printf("      got  %lld\n      want %lld\n", (long long)got, (long long)want);
    return false;
}

bool harness_check_error(const nu_error *error, nu_error_class klass, const char *text,
                         const char *file, int line)
{
    if (!error)
        return fail(file, line, "nothing was raised");
    if (!nu_error_is_a(error->klass, klass)) {
        fail(file, line, nu_error_class_name(error->klass));
        printf("      want %s; message: %.*s\n", nu_error_class_name(klass),
               (int)error->message.len, error->message.ptr);
        return false;
    }
    if (memmem(error->message.ptr, error->message.len, text, strlen(text)))
        return true;
    return harness_check_str(error->message, nu_s(text), file, line, "the message");
}

static void call(void *run)
{
    ((void (*)(void))run)();
}

static void run_in_context(const char *name, void (*run)(void))
{
    nu__context context, *outer = nu__here;
    const nu_error *error;

    nu__context_init(&context, name);
    nu__here = &context;
    error = nu__guard(call, (void *)run);
    if (error) {
        fail(error->file, error->line, nu_error_class_name(error->klass));
        printf("      %.*s\n", (int)error->message.len, error->message.ptr);
    }
    nu__context_release(&context);
    nu__here = outer;
}

static bool wanted(int argc, char **argv, const char *name)
{
    for (int i = 1; i < argc; i++)
        if (strstr(name, argv[i]))
            return true;
    return argc < 2;
}

int harness_main(int argc, char **argv, const harness_test *tests)
{
    int passed = 0, failed = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (; tests->name; tests++) {
        if (!wanted(argc, argv, tests->name))
            continue;
        failed_checks = 0;
        harness_around(tests->name, tests->run);
        *(failed_checks ? &failed : &passed) += 1;
        if (failed_checks)
            printf("FAIL %s\n", tests->name);
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed || !passed;
}
