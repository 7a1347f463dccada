/* The module re, over the library's regular expressions. */
#include "cli/shell/modules.h"

#include "cli/shell/limits.h"
#include "core/text.h"
#include "utils/regex.h"

#include <string.h>

enum { MOST_GROUPS = 32 };

static const nu__py_type pattern_type, match_type;
static const nu__py_type re_error = {
    .name = "error", .base = &nu__py_errors[NU_EXCEPTION], .module = "re", .error = NU_EXCEPTION
};

typedef struct pattern {
    nu_str text;
    unsigned flags;
    nu__re *search, *match, *full; /* made when they are asked for */
} pattern;

typedef struct match {
    const pattern *pattern;
    const nu__re *re;
    nu_str text;
    nu__re_group groups[MOST_GROUPS];
    int n;
} match;

/* ---- patterns -------------------------------------------------------------------------------- */

static void free_re(void *re)
{
    nu__re_free(re);
}

static nu__re *compiled(nu_str text, unsigned flags)
{
    char error[96];
    nu__re *re = nu__re_compile(text, flags, error);

    if (!re)
        nu__py_raise(&re_error, "{}", nu_s(error));
    nu_on_fiber_end(free_re, re);
    if (nu__re_groups(re) >= MOST_GROUPS)
        nu__py_raise(&re_error, "the shell's patterns have at most {} groups",
                     (int64_t)MOST_GROUPS - 1);
    return re;
}

static nu__re *form(pattern *p, nu__re **slot, unsigned how)
{
    if (!*slot)
        *slot = compiled(p->text, p->flags | how);
    return *slot;
}

static nu__py new_pattern(nu_str text, unsigned flags)
{
    pattern *p = nu_alloc(pattern);

    p->text = text;
    p->flags = flags;
    (void)form(p, &p->search, 0);
    return nu__py_pointer(&pattern_type, p);
}

static pattern *pattern_of(nu__py value, nu__py flags)
{
    if (value.type == &pattern_type)
        return value.p;
    return new_pattern(nu__py_as_str(value, "first argument"),
                       (unsigned)nu__py_int_or(flags, 0, "flags"))
        .p;
}

static nu__py found(const pattern *p, const nu__re *re, nu_str text, size_t from)
{
    match *m = nu_alloc(match);

    m->pattern = p;
    m->re = re;
    m->text = text;
    m->n = nu__re_groups(re) + 1;
    if (from > text.len || !nu__re_match_from(re, text, from, m->groups, m->n))
        return nu__py_none();
    return nu__py_pointer(&match_type, m);
}

static size_t start_of(const match *m, int group)
{
    return (size_t)(m->groups[group].ptr - m->text.ptr);
}

/* The next match after one, never the same empty one. false: there is none. */
static bool next_match(const pattern *p, nu_str text, size_t *at, nu__py *out)
{
    const match *m;
    const char *next;

    nu__py_tick();
    *out = found(p, p->search, text, *at);
    if (out->type != &match_type)
        return false;
    m = out->cp;
    *at = start_of(m, 0) + m->groups[0].len;
    if (!m->groups[0].len) {
        next = text.ptr + *at;
        if (*at < text.len)
            (void)nu__utf8_next(&next, nu__str_end(text));
        *at = *at < text.len ? (size_t)(next - text.ptr) : text.len + 1;
    }
    return true;
}

/* ---- what is done with them ------------------------------------------------------------------ */

static nu__py group_value(const match *m, int group, nu__py otherwise)
{
    return m->groups[group].ptr ? nu__py_str(m->groups[group]) : otherwise;
}

static nu__py do_search(pattern *p, nu_str text)
{
    return found(p, p->search, text, 0);
}

static nu__py do_match(pattern *p, nu_str text)
{
    return found(p, form(p, &p->match, NU__RE_MATCH), text, 0);
}

static nu__py do_fullmatch(pattern *p, nu_str text)
{
    return found(p, form(p, &p->full, NU__RE_FULLMATCH), text, 0);
}

