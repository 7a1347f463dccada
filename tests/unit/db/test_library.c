/* A library that is loaded when it is wanted: found, absent, too old. */
#include "db/backends/library.h"
#include "harness_loop.h"

static double (*cosine)(double), (*unknown)(double);

static nu__library library_of(const char *file, const nu__library_entry *entries, size_t n)
{
    return (nu__library){ "Algebra", "libm6", file, "/nowhere/libnone.so.1", entries, n };
}

static void its_functions_are_called_at_their_addresses(void)
{
    const nu__library_entry entries[] = { { "cos", (nu__library_function **)&cosine } };
    nu__library library = library_of("libm.so.6", entries, 1);

    nu__library_load(&library);
    nu__library_load(&library);
    CHECK(cosine(0) == 1);
}

static void one_that_is_absent_names_its_package(void)
{
    const nu__library_entry entries[] = { { "cos", (nu__library_function **)&unknown } };
    nu__library library = library_of("libnone.so.1", entries, 1);

    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "install the package libm6",
                 (nu__library_load(&library), 0));
    CHECK(!unknown);
}

static void one_without_a_function_is_too_old(void)
{
    const nu__library_entry entries[] = { { "cos", (nu__library_function **)&unknown },
                                          { "no_such_function",
                                            (nu__library_function **)&unknown } };
    nu__library library = library_of("libm.so.6", entries, 2);

    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED,
                 "has no function no_such_function; install a newer libm6",
                 (nu__library_load(&library), 0));
    CHECK(!unknown);
}

HARNESS_IN_FIBER(its_functions_are_called_at_their_addresses, one_that_is_absent_names_its_package,
                 one_without_a_function_is_too_old)
