#include "utils/crypto.h"

#include "harness.h"
#include "utils/base64.h"
#include "utils/baseconv.h"

#include <nuages/errors.h>
#include <string.h>

static void hashes_are_those_of_their_standards(void)
{
    CHECK_STR(nu__hex(nu__digest_of("sha256", S("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_STR(nu__hex(nu__digest_of("md5", S(""))), "d41d8cd98f00b204e9800998ecf8427e");
    CHECK_STR(nu__hex(nu__hmac("sha256", S("Jefe"), S("what do ya want for nothing?"))),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK_RAISES(NU_VALUE_ERROR, "\"whatever\" is not a hash algorithm",
                 nu__digest_of("whatever", S("")));
}

static void equal_texts_are_equal_in_constant_time(void)
{
    CHECK(nu__constant_time_equal(S("abc"), S("abc")));
    CHECK(!nu__constant_time_equal(S("abc"), S("abd")));
    CHECK(!nu__constant_time_equal(S("abc"), S("ab")));
    CHECK(nu__constant_time_equal(S(""), (nu_str){ NULL, 0 }));
}

static void random_text_uses_all_of_its_letters_alike(void)
{
    int seen[256] = { 0 };
    nu_str text = nu__get_random_string(60000, "abcdef");

    CHECK_INT(text.len, 60000);
    for (size_t i = 0; i < text.len; i++)
        seen[(unsigned char)text.ptr[i]]++;
    for (char c = 'a'; c <= 'f'; c++)
        CHECK(seen[(unsigned char)c] > 9500 && seen[(unsigned char)c] < 10500);
    CHECK_INT(nu__get_random_string(32, NULL).len, 32);
    CHECK(!nu_eq(nu__get_random_string(32, NULL), nu__get_random_string(32, NULL)));
    for (int i = 0; i < 1000; i++)
        CHECK(nu__random_below(7) < 7);
}

static nu_bytes bytes(const char *text)
{
    return (nu_bytes){ (const uint8_t *)text, strlen(text) };
}

static void bytes_become_base64(void)
{
    CHECK_STR(nu__base64_encode(bytes("\xff\xee"), NU__BASE64), "/+4=");
    CHECK_STR(nu__base64_encode(bytes("\xff\xee"), NU__BASE64_URL), "_-4");
    CHECK_STR(nu__base64_encode(bytes("abc"), NU__BASE64), "YWJj");
    CHECK_STR(nu__base64_encode(bytes(""), NU__BASE64), "");
}

static nu_str decoded(nu_str text)
{
    nu_bytes out;

    if (!nu__base64_decode(text, NU__BASE64, &out))
        return S("refused");
    return nu_copy((nu_str){ (const char *)out.ptr, out.len });
}

static void base64_is_read_as_python_reads_it(void)
{
    nu_bytes out;

    CHECK_STR(decoded(S("YWJj")), "abc");
    CHECK_STR(decoded(S("YW\nJ j")), "abc");
    CHECK_STR(decoded(S("YQ==")), "a");
    CHECK_STR(decoded(S("YQ==YQ==")), "a");
    CHECK_STR(decoded(S("YQ")), "refused");
    CHECK_STR(decoded(S("Y")), "refused");
    CHECK_STR(decoded(S("")), "");
    CHECK(nu__base64_decode_unpadded(S("_-4"), &out) && out.len == 2 && out.ptr[0] == 0xff);
    CHECK(!nu__urlsafe_base64_decode(S("Y"), &out));
}

static void integers_come_back_from_their_bases(void)
{
    static const int64_t numbers[] = { 0, 1, 35, 61, 62, -1, 1715949045, INT64_MAX, INT64_MIN };
    char text[NU__BASECONV_TEXT];
    int64_t back = 0;

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        nu__base62_text(text, numbers[i]);
        CHECK(nu__base62_parse(nu_s(text), &back) && back == numbers[i]);
    }
    nu__base36_text(text, UINT64_MAX);
    CHECK_STR((const char *)text, "3w5e11264sgsf");
    CHECK(nu__base36_parse(S("1y2p0ij32e8e7"), &back) && back == INT64_MAX);
    CHECK(!nu__base36_parse(S("1y2p0ij32e8e8"), &back));
    CHECK(!nu__base36_parse(S("11111111111111"), &back));
    CHECK(!nu__base36_parse(S("a!"), &back) && !nu__base36_parse(S(""), &back));
    CHECK(!nu__base62_parse(S("zzzzzzzzzzzzzz"), &back) && !nu__base62_parse(S("-"), &back));
}

HARNESS(hashes_are_those_of_their_standards, equal_texts_are_equal_in_constant_time,
        random_text_uses_all_of_its_letters_alike, bytes_become_base64,
        base64_is_read_as_python_reads_it, integers_come_back_from_their_bases)
