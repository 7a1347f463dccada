/**
 * @file
 * Text into HTML and back, as django.utils.html.
 *
 * Results lie in the fiber's arena and are HTML where said: the caller marks them safe. Texts are
 * UTF-8. None yields but where a value's text is asked for.
 */
#pragma once
#include "core/buf.h"

#include <nuages/errors.h>

/* ---- escaping ----------------------------------------------------------------------------- */

/* & < > " ' as &amp; &lt; &gt; &quot; &#x27; */
void nu__escape_to(nu__buf *buf, nu_str text);
nu_str nu__escape(nu_str text);
/* The text of a value, escaped unless it is safe. Yields where its text does.
   Django: conditional_escape() */
void nu__conditional_escape_to(nu__buf *buf, nu_value value);
/* \u escapes of all that could end a JavaScript string or its script element. */
nu_str nu__escapejs(nu_str text);
/* The references of HTML as characters: "&lt;" as "<", "&#233;" as "é". Python: html.unescape() */
nu_str nu__html_unescape(nu_str html);

/* As nu_fmt(), with every argument escaped unless it is safe: HTML. */
#define nu__format_html(f, ...) nu__format_html_("" f, NU_ARGS(__VA_ARGS__))
nu_str nu__format_html_(const char *format, nu_values args);
/* The format for each row (a list of arguments), joined by the separator: HTML. */
nu_str nu__format_html_join(nu_value separator, const char *format, const nu_list *rows);

/* <script type="application/json">, with the value as JSON; null `id`: without id. HTML. */
nu_str nu__json_script(nu_value value, nu_value id);

/* ---- text as paragraphs and links --------------------------------------------------------- */

/* Paragraphs at empty lines, <br> at single ones: HTML when `autoescape`, or the text was. */
nu_str nu__linebreaks(nu_str text, bool autoescape);
nu_str nu__linebreaksbr(nu_str text, bool autoescape);

typedef struct nu__urlize {
    NU_NAMED_ONLY;
    int64_t trim_limit; /* characters of a link's text; used when `trim` */
    bool trim, nofollow, autoescape;
    bool safe_input; /* the text is HTML */
} nu__urlize;
/* Web and mail addresses become links. Quadratic input is not: each word is looked at once. */
nu_str nu__urlize_text(nu_str text, const nu__urlize *options);
/* A URL with its parts percent-encoded, if they are not yet. */
nu_str nu__smart_urlquote(nu_str url);

/* ---- tags away ---------------------------------------------------------------------------- */

/* The text without tags; not safe, only likely to hold none. Raises SuspiciousOperation on nesting
   that only an attack has. */
nu_str nu__strip_tags(nu_str html);
nu_str nu__strip_spaces_between_tags(nu_str html);
/* Elements without content or end tag: area, br, img… */
bool nu__is_void_element(nu_str name);
