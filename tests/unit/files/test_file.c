/* Uploaded files in memory and on disk. */
#include "core/object.h"
#include "files/file.h"
#include "harness.h"

static nu_file *file_of(bool on_disk, const char *text)
{
    nu_file *file = nu__file_new(S("dir/a.txt"), on_disk, NULL);

    nu__file_write(file, text, 3);
    nu__file_write(file, text + 3, strlen(text) - 3);
    return file;
}

static void check(nu_file *file)
{
    char piece[8];

    CHECK_STR(nu_file_name(file), "a.txt");
    CHECK_INT(nu_file_size(file), 11);
    CHECK_STR(nu_file_content(file), "hello world");
    CHECK_INT(nu_file_read(file, 6, piece, sizeof piece), 5);
    CHECK_STR(((nu_str){ piece, 5 }), "world");
    CHECK_INT(nu_file_read(file, 11, piece, sizeof piece), 0);
    CHECK_INT(nu_file_read(file, -1, piece, sizeof piece), 0);
    CHECK_STR(nu_file_sha256(file),
              "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
}

static void a_file_reads_the_same_from_memory_and_disk(void)
{
    check(file_of(false, "hello world"));
    check(file_of(true, "hello world"));
}

static void a_folder_that_is_none_is_named(void)
{
    CHECK_RAISES(NU_OS_ERROR, "/nonexistent", nu__file_new(S("a"), true, "/nonexistent/folder"));
}

static void templates_read_name_and_size(void)
{
    nu_file *file = file_of(false, "hello");
    nu_value object = { .kind = NU_KIND_OBJECT, .object = &file->object }, out;

    CHECK(nu__value_get(object, S("name"), &out));
    CHECK_STR(out.s, "a.txt");
    CHECK(nu__value_get(object, S("size"), &out));
    CHECK_INT(out.i, 5);
    CHECK(!nu__value_get(object, S("fd"), &out));
}

HARNESS(a_file_reads_the_same_from_memory_and_disk, a_folder_that_is_none_is_named,
        templates_read_name_and_size)
