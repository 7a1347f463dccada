#include "core/uuid.h"
#include "harness.h"

static void random_uuids_have_version_4_and_differ(void)
{
    nu_uuid a = nu_uuid4(), b = nu_uuid4();

    CHECK(!nu_uuid_eq(a, b));
    CHECK_INT(a.bytes[6] >> 4, 4);
    CHECK_INT(a.bytes[8] >> 6, 2);
}

static void a_name_gives_the_uuid_that_python_gives_it(void)
{
    CHECK_STR(nu_uuid_str(nu_uuid5(nu_namespace_dns, S("python.org"))),
              "886313e1-3b8a-5372-9b90-0c9aee199e5d");
    CHECK_STR(nu_uuid_str(nu_uuid5(nu_namespace_url, S(""))),
              "1b4db7eb-4057-5ddf-91e0-36dec72071f5");
}

static void all_forms_of_python_are_read(void)
{
    static const char *const forms[] = {
        "12345678-1234-5678-1234-567812345678",    "12345678123456781234567812345678",
        "{12345678-1234-5678-1234-567812345678}",  "urn:uuid:12345678-1234-5678-1234-567812345678",
        "1234-5678-1234-5678-1234-5678-1234-5678",
    };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        CHECK_STR(nu_uuid_str(nu_uuid_parse(nu_s(forms[i]))),
                  "12345678-1234-5678-1234-567812345678");
    CHECK_STR(nu_uuid_str(nu_uuid_parse(S("ABCDEFAB-cdef-abcd-EFAB-cdefABCDEFab"))),
              "abcdefab-cdef-abcd-efab-cdefabcdefab");
}

static void other_text_is_refused(void)
{
    static const char *const bad[] = { "",
                                       "1",
                                       "12345678-1234-5678-1234-56781234567",
                                       "12345678-1234-5678-1234-5678123456789",
                                       "g2345678-1234-5678-1234-567812345678",
                                       "1234{5678-1234-5678-1234-567812345678" };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_RAISES(NU_VALUE_ERROR, "badly formed hexadecimal UUID string",
                     nu_uuid_parse(nu_s(bad[i])));
}

static void databases_get_hex_digits(void)
{
    char hex[33];

    nu__uuid_hex(hex, nu_namespace_dns);
    CHECK_STR((const char *)hex, "6ba7b8109dad11d180b400c04fd430c8");
}

HARNESS(random_uuids_have_version_4_and_differ, a_name_gives_the_uuid_that_python_gives_it,
        all_forms_of_python_are_read, other_text_is_refused, databases_get_hex_digits)
