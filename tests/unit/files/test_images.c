/* Pictures by their headers: whole ones, and what became of them. */
#include "files/images/images.h"
#include "harness.h"

#include <string.h>

/* Pictures of 2 by 1 pixels, as the library that Django asks writes them. */
static const struct {
    const char *name, *hex;
} pictures[] = {
    { "png", "89504e470d0a1a0a0000000d4948445200000002000000010100000000dc5942270000000a49444154789"
             "c636000000002"
             "000148afa4710000000049454e44ae426082" },
    { "gif", "474946383961020001008000000000000101012c000000000200010000020344500a003b" },
    { "webp", "524946461a000000574542505650384c0e0000002f01000000071011fd0f4444ff03" },
    { "bmp", "424d3e0000000000000036000000280000000200000001000000010018000000000008000000c40e0000c"
             "40e000000000000"
             "000000000000000000000000" },
    { "tif", "49492a0008000000090000010400010000000200000001010400010000000100000002010300010000000"
             "8000000030103"
             "0001000000010000000601030001000000010000001101040001000000"
             "7a0000001601040001000000010000001701040001000000020000001c010300010000000100000000000"
             "0000000" },
    { "jpg", "ffd8ffe000104a46494600010100000100010000ffc0000b080001000201011100ffda0008010100003f0"
             "07fffd9" },
};
enum { PICTURES = sizeof pictures / sizeof *pictures, MOST = 512 };

static size_t from_hex(const char *hex, char *out)
{
    size_t n = 0;
    unsigned byte;

    for (; *hex && sscanf(hex, "%2x", &byte) == 1; hex += 2)
        out[n++] = (char)byte;
    return n;
}

static bool valid(const char *bytes, size_t n, bool on_disk)
{
    nu_file *file = nu__file_new(S("picture"), on_disk, NULL);

    nu__file_write(file, bytes, n);
    return nu__image_valid(file);
}

static void whole_pictures_are_known_in_memory_and_on_disk(void)
{
    char bytes[MOST];

    for (size_t i = 0; i < PICTURES; i++) {
        size_t n = from_hex(pictures[i].hex, bytes);

        CHECK_STR(nu_fmt("{} {}", pictures[i].name, valid(bytes, n, false)),
                  nu_fmt("{} True", pictures[i].name));
        CHECK(valid(bytes, n, true));
    }
}

static void half_a_picture_is_none(void)
{
    char bytes[MOST];

    for (size_t i = 0; i < PICTURES; i++) {
        from_hex(pictures[i].hex, bytes);
        for (size_t n = 0; n < 20; n++)
            CHECK_STR(nu_fmt("{} {} {}", pictures[i].name, n, valid(bytes, n, false)),
                      nu_fmt("{} {} False", pictures[i].name, n));
    }
}

/* No byte of another value may do worse than be refused. */
static void any_byte_may_be_damaged(void)
{
    char bytes[MOST];

    for (size_t i = 0; i < PICTURES; i++) {
        size_t n = from_hex(pictures[i].hex, bytes);

        for (size_t at = 0; at < n; at++) {
            bytes[at] ^= (char)0xff;
            valid(bytes, n, false);
            bytes[at] ^= (char)0xff;
        }
        CHECK(valid(bytes, n, false));
    }
}

static void a_wrong_checksum_or_a_size_of_nothing_is_refused(void)
{
    char bytes[MOST];
    size_t n = from_hex(pictures[0].hex, bytes);

    bytes[n - 14] ^= 1; /* of the data's checksum */
    CHECK(!valid(bytes, n, false));
    n = from_hex(pictures[3].hex, bytes);
    bytes[18] = 0; /* the width */
    CHECK(!valid(bytes, n, false));
}

static void a_picture_too_large_to_be_one_is_refused(void)
{
    char bytes[MOST];
    size_t n = from_hex(pictures[3].hex, bytes);

    memcpy(bytes + 18, "\0\0\1\0\0\0\1\0", 8); /* 65,536 by 65,536 pixels */
    CHECK(!valid(bytes, n, false));
}

static void other_formats_are_known_by_their_first_bytes(void)
{
    CHECK(valid("8BPS\0\1", 6, false));
    CHECK(valid("%!PS-Adobe", 10, false));
    CHECK(!valid("<svg xmlns=", 11, false));
    CHECK(!valid("MZ", 2, false));
}

static void a_name_is_judged_by_its_last_extension(void)
{
    static const struct {
        const char *name, *extension;
        bool valid;
    } rows[] = {
        { "a.png", "png", true },      { "a.tar.JPEG", "jpeg", true }, { "a.txt", "txt", false },
        { "png", "", false },          { ".png", "", false },          { "a.", "", false },
        { "a.png.exe", "exe", false },
    };
    nu_str extension;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(nu__image_extension_valid(nu_s(rows[i].name), &extension) == rows[i].valid);
        CHECK_STR(extension, rows[i].extension);
    }
    CHECK(nu_starts_with(nu__image_extensions(), S("bmp, dib, gif, ")));
}

HARNESS(whole_pictures_are_known_in_memory_and_on_disk, half_a_picture_is_none,
        any_byte_may_be_damaged, a_wrong_checksum_or_a_size_of_nothing_is_refused,
        a_picture_too_large_to_be_one_is_refused, other_formats_are_known_by_their_first_bytes,
        a_name_is_judged_by_its_last_extension)
