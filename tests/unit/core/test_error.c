#include "harness.h"

#include "core/context.h"
#include "core/error.h"

#include <sys/wait.h>
#include <unistd.h>

static int boom(int x, nu_error_class klass)
{
    if (x)
        nu_raise(klass, "boom {}", x);
    return 42;
}

static void a_raise_is_caught_by_its_class(void)
{
    const nu_error *e = nu_catch(NU_VALUE_ERROR, boom(3, NU_VALUE_ERROR));

    CHECK_STR(e->message, "boom 3");
    CHECK_INT(e->klass, NU_VALUE_ERROR);
    CHECK(strstr(e->file, "test_error.c") && e->line > 10);
    CHECK(nu_catch(NU_VALUE_ERROR, boom(0, NU_VALUE_ERROR)) == NULL);
}

static void a_catch_takes_the_descendants_of_its_class(void)
{
    CHECK(nu_catch(NU_DATABASE_ERROR, boom(1, NU_PROTECTED_ERROR)) != NULL);
    CHECK(nu_catch(NU_EXCEPTION, boom(1, NU_HTTP404)) != NULL);
    CHECK(nu_error_is_a(NU_PROTECTED_ERROR, NU_DATABASE_ERROR));
    CHECK(!nu_error_is_a(NU_DATABASE_ERROR, NU_PROTECTED_ERROR));
    CHECK(nu_error_is_a(NU_JSON_DECODE_ERROR, NU_VALUE_ERROR));
    CHECK(!nu_error_is_a(NU_NO_ERROR, NU_EXCEPTION));
    CHECK(!nu_error_is_a((nu_error_class)10000, NU_EXCEPTION));
}

static void every_class_has_a_name_and_ends_in_exception(void)
{
    for (int k = NU_EXCEPTION; k < NU_ERROR_CLASS_COUNT; k++) {
        CHECK(strlen(nu_error_class_name((nu_error_class)k)) > 3);
        CHECK(nu_error_is_a((nu_error_class)k, NU_EXCEPTION) == (k != NU_CANCELLED));
    }
}

static void another_class_goes_on_up(void)
{
    int inner = 0;
    const nu_error *e =
        nu_catch(NU_EXCEPTION, inner = nu_catch(NU_INTEGRITY_ERROR, boom(1, NU_TIMEOUT)) != NULL);

    CHECK_INT(inner, 0);
    CHECK_INT(e->klass, NU_TIMEOUT);
}

static int catch_everything_usual(void)
{
    return nu_catch(NU_EXCEPTION, boom(1, NU_CANCELLED)) != NULL;
}

static void cancellation_passes_a_catch_of_all_exceptions(void)
{
    CHECK(nu_catch(NU_CANCELLED, catch_everything_usual()) != NULL);
}

static void guard_cancelled(void *unused)
{
    (void)unused;
    boom(1, NU_CANCELLED);
}

static void a_guard_catches_cancellation_too(void)
{
    CHECK_INT(nu__guard(guard_cancelled, NULL)->klass, NU_CANCELLED);
}

static int raise_from(const nu_error *cause)
{
    nu_raise_from(cause, NU_TEMPLATE_SYNTAX_ERROR, "while reading {!r}", "a.html");
}

static void a_cause_is_kept_with_its_error(void)
{
    const nu_error *cause = nu_catch(NU_VALUE_ERROR, boom(7, NU_VALUE_ERROR));
    const nu_error *e = nu_catch(NU_EXCEPTION, raise_from(cause));
    nu__buf text = { 0 };

    for (int i = 0; i < 255; i++)
        CHECK(nu_catch(NU_EXCEPTION, boom(1, NU_KEY_ERROR)) != NULL);
    CHECK_STR(e->message, "while reading 'a.html'");
    CHECK_STR(e->cause->message, "boom 7");
    nu__error_describe(e, &text);
    CHECK(nu_starts_with(nu__buf_str(&text), S("TemplateSyntaxError: while reading 'a.html' (")));
    CHECK(strstr(nu__buf_str(&text).ptr, "\n  caused by ValueError: boom 7 ("));
}

static int reraise(const nu_error *e)
{
    nu_reraise(e);
}

static void an_error_raised_again_is_the_same(void)
{
    const nu_error *e = nu_catch(NU_VALUE_ERROR, boom(7, NU_VALUE_ERROR));

    CHECK(nu_catch(NU_EXCEPTION, reraise(e)) == e);
}

static void an_error_of_another_fiber_is_copied_when_raised_again(void)
{
    nu__context inner, *outer = nu__here;
    const nu_error *e, *copy;

    nu__context_init(&inner, "inner");
    nu__here = &inner;
    e = nu_catch(NU_VALUE_ERROR, boom(7, NU_VALUE_ERROR));
    nu__here = outer;
    copy = nu_catch(NU_EXCEPTION, reraise(e));
    nu__context_release(&inner);
    CHECK_STR(copy->message, "boom 7");
}

