/**
 * @file
 * Translation: texts in the language of whoever reads them. Django: django.utils.translation
 *
 * Texts are written in English in the source and looked up at the moment they are needed, in the
 * language that is active in the fiber: by LocaleMiddleware for a request, else LANGUAGE_CODE.
 *
 *     nu_str title = nu_gettext("Students");
 *     nu_str found = nu_ngettext("one student", "{} students", n);   // then nu_fmt_ fills it in
 *
 * Catalogues are GNU gettext's: `manage makemessages` collects the texts of C files and templates
 * into locale/<name>/LC_MESSAGES/django.po, `manage compilemessages` makes the .mo beside it. They
 * are searched in LOCALE_PATHS, then in the apps in the order of their installation, then in
 * Nuages' own; what the language does not have is taken from LANGUAGE_CODE's.
 */
#pragma once
#include <nuages/http.h>

/**
 * A text in the active language, itself where no catalogue has it. The result lives as long as the
 * message or the process. Yields: never.   Django: gettext(), ngettext(), pgettext(), npgettext()
 */
#define nu_gettext(message)             nu_npgettext_(NULL, "" message, NULL, 1)
#define nu_ngettext(message, plural, n) nu_npgettext_(NULL, "" message, "" plural, (n))
#define nu_pgettext(context, message)   nu_npgettext_("" context, "" message, NULL, 1)
#define nu_npgettext(context, message, plural, n)                                                  \
    nu_npgettext_("" context, "" message, "" plural, (n))
nu_str nu_npgettext_(const char *context, const char *message, const char *plural, int64_t n);
/** The same for a text that is not a literal: one that nu_gettext_noop() marked. */
nu_str nu_gettext_text(nu_str message);
/** Mark a literal of a table for makemessages; it stays as it is. */
#define nu_gettext_noop(message) message

/** The code of the fiber's language, "de"; {NULL, 0} when translation is off. */
nu_str nu_get_language(void);
/** Whether it is written from right to left. */
bool nu_get_language_bidi(void);
/**
 * Use a language for the rest of the fiber; {NULL, 0}: none, texts stay as they are. Unknown codes
 * are no error: their texts come from LANGUAGE_CODE's catalogues.
 * Django: translation.activate(), deactivate_all()
 */
void nu_language_activate(nu_str code);
/** Back to LANGUAGE_CODE. Django: translation.deactivate() */
void nu_language_deactivate(void);
/**
 * Use a language to the end of the enclosing block, however it is left.
 * Django: translation.override()
 */
#define nu_language_override_scope(code) nu_defer(nu__language_restore, nu__language_override(code))
void *nu__language_override(nu_str code);
void nu__language_restore(void *before);

/** A site's language that suits a code ("de-at": "de"); {NULL, 0} when LANGUAGES has none.
 * Django: get_supported_language_variant() */
nu_str nu_supported_language(nu_str code);
/** Under this key a session keeps its visitor's language. Django before 4.0: LANGUAGE_SESSION_KEY
 */
#define NU_LANGUAGE_SESSION_KEY "_language"
/** By the path's prefix (where i18n_patterns are used), the session (where SessionMiddleware stands
 * further out), the language cookie, the Accept-Language header, LANGUAGE_CODE. Yields: while the
 * session is read. Django: get_language_from_request() */
nu_str nu_language_from_request(nu_request *req, bool check_path);