static nu__py do_findall(pattern *p, nu_str text)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 8), each, row;
    size_t at = 0;

    while (next_match(p, text, &at, &each)) {
        const match *m = each.cp;

        if (m->n <= 2) {
            nu__py_append(out, group_value(m, m->n - 1, nu__py_str(S(""))));
            continue;
        }
        row = nu__py_list_new(&nu__py_tuple_type, (size_t)m->n);
        for (int i = 1; i < m->n; i++)
            nu__py_append(row, group_value(m, i, nu__py_str(S(""))));
        nu__py_append(out, row);
    }
    return out;
}

static nu__py do_finditer(pattern *p, nu_str text)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 8), each;
    size_t at = 0;

    while (next_match(p, text, &at, &each))
        nu__py_append(out, each);
    return nu__py_iterate(out);
}

static nu__py do_split(pattern *p, nu_str text, int64_t most)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, 8), each;
    size_t at = 0, from = 0;

    for (int64_t n = 0; (most <= 0 || n < most) && next_match(p, text, &at, &each); n++) {
        const match *m = each.cp;

        nu__py_append(out, nu__py_str((nu_str){ text.ptr + from, start_of(m, 0) - from }));
        for (int i = 1; i < m->n; i++)
            nu__py_append(out, group_value(m, i, nu__py_none()));
        from = start_of(m, 0) + m->groups[0].len;
    }
    nu__py_append(out, nu__py_str((nu_str){ text.ptr + from, text.len - from }));
    return out;
}

static int group_index(const match *m, nu__py key)
{
    if (NU__PY_IS(key, str)) {
        for (int i = 1; i < m->n; i++)
            if (nu_eq(nu__re_group_name(m->re, i), key.s))
                return i;
    } else if (NU__PY_IS(key, int)) {
        int64_t i = nu__py_as_int(key, "group");

        if (i >= 0 && i < m->n)
            return (int)i;
    }
    nu_raise(NU_INDEX_ERROR, "no such group");
}

/* "\1", "\g<name>", "\n" in what is put in the place of a match. */
static void expand(const match *m, nu_str with, nu__buf *out)
{
    for (size_t i = 0; i < with.len; i++) {
        char c = i + 1 < with.len ? with.ptr[i + 1] : 0;
        const char *end;

        if (with.ptr[i] != '\\' || !c) {
            nu__buf_char(out, with.ptr[i]);
            continue;
        }
        i++;
        if (c >= '0' && c <= '9') {
            nu__buf_str_add(out, m->groups[group_index(m, nu__py_int(c - '0'))]);
        } else if (c == 'g' && i + 1 < with.len && with.ptr[i + 1] == '<' &&
                   (end = memchr(with.ptr + i, '>', with.len - i))) {
            nu_str name = { with.ptr + i + 2, (size_t)(end - with.ptr) - i - 2 };
            bool digits = name.len && name.ptr[0] >= '0' && name.ptr[0] <= '9';

            nu__buf_str_add(out, m->groups[group_index(m, digits ? nu__py_int(name.ptr[0] - '0')
                                                                 : nu__py_str(name))]);
            i = (size_t)(end - with.ptr);
        } else {
            nu__buf_char(out, c == 'n' ? '\n' : c == 't' ? '\t' : c);
        }
    }
}

static nu__py do_sub(pattern *p, nu__py with, nu_str text, int64_t most)
{
    size_t at = 0, from = 0;
    nu__buf out = { 0 };
    nu__py each;

    for (int64_t n = 0; (most <= 0 || n < most) && next_match(p, text, &at, &each); n++) {
        const match *m = each.cp;

        nu__buf_add(&out, text.ptr + from, start_of(m, 0) - from);
        if (NU__PY_IS(with, str))
            expand(m, with.s, &out);
        else
            nu__buf_str_add(&out, nu__py_as_str(nu__py_apply(with, each), "replacement"));
        nu__py_check_size(out.len);
        from = start_of(m, 0) + m->groups[0].len;
    }
    nu__buf_add(&out, text.ptr + from, text.len - from);
    return nu__py_str(nu__buf_str(&out));
}

