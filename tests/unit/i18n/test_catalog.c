#include "i18n/catalog.h"

#include "harness.h"
#include "i18n/files.h"
#include "i18n/translation.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const nu__own_catalogue *own(const char *locale)
{
    const nu__own_catalogue *one = nu__own_catalogues;

    while (strcmp(one->locale, locale) != 0)
        one++;
    return one;
}

static nu__catalog *russian(void)
{
    const char *why = NULL;
    const nu__own_catalogue *ru = own("ru");
    nu__catalog *catalogue = nu__catalog_open(ru->bytes, ru->len, &why);

    CHECK(catalogue != NULL && !why);
    return catalogue;
}

static const nu_str none;

static void texts_are_found_by_context_and_plural_form(void)
{
    nu__catalog *ru = russian();

    CHECK_STR(nu__catalog_find(ru, none, S("January"), 1), "Январь");
    CHECK_STR(nu__catalog_find(ru, S("alt. month"), S("January"), 1), "января");
    CHECK_STR(nu__catalog_find(ru, none, S("%(num)d year"), 1), "%(num)d год");
    CHECK_STR(nu__catalog_find(ru, none, S("%(num)d year"), 3), "%(num)d года");
    CHECK_STR(nu__catalog_find(ru, none, S("%(num)d year"), 5), "%(num)d лет");
    CHECK(!nu__catalog_find(ru, none, S("Januar"), 1).ptr);
    CHECK(!nu__catalog_find(ru, S("no such context"), S("January"), 1).ptr);
    CHECK(!nu__catalog_find(ru, none, S("January\0x"), 1).ptr);
    nu__catalog_free(ru);
}

/* Whatever the bytes, opening either refuses or gives what can be looked up safely. */
static void damaged_files_are_refused_or_harmless(void)
{
    const nu__own_catalogue *de = own("de");
    uint8_t *copy = malloc(de->len);
    const char *why;
    size_t refused = 0;

    for (size_t i = 0; i < de->len; i += i < 600 ? 1 : 97) {
        nu__catalog *catalogue;

        memcpy(copy, de->bytes, de->len);
        copy[i] ^= 0xff;
        catalogue = nu__catalog_open(copy, de->len, &why);
        refused += !catalogue;
        if (catalogue)
            nu__catalog_find(catalogue, none, S("%(num)d year"), 2);
        nu__catalog_free(catalogue);
    }
    for (size_t len = 0; len < de->len; len += len < 64 ? 1 : 101) {
        nu__catalog *catalogue = nu__catalog_open(de->bytes, len, &why);

        CHECK(!catalogue && why);
        nu__catalog_free(catalogue);
    }
    CHECK(refused > 100);
    free(copy);
}

static void the_other_byte_order_is_read_too(void)
{
    const nu__own_catalogue *de = own("de");
    uint8_t *copy = malloc(de->len);
    const char *why = NULL;
    uint32_t n;
    nu__catalog *catalogue;

    memcpy(copy, de->bytes, de->len);
    memcpy(&n, copy + 8, 4);
    for (size_t i = 0; i < 28 + 16 * (size_t)n; i += 4) {
        uint32_t value;

        memcpy(&value, copy + i, 4);
        value = __builtin_bswap32(value);
        memcpy(copy + i, &value, 4);
    }
    catalogue = nu__catalog_open(copy, de->len, &why);
    CHECK_STR(nu__catalog_find(catalogue, none, S("March"), 1), "März");
    nu__catalog_free(catalogue);
    free(copy);
}

/* A folder that cannot be searched: here a link to itself, as root may search all others. */
static void what_cannot_be_reached_is_not_there_and_what_is_no_file_is_told(void)
{
    char folder[] = "/tmp/nuages-catalog-XXXXXX";
    nu_str loop, there;

    CHECK(mkdtemp(folder) != NULL);
    loop = nu_fmt("{}/de", (const char *)folder);
    CHECK(symlink("de", loop.ptr) == 0);
    CHECK(!nu__catalog_in_folder(folder, S("de")));
    CHECK(unlink(loop.ptr) == 0 && mkdir(loop.ptr, 0755) == 0);
    there = nu_fmt("{}/LC_MESSAGES", loop);
    CHECK(mkdir(there.ptr, 0755) == 0 && mkdir(nu_fmt("{}/django.mo", there).ptr, 0755) == 0);
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "can't be read", nu__catalog_in_folder(folder, S("de")));
    CHECK(rmdir(nu_fmt("{}/django.mo", there).ptr) == 0 && rmdir(there.ptr) == 0);
    CHECK(rmdir(loop.ptr) == 0 && rmdir(folder) == 0);
}

HARNESS(texts_are_found_by_context_and_plural_form, damaged_files_are_refused_or_harmless,
        the_other_byte_order_is_read_too,
        what_cannot_be_reached_is_not_there_and_what_is_no_file_is_told)