static int raise_integrity(void)
{
    char constraint[] = "registry_student_email_key";

    nu__raise_like(&(nu_error){ .klass = NU_INTEGRITY_ERROR,
                                .message = S("UNIQUE constraint failed"),
                                .constraint = constraint,
                                .code = "unique" });
}

static void an_error_keeps_copies_of_all_its_texts(void)
{
    const nu_error *e = nu_catch(NU_EXCEPTION, raise_integrity());

    CHECK_STR(e->constraint, "registry_student_email_key");
    CHECK_STR(e->code, "unique");
}

static int raise_invalid(void)
{
    nu_scratch_scope();
    nu_raise_invalid(("latitude", "Give both."), ("name", NU_LIST("Too long.", "Too odd.")));
}

static void invalid_fields_make_a_dict_of_lists_outside_the_arena(void)
{
    const nu_error *e = nu_catch(NU_VALIDATION_ERROR, raise_invalid());

    CHECK_STR(e->message, "{'latitude': ['Give both.'], 'name': ['Too long.', 'Too odd.']}");
    CHECK_STR(nu_string(nu_at(nu_as_list(nu_item(e->detail, "name")), 1)), "Too odd.");
    CHECK_STR(nu_string(nu_item(e->detail, "latitude")), "['Give both.']");
}

static void a_long_message_is_cut_between_characters(void)
{
    nu__buf text = { 0 };
    const nu_error *e;

    for (int i = 0; i < 5000; i++)
        nu__buf_lit(&text, "é€");
    e = nu_catch(NU_EXCEPTION, ({
                     nu_raise(NU_VALUE_ERROR, "{}", nu__buf_str(&text));
                     0;
                 }));
    CHECK(e->message.len <= 8192 && e->message.len > 8188);
    CHECK((e->message.ptr[e->message.len - 1] & 0xC0) == 0x80);
}

static void raising_for_ever_stays_small(void)
{
    size_t before = nu__arena_used(nu__here->arena);

    for (int i = 0; i < 300000; i++)
        if (!nu_catch(NU_EXCEPTION, boom(i + 1, NU_KEY_ERROR)))
            CHECK(false);
    CHECK_INT(nu__arena_used(nu__here->arena), before);
    CHECK(nu__here->n_errors <= 256);
}

static int raise_badly(void)
{
    nu_raise(NU_KEY_ERROR, "{} and {}", 1);
}

static void a_message_that_can_not_be_formatted_is_a_value_error(void)
{
    CHECK_RAISES(NU_VALUE_ERROR, "'{} and {}': more fields than arguments", raise_badly());
}

/* What a child that runs fn and dies prints. */
static nu_str last_words(void (*fn)(void))
{
    int ends[2], status;
    char text[1000];
    ssize_t len;
    pid_t child;

    if (pipe(ends) || (child = fork()) < 0)
        return S("");
    if (!child) {
        dup2(ends[1], 2);
        fn();
        _exit(0);
    }
    close(ends[1]);
    len = read(ends[0], text, sizeof(text));
    close(ends[0]);
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
    return nu_copy((nu_str){ text, len < 0 ? 0 : (size_t)len });
}

static void raise_without_context(void)
{
    nu__here = NULL;
    nu_raise(NU_OS_ERROR, "no {}", "way");
}

static void raise_without_catch(void)
{
    nu__here->marks = NULL;
    nu_raise(NU_OS_ERROR, "no {}", "way");
}

static void an_uncaught_error_says_its_class_text_and_place_and_aborts(void)
{
    CHECK(strstr(last_words(raise_without_context).ptr, "uncaught OSError in no fiber ("));
    CHECK(strstr(last_words(raise_without_context).ptr, "test_error.c:"));
    CHECK(strstr(last_words(raise_without_context).ptr, "): no way\n"));
    CHECK(strstr(last_words(raise_without_catch).ptr,
                 "uncaught OSError in an_uncaught_error_says_its_class_text_and_place_and_aborts"));
}

HARNESS(a_raise_is_caught_by_its_class, a_catch_takes_the_descendants_of_its_class,
        every_class_has_a_name_and_ends_in_exception, another_class_goes_on_up,
        cancellation_passes_a_catch_of_all_exceptions, a_guard_catches_cancellation_too,
        a_cause_is_kept_with_its_error, an_error_raised_again_is_the_same,
        an_error_of_another_fiber_is_copied_when_raised_again,
        an_error_keeps_copies_of_all_its_texts,
        invalid_fields_make_a_dict_of_lists_outside_the_arena,
        a_long_message_is_cut_between_characters, raising_for_ever_stays_small,
        a_message_that_can_not_be_formatted_is_a_value_error,
        an_uncaught_error_says_its_class_text_and_place_and_aborts)