/* ---- functions and methods: the module's take the pattern first ------------------------------ */

#define SEARCHING(name)                                                                            \
    static nu__py re_##name(nu__py self, const nu__py *args)                                       \
    {                                                                                              \
        (void)self;                                                                                \
        return do_##name(pattern_of(args[0], args[2]), nu__py_as_str(args[1], "string"));          \
    }                                                                                              \
    static nu__py pattern_##name(nu__py self, const nu__py *args)                                  \
    {                                                                                              \
        return do_##name(self.p, nu__py_as_str(args[0], "string"));                                \
    }
SEARCHING(search)
SEARCHING(match)
SEARCHING(fullmatch)
SEARCHING(findall)
SEARCHING(finditer)

static nu__py re_sub(nu__py self, const nu__py *args)
{
    (void)self;
    return do_sub(pattern_of(args[0], args[4]), args[1], nu__py_as_str(args[2], "string"),
                  nu__py_int_or(args[3], 0, "count"));
}

static nu__py pattern_sub(nu__py self, const nu__py *args)
{
    return do_sub(self.p, args[0], nu__py_as_str(args[1], "string"),
                  nu__py_int_or(args[2], 0, "count"));
}

static nu__py re_split(nu__py self, const nu__py *args)
{
    (void)self;
    return do_split(pattern_of(args[0], args[3]), nu__py_as_str(args[1], "string"),
                    nu__py_int_or(args[2], 0, "maxsplit"));
}

static nu__py pattern_split(nu__py self, const nu__py *args)
{
    return do_split(self.p, nu__py_as_str(args[0], "string"),
                    nu__py_int_or(args[1], 0, "maxsplit"));
}

static nu__py re_compile(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_pointer(&pattern_type, pattern_of(args[0], args[1]));
}

static nu__py re_escape(nu__py self, const nu__py *args)
{
    nu_str text = nu__py_as_str(args[0], "pattern");
    nu__buf out = { 0 };

    (void)self;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] && strchr("()[]{}?*+-|^$\\.&~# \t\n\r\v\f", text.ptr[i]))
            nu__buf_char(&out, '\\');
        nu__buf_char(&out, text.ptr[i]);
    }
    return nu__py_str(nu__buf_str(&out));
}

static void pattern_repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "re.compile({})", nu__repr_str(((const pattern *)self.cp)->text));
}

static nu__py pattern_text(nu__py self)
{
    return nu__py_str(((const pattern *)self.cp)->text);
}

static const nu__py_type pattern_type = {
    .name = "Pattern",
    .module = "re",
    .methods = (const nu__py_method[]){ { "findall", "string", pattern_findall },
                                        { "finditer", "string", pattern_finditer },
                                        { "fullmatch", "string", pattern_fullmatch },
                                        { "match", "string", pattern_match },
                                        { "search", "string", pattern_search },
                                        { "split", "string, maxsplit=", pattern_split },
                                        { "sub", "repl, string, count=", pattern_sub },
                                        { NULL, NULL, NULL } },
    .attributes = (const nu__py_attribute[]){ { "pattern", pattern_text }, { NULL, NULL } },
    .repr = pattern_repr,
};

/* ---- matches --------------------------------------------------------------------------------- */

static nu__py match_group(nu__py self, const nu__py *args)
{
    const match *m = self.cp;
    nu__py out;

    if (!args[0].list->len)
        return group_value(m, 0, nu__py_none());
    if (args[0].list->len == 1)
        return group_value(m, group_index(m, args[0].list->items[0]), nu__py_none());
    out = nu__py_list_new(&nu__py_tuple_type, args[0].list->len);
    for (size_t i = 0; i < args[0].list->len; i++)
        nu__py_append(out, group_value(m, group_index(m, args[0].list->items[i]), nu__py_none()));
    return out;
}

static nu__py match_groups(nu__py self, const nu__py *args)
{
    const match *m = self.cp;
    nu__py out = nu__py_list_new(&nu__py_tuple_type, (size_t)m->n);

    for (int i = 1; i < m->n; i++)
        nu__py_append(out, group_value(m, i, nu__py_given(args[0]) ? args[0] : nu__py_none()));
    return out;
}

