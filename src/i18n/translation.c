#include "i18n/translation.h"

#include "apps/registry.h"
#include "conf/settings.h"
#include "core/context.h"
#include "core/text.h"
#include "i18n/files.h"
#include "utils/languages.h"
#include "utils/numberformat.h"
#include "utils/translation.h"

#include <nuages/i18n.h>

#include <stdlib.h>
#include <string.h>

enum { MAX_CATALOGUES = 64, MAX_KEPT = 256 };

struct nu__translation {
    char *code;
    const nu__locale *locale; /* never NULL */
    const nu__catalog *catalogues[MAX_CATALOGUES];
    size_t n;
    const nu__translation *fallback; /* NULL: none */
    nu__translation *next;
};

/* What no language means: every text stays as it is. */
static nu__translation nothing = { .locale = &nu__locale_none };

static nu__translation *kept; /* those in use, until release */
static size_t n_kept;
static const nu__translation *site_language;
static const char **codes;
static nu__language_settings choices;

/* ---- a language ------------------------------------------------------------------------------ */

/* Add a catalogue for each form of the locale that there is one for: "pt_BR", then "pt". */
static void add_all(nu__translation *made, nu_str locale,
                    const nu__catalog *(*open)(const void *place, nu_str locale), const void *place)
{
    ptrdiff_t under = nu__find(locale, S("_"));
    const nu__catalog *catalogue = open(place, locale);

    if (catalogue && made->n < MAX_CATALOGUES)
        made->catalogues[made->n++] = catalogue;
    if (under > 0)
        add_all(made, nu_copy(nu__sub(locale, 0, (size_t)under)), open, place);
}

static void add_catalogues(nu__translation *made)
{
    nu_str locale = nu__to_locale(nu_s(made->code));
    const nu__conf_list *paths = &nu__settings.locale_paths;
    size_t n_apps;
    const nu__app_config *apps = nu__apps(&n_apps);

    for (size_t i = 0; i < paths->len; i++)
        add_all(made, locale, nu__catalog_in_folder, paths->items[i].ptr);
    for (size_t i = 0; i < n_apps; i++) {
        if (apps[i].app->path)
            add_all(made, locale, nu__catalog_in_folder,
                    nu_fmt("{}/locale", nu_s(apps[i].app->path)).ptr);
        if (apps[i].app->translations)
            add_all(made, locale, nu__catalog_compiled_in, apps[i].app->translations);
    }
    add_all(made, locale, nu__catalog_own, NULL);
}

static bool is_english(nu_str code)
{
    return code.len >= 2 && memcmp(code.ptr, "en", 2) == 0;
}

static nu__translation *make(nu_str code)
{
    nu__translation *made = calloc(1, sizeof *made);

    if (made)
        made->code = strndup(code.ptr, code.len);
    if (!made || !made->code) {
        free(made);
        nu_raise(NU_MEMORY_ERROR, "out of memory while loading the language {}", code);
    }
    made->next = kept;
    kept = made;
    n_kept++;
    made->locale = nu__locale_named(code);
    if (!made->locale)
        made->locale = nu__locale_settings();
    if (!is_english(code) && site_language && !nu_eq(code, site_language->code))
        made->fallback = site_language;
    add_catalogues(made);
    return made;
}

/* Codes may come from outside; past so many of them the site's own language serves. */
static const nu__translation *translation_of(nu_str code)
{
    for (const nu__translation *one = kept; one; one = one->next)
        if (nu_eq(code, one->code))
            return one;
    if (n_kept >= MAX_KEPT || code.len > 64)
        return site_language;
    return make(code);
}

nu_str nu__translation_code(const nu__translation *translation)
{
    return translation->code ? nu_s(translation->code) : (nu_str){ 0 };
}

/* ---- the fiber's ----------------------------------------------------------------------------- */

static const nu__translation *active(void)
{
    const nu__translation *own = nu__here ? nu__here->locals[NU__LOCAL_TRANSLATION] : NULL;

    return own ? own : site_language;
}

