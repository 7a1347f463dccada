#include "cli/template_pot.h"

#include "core/text.h"

#include <string.h>

typedef struct entry {
    nu_str context, text, plural;
    nu_str last_reference;
    nu__buf references, comments; /* whole lines of the .pot */
} entry;

static entry **entries_of(const nu__template_pot *pot)
{
    return (entry **)(void *)pot->entries.data;
}

static size_t count(const nu__template_pot *pot)
{
    return pot->entries.len / sizeof(entry *);
}

void nu__template_pot_init(nu__template_pot *pot)
{
    *pot = (nu__template_pot){ .places = nu_dict_new() };
}

/* ---- adding ---------------------------------------------------------------------------------- */

/* As catalogues name it: no context is another than an empty one. */
static nu_str key_of(const nu__message *message)
{
    return message->context.ptr ? nu_fmt("{}\4{}", message->context, message->text) : message->text;
}

static entry *entry_for(nu__template_pot *pot, const nu__message *message)
{
    nu_str key = key_of(message);
    nu_value place;
    entry *made;

    if (nu_dict_find(pot->places, key, &place))
        return entries_of(pot)[place.i];
    made = nu_alloc(entry);
    *made = (entry){ .context = message->context, .text = message->text };
    nu_dict_set_str(pot->places, key, V((int64_t)count(pot)));
    nu__buf_add(&pot->entries, &made, sizeof made);
    return made;
}

static void add_reference(entry *e, nu_str reference)
{
    if (!nu_eq(reference, e->last_reference))
        nu__buf_fmt(&e->references, "#: {}\n", reference);
    e->last_reference = reference;
}

/* What repeats the end of what is said already is left out. */
static void add_comment(entry *e, nu_str comment)
{
    nu_str lines = nu_fmt("#. {}\n", nu__replace(comment, S("\n"), S("\n#. ")));

    if (!nu_ends_with(nu__buf_str(&e->comments), lines))
        nu__buf_str_add(&e->comments, lines);
}

void nu__template_pot_add(nu__template_pot *pot, nu_str file, const nu__message *message)
{
    entry *e = entry_for(pot, message);

    if (!e->plural.ptr)
        e->plural = message->plural;
    add_reference(e, nu_fmt("{}:{}", file, (int64_t)message->line));
    if (message->comment.ptr)
        add_comment(e, message->comment);
}

/* ---- python-format --------------------------------------------------------------------------- */

/* What a text asks of Python's %: values by name or in order. */
typedef struct wanted {
    bool directives, named, unnamed;
} wanted;

static const char *past_any(const char *at, const char *end, const char *of)
{
    while (at < end && strchr(of, *at) && *at)
        at++;
    return at;
}

/* Past a width or precision, which is digits or a value: '*'. */
static const char *past_number(const char *at, const char *end, wanted *w)
{
    if (at < end && *at == '*') {
        w->unnamed = true;
        return at + 1;
    }
    return past_any(at, end, "0123456789");
}

/* Past (name), in which parentheses may be in pairs; NULL: it is not closed. */
static const char *past_name(const char *at, const char *end)
{
    size_t depth = 0;

    for (; at < end; at++) {
        depth += *at == '(';
        depth -= *at == ')';
        if (!depth)
            return at + 1;
    }
    return NULL;
}

/* Past what follows a '%'; NULL: it is no directive. */
static const char *past_directive(const char *at, const char *end, wanted *w)
{
    bool named = at < end && *at == '(';

    if (named && !(at = past_name(at, end)))
        return NULL;
    at = past_number(past_any(at, end, "-+ #0"), end, w);
    if (at < end && *at == '.')
        at = past_number(at + 1, end, w);
    if (at < end && *at && strchr("hlL", *at))
        at++;
    if (at == end || !*at || !strchr("%csridoxXueEfgGa", *at))
        return NULL;
    w->directives = true;
    w->named |= named;
    w->unnamed |= !named && *at != '%';
    return at + 1;
}

bool nu__is_python_format(nu_str text)
{
    const char *at = text.ptr, *end = nu__str_end(text);
    wanted w = { false };

    while (at && at < end && (at = memchr(at, '%', (size_t)(end - at))) != NULL)
        if (!(at = past_directive(at + 1, end, &w)))
            return false;
    return w.directives && !(w.named && w.unnamed);
}

/* ---- the text of it -------------------------------------------------------------------------- */

static void put_escaped(nu__buf *pot, char c)
{
    static const char plain[] = "\"\\\n\t\r", letters[] = "\"\\ntr";
    const char *found = memchr(plain, c, sizeof plain - 1);

    if (found)
        nu__buf_char(pot, '\\');
    nu__buf_char(pot, found ? letters[found - plain] : c);
}

static void put_line(nu__buf *pot, const char *key, nu_str text)
{
    nu__buf_fmt(pot, "{} \"", key);
    for (size_t i = 0; i < text.len; i++)
        put_escaped(pot, text.ptr[i]);
    nu__buf_lit(pot, "\"\n");
}

static void put_texts(nu__buf *pot, const entry *e)
{
    if (e->context.ptr)
        put_line(pot, "msgctxt", e->context);
    put_line(pot, "msgid", e->text);
    if (e->plural.ptr) {
        put_line(pot, "msgid_plural", e->plural);
        nu__buf_lit(pot, "msgstr[0] \"\"\nmsgstr[1] \"\"\n\n");
    } else {
        nu__buf_lit(pot, "msgstr \"\"\n\n");
    }
}

static void put_entry(nu__buf *pot, entry *e)
{
    nu__buf_str_add(pot, nu__buf_str(&e->comments));
    nu__buf_str_add(pot, nu__buf_str(&e->references));
    if (nu__is_python_format(e->text) || nu__is_python_format(e->plural))
        nu__buf_lit(pot, "#, python-format\n");
    put_texts(pot, e);
}

nu_str nu__template_pot_text(const nu__template_pot *pot)
{
    nu__buf text = { 0 };

    for (size_t i = 0; i < count(pot); i++)
        put_entry(&text, entries_of(pot)[i]);
    return nu__buf_str(&text);
}
