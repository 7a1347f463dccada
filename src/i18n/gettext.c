/* The public names of translation. */
#include "i18n/translation.h"
#include "utils/languages.h"
#include "utils/translation.h"

#include <nuages/i18n.h>

static nu_str or_null(const char *text)
{
    return text ? nu_s(text) : (nu_str){ 0 };
}

nu_str nu_npgettext_(const char *context, const char *message, const char *plural, int64_t n)
{
    return nu__npgettext(or_null(context), nu_s(message), or_null(plural), n);
}

nu_str nu_gettext_text(nu_str message)
{
    return nu__gettext(message);
}

nu_str nu_get_language(void)
{
    return nu__translator_installed ? nu__current_language() : (nu_str){ 0 };
}

bool nu_get_language_bidi(void)
{
    nu_str code = nu_get_language();
    const nu__language *language = code.ptr ? nu__language_named(code) : NULL;

    return language && language->bidi;
}

nu_str nu_supported_language(nu_str code)
{
    if (!nu__translator_installed)
        return (nu_str){ 0 };
    return nu__get_supported_language_variant(code, false, nu__i18n_languages());
}
