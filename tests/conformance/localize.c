/* The language of a recorded case. */
#include "template_ops.h"

#include "core/list.h"
#include "core/text.h"
#include "i18n/files.h"
#include "template/formats.h"
#include "utils/formats.h"
#include "utils/language_codes.h"
#include "utils/numberformat.h"
#include "utils/translation.h"

nu_value conf_setting(const nu_dict *data, const char *name)
{
    nu_value env = nu_item(data, "env");
    nu_value settings = env.kind == NU_KIND_DICT ? nu_item(env.dict, "settings") : nu_null();

    return settings.kind == NU_KIND_DICT ? nu_item(settings.dict, name) : nu_null();
}

bool conf_uses_tz(const nu_dict *data)
{
    nu_value env = nu_item(data, "env");
    nu_value flag = env.kind == NU_KIND_DICT ? nu_item(env.dict, "use_tz") : nu_null();

    return flag.kind != NU_KIND_BOOL || flag.b;
}

/* ---- the catalogue ----------------------------------------------------------------------------
 */

static const nu_list *catalogue; /* as recorded; NULL: the case has none, and Nuages' own serves */
static const nu__catalog *own_words; /* NULL: none of that language */
static nu_value language;

static bool is_entry(const nu_list *entry, nu_str context, nu_str message, nu_str plural,
                     int64_t count)
{
    nu_value entry_plural = nu_at(entry, 2), entry_context = nu_at(entry, 0);

    if (!nu_eq(nu_string(nu_at(entry, 1)), message) ||
        (entry_plural.kind == NU_KIND_NULL) != !plural.ptr ||
        (entry_context.kind == NU_KIND_NULL) != !context.ptr)
        return false;
    if (context.ptr && !nu_eq(entry_context.s, context))
        return false;
    return !plural.ptr || (nu_eq(entry_plural.s, plural) && nu_int(nu_at(entry, 3)) == count);
}

static nu_str translate(nu_str context, nu_str message, nu_str plural, int64_t count)
{
    for (size_t i = 0; i < nu_list_len(catalogue); i++) {
        const nu_list *entry = nu_as_list(nu_at(catalogue, i));

        if (is_entry(entry, context, message, plural, count))
            return nu_string(nu_at(entry, 4));
    }
    if (!catalogue && own_words && message.len) {
        nu_str found = nu__catalog_find(own_words, context, message, count);

        if (found.ptr)
            return found;
    }
    return plural.ptr && count != 1 ? plural : message;
}

static nu_str current_language(void)
{
    return language.kind == NU_KIND_STR ? language.s : (nu_str){ 0 };
}

static void activate(nu_str code)
{
    language = V(code);
}

static const nu__translator recorded = { translate, current_language, activate };

/* ---- the locale -------------------------------------------------------------------------------
 */

static void set_format(const nu_dict *formats, const char *name, const char **out)
{
    nu_value format = nu_item(formats, name);

    if (format.kind == NU_KIND_STR)
        *out = nu_copy(format.s).ptr;
}

static void set_input_formats(const nu_dict *formats, const char *name, const char *const **out)
{
    nu_value list = nu_item(formats, name);
    size_t n = list.kind == NU_KIND_LIST ? nu_list_len(list.list) : 0;
    const char **texts = nu_alloc_array(const char *, n + 1);

    for (size_t i = 0; i < n; i++)
        texts[i] = nu_copy(nu_string(nu_at(list.list, i))).ptr;
    if (n)
        *out = texts;
}

static void set_formats(nu__locale *locale, const nu_dict *formats)
{
    nu_value grouping = nu_item(formats, "NUMBER_GROUPING");

    set_format(formats, "DATE_FORMAT", &locale->date_format);
    set_format(formats, "TIME_FORMAT", &locale->time_format);
    set_format(formats, "DATETIME_FORMAT", &locale->datetime_format);
    set_format(formats, "YEAR_MONTH_FORMAT", &locale->year_month_format);
    set_format(formats, "MONTH_DAY_FORMAT", &locale->month_day_format);
    set_format(formats, "SHORT_DATE_FORMAT", &locale->short_date_format);
    set_format(formats, "SHORT_DATETIME_FORMAT", &locale->short_datetime_format);
    set_format(formats, "DECIMAL_SEPARATOR", &locale->decimal_separator);
    set_format(formats, "THOUSAND_SEPARATOR", &locale->thousand_separator);
    set_input_formats(formats, "DATE_INPUT_FORMATS", &locale->date_input_formats);
    set_input_formats(formats, "TIME_INPUT_FORMATS", &locale->time_input_formats);
    set_input_formats(formats, "DATETIME_INPUT_FORMATS", &locale->datetime_input_formats);
    if (grouping.kind == NU_KIND_INT)
        locale->grouping[0] = (uint8_t)grouping.i;
}

static const nu__locale *locale_of(const nu_dict *data)
{
    nu__locale *locale = nu_alloc(nu__locale);
    nu_value formats = nu_item(data, "formats");

    *locale = nu__locale_en;
    if (formats.kind == NU_KIND_DICT)
        set_formats(locale, formats.dict);
    return locale;
}

/* The settings that count where localization is off. */
static const nu__locale *settings_of(const nu_dict *data)
{
    nu__locale *locale = nu_alloc(nu__locale);
    nu_value env = nu_item(data, "env");
    nu_value settings = env.kind == NU_KIND_DICT ? nu_item(env.dict, "settings") : nu_null();

    *locale = nu__locale_none;
    if (settings.kind == NU_KIND_DICT)
        set_formats(locale, settings.dict);
    return locale;
}

void conf_localize_by(const nu_dict *data)
{
    nu_value list = nu_item(data, "translations"), env = nu_item(data, "env");
    nu_value grouping = conf_setting(data, "USE_THOUSAND_SEPARATOR");

    catalogue = list.kind == NU_KIND_LIST ? list.list : NULL;
    language = env.kind == NU_KIND_DICT ? nu_item(env.dict, "language") : nu_null();
    language = language.kind == NU_KIND_STR ? language : V("en-us");
    own_words = nu__catalog_own(NULL, nu__to_locale(language.s));
    conf_keep_zones = conf_uses_tz(data) ? CONF_NO_ZONE : CONF_ALL_ZONES;
    nu__translator_installed = &recorded;
    nu__template_cache_hook = &conf_template_cache;
    nu__set_use_thousand_separator(grouping.kind == NU_KIND_BOOL && grouping.b);
    nu__locale_activate(locale_of(data));
    nu__locale_set_settings(settings_of(data));
}

/* ---- the cache --------------------------------------------------------------------------------
 */

static struct {
    char *key;
    nu_str text;
} stored[256];

static bool get(nu_str using, nu_str key, nu_str *text)
{
    (void)using;
    for (size_t i = 0; i < 256 && stored[i].key; i++)
        if (nu_eq(stored[i].key, key)) {
            *text = stored[i].text;
            return true;
        }
    return false;
}

static void set(nu_str using, nu_str key, nu_str text, int64_t timeout)
{
    size_t i = 0;

    (void)using;
    (void)timeout;
    while (i < 255 && stored[i].key)
        i++;
    if (stored[i].key)
        return;
    stored[i].key = strndup(key.ptr, key.len);
    stored[i].text = nu_s(strndup(text.len ? text.ptr : "", text.len));
}

const nu__template_cache conf_template_cache = { get, set };