static void use(const nu__translation *translation)
{
    nu__here->locals[NU__LOCAL_TRANSLATION] = (void *)translation;
    nu__locale_activate(translation ? translation->locale : NULL);
}

static nu_str translate(nu_str context, nu_str message, nu_str plural, int64_t count)
{
    nu_str found;

    for (const nu__translation *one = message.len ? active() : NULL; one; one = one->fallback)
        for (size_t i = 0; i < one->n; i++) {
            found = nu__catalog_find(one->catalogues[i], context, message, count);
            if (found.ptr)
                return found;
        }
    return plural.ptr && count != 1 ? plural : message;
}

static nu_str language(void)
{
    const nu__translation *now = active();

    return now ? nu__translation_code(now) : (nu_str){ 0 };
}

static void activate(nu_str code)
{
    use(code.ptr ? translation_of(code) : &nothing);
}

static const nu__translator translator = { translate, language, activate };

void nu_language_activate(nu_str code)
{
    if (nu__translator_installed)
        activate(code);
}

void nu_language_deactivate(void)
{
    use(NULL);
}

void *nu__language_override(nu_str code)
{
    void *before = nu__here->locals[NU__LOCAL_TRANSLATION];

    nu_language_activate(code);
    return before;
}

void nu__language_restore(void *before)
{
    use(before);
}

/* ---- the site's ------------------------------------------------------------------------------ */

/* LANGUAGES, or all that Django has translations for; ends with NULL. */
static const char **listed_codes(void)
{
    const nu__conf_list *given = &nu__settings.languages;
    size_t most = given->len, n = 0;
    const char **made;

    if (!given->len)
        while (nu__languages[most].code)
            most++;
    made = calloc(most + 1, sizeof *made);
    if (!made)
        nu_raise(NU_MEMORY_ERROR, "out of memory while setting up the languages");
    for (size_t i = 0; i < most; i++)
        if (given->len)
            made[n++] = given->items[i].ptr;
        else if (nu__language_has_words(nu_s(nu__languages[i].code)))
            made[n++] = nu__languages[i].code;
    return made;
}

static bool is_code(nu_str code)
{
    for (size_t i = 0; i < code.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-@",
                    code.ptr[i]))
            return false;
    return code.len >= 2 && code.len <= 64;
}

static void check_codes(void)
{
    for (const char **code = codes; *code; code++)
        if (!is_code(nu_s(*code)))
            nu_raise(NU_IMPROPERLY_CONFIGURED,
                     "You have provided an invalid language code in the LANGUAGES setting: '{}'.",
                     *code);
    if (!is_code(nu__settings.language_code))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "You have provided an invalid value for the LANGUAGE_CODE setting: '{}'.",
                 nu__settings.language_code);
}

void nu__i18n_setup(void)
{
    nu__i18n_release();
    nu__set_use_thousand_separator(nu__settings.use_thousand_separator);
    if (!nu__settings.use_i18n)
        return;
    codes = listed_codes();
    check_codes();
    choices = (nu__language_settings){ codes, nu__settings.language_code.ptr };
    site_language = make(nu__settings.language_code);
    nu__locale_set_default(site_language->locale);
    nu__translator_installed = &translator;
}

void nu__i18n_release(void)
{
    nu__translator_installed = NULL;
    nu__locale_set_default(NULL);
    site_language = NULL;
    while (kept) {
        nu__translation *next = kept->next;

        free(kept->code);
        free(kept);
        kept = next;
    }
    n_kept = 0;
    nu__catalogs_close();
    free(codes);
    codes = NULL;
}

const nu__language_settings *nu__i18n_languages(void)
{
    return &choices;
}

static void add_name(nu_list *names, const char *code)
{
    const nu__language *language = nu__language_named(nu_s(code));

    nu_list_append(names, NU_LIST(code, language ? language->name : code));
}

nu_list *nu__i18n_names(void)
{
    nu_list *names = nu_list_new();

    for (const char **code = codes; code && *code; code++)
        add_name(names, *code);
    for (const nu__language *one = nu__languages; !codes && one->code; one++)
        if (nu__language_has_words(nu_s(one->code)))
            add_name(names, one->code);
    return names;
}
