/* What somebody else wrote never verifies; what was signed comes back as it was; what was signed
   and is no JSON is refused as that. */
#include "target.h"
#include "utils/signing.h"

static const nu__signer signer = { .key = { "fuzz", 4 } };

static void check_foreign(nu_str text)
{
    FUZZ_CHECK(nu_catch(NU_BAD_SIGNATURE, nu__unsign(&signer, text)));
    FUZZ_CHECK(nu_catch(NU_BAD_SIGNATURE, nu__timestamp_unsign(&signer, text, 60)));
    FUZZ_CHECK(nu_catch(NU_BAD_SIGNATURE, nu__signing_loads(&signer, text, NU__NO_MAX_AGE)));
    FUZZ_CHECK(
        nu_catch(NU_BAD_SIGNATURE, nu__signed_cookie_value(S("name"), S("salt"), text, 60, true)));
}

static void check_own(nu_str text)
{
    nu_str stamped = nu__timestamp_sign(&signer, text), cookie;

    FUZZ_SAME(nu__unsign(&signer, fuzz_exact(nu__sign(&signer, text))), text);
    FUZZ_SAME(nu__timestamp_unsign(&signer, fuzz_exact(stamped), 3600), text);
    cookie = nu__signed_cookie(S("name"), S("salt"), text);
    FUZZ_SAME(nu__signed_cookie_value(S("name"), S("salt"), cookie, 3600, true), text);
    FUZZ_CHECK(nu_catch(NU_BAD_SIGNATURE,
                        nu__signed_cookie_value(S("names"), S("alt"), cookie, 3600, false)));
    for (int compress = 0; compress < 2; compress++) {
        nu_str dumped = nu__signing_dumps(&signer, nu_v_str(text), compress);
        nu_value back = nu__signing_loads(&signer, fuzz_exact(dumped), 3600);

        FUZZ_CHECK(nu__is_ascii(dumped) && back.kind == NU_KIND_STR);
        FUZZ_SAME(back.s, text);
    }
}

/* One bit of a signed text flipped. */
static void check_changed(nu_str text)
{
    nu_str dumped = nu__signing_dumps(&signer, nu_v_str(text), false);
    char *changed = (char *)fuzz_exact(dumped).ptr;

    changed[text.len % dumped.len] ^= 1;
    FUZZ_CHECK(nu_catch(NU_BAD_SIGNATURE,
                        nu__signing_loads(&signer, (nu_str){ changed, dumped.len }, 3600)));
}

/* The input as what an earlier version, or another program with the key, has signed. */
static void check_signed_nonsense(nu_str text)
{
    nu__signer objects = { .key = signer.key, .salt = S("django.core.signing") };
    nu__signer stamps = { .key = signer.key, .salt = S("django.core.signing.TimestampSigner") };
    nu_str stamped = nu__timestamp_sign(&objects, text);
    nu_str no_time = nu__sign(&stamps, text);
    nu_value *value = nu_alloc(nu_value);

    if (!nu_catch(NU_VALUE_ERROR, *value = nu__signing_loads(&signer, stamped, 3600)))
        FUZZ_UTF8(nu_string(*value));
    FUZZ_MAY_RAISE(NU_BAD_SIGNATURE,
                   FUZZ_MAY_RAISE(NU_VALUE_ERROR, nu__timestamp_unsign(&signer, no_time, 3600)));
}

FUZZ_TARGET(signing)
{
    nu_str text = fuzz_as_utf8(input);

    check_foreign(text);
    check_own(text);
    check_changed(text);
    check_signed_nonsense(text);
}

void fuzz_prepare(void)
{
    nu__signing_set_keys(S("fuzz"), NULL, 0);
}
