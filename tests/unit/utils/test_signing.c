#include "utils/signing.h"

#include "core/buf.h"
#include "core/time.h"
#include "harness.h"

#include <string.h>

static const nu__signer signer = { .key = { "secret", 6 } };

static void values_are_signed_as_django_signs_them(void)
{
    CHECK_STR(nu__sign(&signer, S("hello")), "hello:FRBs_KKrjaVe9zJEdlQdiuJ2n9jBEsFOL1Capquoa18");
    CHECK_STR(nu__unsign(&signer, S("hello:FRBs_KKrjaVe9zJEdlQdiuJ2n9jBEsFOL1Capquoa18")), "hello");
}

static void any_change_breaks_the_signature(void)
{
    nu_str good = nu__sign(&signer, S("hello"));

    for (size_t i = 0; i < good.len; i++) {
        nu_scratch_scope();
        char *changed = nu_alloc_array(char, good.len + 1);

        memcpy(changed, good.ptr, good.len);
        changed[i] ^= 1;
        CHECK_RAISES(NU_BAD_SIGNATURE, "", nu__unsign(&signer, (nu_str){ changed, good.len }));
    }
    CHECK_RAISES(NU_BAD_SIGNATURE, "No \":\" found in value", nu__unsign(&signer, S("hello")));
    CHECK_RAISES(NU_BAD_SIGNATURE, "does not match",
                 nu__unsign(&(nu__signer){ .key = S("other") }, good));
    CHECK_RAISES(NU_BAD_SIGNATURE, "does not match",
                 nu__unsign(&(nu__signer){ .key = S("secret"), .salt = S("x") }, good));
}

static void fallback_keys_verify_but_do_not_sign(void)
{
    const nu_str old[] = { { "secret", 6 } };
    nu__signer rotated = { .key = S("new"), .fallback_keys = old, .n_fallback_keys = 1 };

    CHECK_STR(nu__unsign(&rotated, nu__sign(&signer, S("v"))), "v");
    CHECK_RAISES(NU_BAD_SIGNATURE, "does not match",
                 nu__unsign(&signer, nu__sign(&rotated, S("v"))));
}

static void separators_that_signatures_hold_are_refused(void)
{
    static const char *const bad[] = { "", "a", "_", "-", "=", "a-Z" };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        nu__signer odd = { .key = S("k"), .sep = nu_s(bad[i]) };

        CHECK_RAISES(NU_VALUE_ERROR, "Unsafe Signer separator", nu__sign(&odd, S("v")));
    }
}

static void a_signature_can_grow_old(void)
{
    nu_str signed_value;

    nu__clock_stop_at(nu_datetime_from_timestamp(1715949045));
    signed_value = nu__timestamp_sign(&signer, S("hello"));
    CHECK_STR(signed_value, "hello:1s7wjV:knYkMhEZ8AmsKRlzP_nQBqPuweFZJdSUytD42usZdl8");
    nu__clock_stop_at(nu_datetime_from_timestamp(1715949055));
    CHECK_STR(nu__timestamp_unsign(&signer, signed_value, 10), "hello");
    CHECK_STR(nu__timestamp_unsign(&signer, signed_value, NU__NO_MAX_AGE), "hello");
    nu__clock_stop_at(nu_datetime_from_timestamp(1715949056));
    CHECK_RAISES(NU_SIGNATURE_EXPIRED, "Signature age 11.0 > 10.0 seconds",
                 nu__timestamp_unsign(&signer, signed_value, 10));
    nu__clock_stop_at((nu_datetime){ 0 });
}

static void objects_come_back(void)
{
    nu_str text = nu__signing_dumps(&signer, V(NU_DICT(("a", NU_LIST(1, "\u00e9")))), false);
    nu_value value = nu__signing_loads(&signer, text, 60);

    CHECK_STR(nu_string(nu_at(nu_as_list(nu_item(value.dict, "a")), 1)), "\u00e9");
    CHECK_RAISES(NU_TYPE_ERROR, "not JSON serializable",
                 nu__signing_dumps(&signer, V(nu_now()), false));
}

static void long_objects_are_compressed(void)
{
    nu__buf buf = { 0 };
    nu_str packed;

    nu__buf_fill(&buf, 'z', 100000);
    packed = nu__signing_dumps(&signer, V(nu__buf_str(&buf)), true);
    CHECK(packed.len < 1000 && packed.ptr[0] == '.');
    CHECK_INT(nu__signing_loads(&signer, packed, NU__NO_MAX_AGE).s.len, 100000);
}

static void cookies_of_other_names_do_not_verify(void)
{
    nu_str cookie;

    nu__signing_set_keys(S("secret"), NULL, 0);
    cookie = nu__signed_cookie(S("ab"), S("c"), S("v"));
    CHECK_STR(nu__signed_cookie_value(S("ab"), S("c"), cookie, NU__NO_MAX_AGE, false), "v");
    CHECK_RAISES(NU_BAD_SIGNATURE, "does not match",
                 nu__signed_cookie_value(S("a"), S("bc"), cookie, NU__NO_MAX_AGE, false));
    nu__signing_set_keys((nu_str){ NULL, 0 }, NULL, 0);
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "SECRET_KEY setting must not be empty",
                 nu__signed_cookie(S("a"), S(""), S("v")));
}

HARNESS(values_are_signed_as_django_signs_them, any_change_breaks_the_signature,
        fallback_keys_verify_but_do_not_sign, separators_that_signatures_hold_are_refused,
        a_signature_can_grow_old, objects_come_back, long_objects_are_compressed,
        cookies_of_other_names_do_not_verify)
