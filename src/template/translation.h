/**
 * @file
 * Translated texts, by whatever catalogue is installed; without one every text is its own.
 *
 * Counterpart: django.utils.translation.
 */
#pragma once
#include "template/template.h"

static inline nu_str nu__npgettext(nu_str context, nu_str message, nu_str plural, int64_t count)
{
    if (nu__template_i18n)
        return nu__template_i18n->translate(context, message, plural, count);
    return plural.ptr && count != 1 ? plural : message;
}

static inline nu_str nu__pgettext(nu_str context, nu_str message)
{
    return nu__npgettext(context, message, (nu_str){ 0 }, 1);
}

static inline nu_str nu__gettext(nu_str message)
{
    return nu__pgettext((nu_str){ 0 }, message);
}

static inline nu_str nu__ngettext(nu_str message, nu_str plural, int64_t count)
{
    return nu__npgettext((nu_str){ 0 }, message, plural, count);
}

static inline nu_str nu__current_language(void)
{
    return nu__template_i18n ? nu__template_i18n->language() : S("en-us");
}