static nu__py match_groupdict(nu__py self, const nu__py *args)
{
    const match *m = self.cp;
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    (void)args;
    for (int i = 1; i < m->n; i++) {
        nu_str name = nu__re_group_name(m->re, i);

        if (name.len)
            nu__py_dict_set(out.dict, nu__py_str(nu_copy(name)), group_value(m, i, nu__py_none()));
    }
    return out;
}

static nu__py position(const match *m, int group, bool end)
{
    size_t bytes;

    if (!m->groups[group].ptr)
        return nu__py_int(-1);
    bytes = start_of(m, group) + (end ? m->groups[group].len : 0);
    return nu__py_int((int64_t)nu__utf8_count((nu_str){ m->text.ptr, bytes }));
}

static int group_or_all(const match *m, nu__py key)
{
    return nu__py_given(key) ? group_index(m, key) : 0;
}

static nu__py match_start(nu__py self, const nu__py *args)
{
    return position(self.cp, group_or_all(self.cp, args[0]), false);
}

static nu__py match_end(nu__py self, const nu__py *args)
{
    return position(self.cp, group_or_all(self.cp, args[0]), true);
}

static nu__py match_span(nu__py self, const nu__py *args)
{
    return nu__py_pair(match_start(self, args), match_end(self, args));
}

static nu__py match_item(nu__py self, nu__py key)
{
    return group_value(self.cp, group_index(self.cp, key), nu__py_none());
}

static void match_repr(nu__py self, nu__buf *out)
{
    nu__py all[1] = { { 0 } };

    nu__buf_fmt(out, "<re.Match object; span={}, match={}>", nu__py_repr(match_span(self, all)),
                nu__repr_str(((const match *)self.cp)->groups[0]));
}

static const nu__py_type match_type = {
    .name = "Match",
    .module = "re",
    .methods = (const nu__py_method[]){ { "end", "group=, /", match_end },
                                        { "group", "*groups", match_group },
                                        { "groupdict", NULL, match_groupdict },
                                        { "groups", "default=", match_groups },
                                        { "span", "group=, /", match_span },
                                        { "start", "group=, /", match_start },
                                        { NULL, NULL, NULL } },
    .item = match_item,
    .repr = match_repr,
};

/* ---- the module ------------------------------------------------------------------------------ */

#define FLAG(name, value)                                                                          \
    static nu__py name(void)                                                                       \
    {                                                                                              \
        return nu__py_int(value);                                                                  \
    }
FLAG(flag_ignorecase, NU__RE_IGNORECASE)
FLAG(flag_multiline, NU__RE_MULTILINE)
FLAG(flag_dotall, NU__RE_DOTALL)

const nu__py_module_row nu__py_re_module = {
    .name = "re",
    .functions =
        (const nu__py_method[]){ { "compile", "pattern, flags=", re_compile },
                                 { "escape", "pattern", re_escape },
                                 { "findall", "pattern, string, flags=", re_findall },
                                 { "finditer", "pattern, string, flags=", re_finditer },
                                 { "fullmatch", "pattern, string, flags=", re_fullmatch },
                                 { "match", "pattern, string, flags=", re_match },
                                 { "search", "pattern, string, flags=", re_search },
                                 { "split", "pattern, string, maxsplit=, flags=", re_split },
                                 { "sub", "pattern, repl, string, count=, flags=", re_sub },
                                 { NULL, NULL, NULL } },
    .types = (const nu__py_type *const[]){ &match_type, &pattern_type, &re_error, NULL },
    .constants = (const nu__py_constant[]){ { "I", flag_ignorecase },
                                            { "IGNORECASE", flag_ignorecase },
                                            { "M", flag_multiline },
                                            { "MULTILINE", flag_multiline },
                                            { "S", flag_dotall },
                                            { "DOTALL", flag_dotall },
                                            { NULL, NULL } },
};
