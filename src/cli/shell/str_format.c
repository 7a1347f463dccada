/* "{}".format() and the `%` operator. */
#include "cli/shell/limits.h"
#include "cli/shell/str.h"
#include "core/text.h"

#include <string.h>

/* ---- str.format() ---------------------------------------------------------------------------- */

typedef struct formatting {
    nu__py args, keywords;
    size_t next; /* of the fields without a name */
    int depth;
} formatting;

static void add_formatted(formatting *f, nu_str format, nu__buf *out);

static bool all_digits(nu_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len > 0;
}

static size_t number_of(nu_str digits)
{
    size_t n = 0;

    for (size_t i = 0; i < digits.len && n < 1000000; i++)
        n = n * 10 + (size_t)(digits.ptr[i] - '0');
    return n;
}

static nu__py positional(const formatting *f, size_t at)
{
    if (at >= f->args.list->len)
        nu_raise(NU_INDEX_ERROR, "Replacement index {} out of range for positional args tuple", at);
    return f->args.list->items[at];
}

static nu__py first_of(formatting *f, nu_str name)
{
    nu__py *found;

    if (!name.len)
        return positional(f, f->next++);
    if (all_digits(name))
        return positional(f, number_of(name));
    found = nu__py_dict_find(f->keywords.dict, nu__py_str(name));
    if (!found)
        nu_raise(NU_KEY_ERROR, "{}", nu__repr_str(name));
    return *found;
}

/* "name.attribute[key]" */
static nu__py looked_up(formatting *f, nu_str path)
{
    size_t at = 0, to;
    nu__py value;

    while (at < path.len && path.ptr[at] != '.' && path.ptr[at] != '[')
        at++;
    value = first_of(f, nu__sub(path, 0, at));
    while (at < path.len) {
        bool key = path.ptr[at++] == '[';

        for (to = at; to < path.len &&
                      (key ? path.ptr[to] != ']' : path.ptr[to] != '.' && path.ptr[to] != '[');)
            to++;
        if (!key)
            value = nu__py_get(value, nu__sub(path, at, to));
        else if (all_digits(nu__sub(path, at, to)))
            value = nu__py_item(value, nu__py_int((int64_t)number_of(nu__sub(path, at, to))));
        else
            value = nu__py_item(value, nu__py_str(nu__sub(path, at, to)));
        at = to + key;
    }
    return value;
}

/* The "}" that ends a field that begins at `at`. */
static size_t field_end(nu_str format, size_t at)
{
    int depth = 0;

    for (; at < format.len; at++) {
        if (format.ptr[at] == '}' && !depth)
            return at;
        depth += (format.ptr[at] == '{') - (format.ptr[at] == '}');
    }
    nu_raise(NU_VALUE_ERROR, "expected '}}' before end of string");
}

static void add_field(formatting *f, nu_str field, nu__buf *out)
{
    size_t name = 0;
    nu_str spec = S("");
    nu__py value;
    nu__buf made = { 0 };
    char conversion = 0;

    while (name < field.len && field.ptr[name] != '!' && field.ptr[name] != ':')
        name++;
    value = looked_up(f, nu__sub(field, 0, name));
    if (name + 1 < field.len && field.ptr[name] == '!') {
        conversion = field.ptr[name + 1];
        name += 2;
    }
    if (name < field.len && field.ptr[name] == ':') {
        add_formatted(f, nu__sub(field, name + 1, field.len), &made);
        spec = nu__buf_str(&made);
    }
    if (conversion == 'r' || conversion == 'a')
        value = nu__py_str(nu__py_repr(value));
    else if (conversion == 's')
        value = nu__py_str(nu__py_text(value));
    nu__buf_str_add(out, nu__py_format(value, spec));
}

static void add_formatted(formatting *f, nu_str format, nu__buf *out)
{
    if (++f->depth > 2)
        nu_raise(NU_VALUE_ERROR, "Max string recursion exceeded");
    for (size_t at = 0; at < format.len; at++) {
        char c = format.ptr[at];
        size_t end;

        if ((c == '{' || c == '}') && at + 1 < format.len && format.ptr[at + 1] == c) {
            nu__buf_char(out, c);
            at++;
        } else if (c == '}') {
            nu_raise(NU_VALUE_ERROR, "Single '}}' encountered in format string");
        } else if (c == '{' && at + 1 == format.len) {
            nu_raise(NU_VALUE_ERROR, "Single '{{' encountered in format string");
        } else if (c == '{') {
            end = field_end(format, at + 1);
            add_field(f, nu__sub(format, at + 1, end), out);
            at = end;
        } else {
            nu__buf_char(out, c);
        }
        nu__py_check_size(out->len);
    }
    f->depth--;
}

nu_str nu__py_str_format(nu_str format, nu__py args, nu__py keywords)
{
    formatting f = { .args = args, .keywords = keywords };
    nu__buf out = { 0 };

    add_formatted(&f, format, &out);
    return nu__buf_str(&out);
}

/* ---- % --------------------------------------------------------------------------------------- */

typedef struct percent {
    nu__py values;
    size_t next;
} percent;

static nu__py next_value(percent *p)
{
    if (p->values.type != &nu__py_tuple_type && !p->next++)
        return p->values;
    if (p->values.type != &nu__py_tuple_type || p->next >= p->values.list->len)
        nu_raise(NU_TYPE_ERROR, "not enough arguments for format string");
    return p->values.list->items[p->next++];
}

/* The value for a "%(name)s", or the next one; *at moves past the name. */
static nu__py value_for(percent *p, nu_str format, size_t *at)
{
    size_t from = *at + 1, to = from;

    if (*at >= format.len || format.ptr[*at] != '(')
        return next_value(p);
    while (to < format.len && format.ptr[to] != ')')
        to++;
    if (to == format.len)
        nu_raise(NU_VALUE_ERROR, "incomplete format key");
    if (!NU__PY_IS(p->values, dict))
        nu_raise(NU_TYPE_ERROR, "format requires a mapping");
    *at = to + 1;
    p->next = 1;
    return nu__py_item(p->values, nu__py_str(nu__sub(format, from, to)));
}

/* The flags and sizes of C's printf as a specification of format(). */
static nu_str specification(nu_str flags, nu_str sizes, char type)
{
    bool minus = memchr(flags.ptr, '-', flags.len), zero = memchr(flags.ptr, '0', flags.len);
    bool number = type != 's' && type != 'r' && type != 'a';
    nu__buf out = { 0 };

    nu__buf_str_add(&out, minus ? S("<") : number && zero ? S("") : S(">"));
    if (number && memchr(flags.ptr, '+', flags.len))
        nu__buf_char(&out, '+');
    else if (number && memchr(flags.ptr, ' ', flags.len))
        nu__buf_char(&out, ' ');
    if (number && memchr(flags.ptr, '#', flags.len))
        nu__buf_char(&out, '#');
    if (number && zero && !minus)
        nu__buf_char(&out, '0');
    nu__buf_str_add(&out, sizes);
    nu__buf_char(&out, number ? (type == 'i' || type == 'u' ? 'd' : type) : 's');
    return nu__buf_str(&out);
}

static nu__py converted(nu__py value, char type)
{
    if (type == 's')
        return nu__py_str(nu__py_text(value));
    if (type == 'r' || type == 'a')
        return nu__py_str(nu__py_repr(value));
    if (strchr("diuxXo", type) && value.type == &nu__py_float_type)
        return nu__py_invoke(nu__py_class(&nu__py_int_type),
                             &(nu__py_call){ .args = &value, .n = 1 });
    if (!NU__PY_IS(value, int) && value.type != &nu__py_float_type &&
        value.type != &nu__py_decimal_type)
        nu_raise(NU_TYPE_ERROR, "%{} format: a real number is required, not {}",
                 ((nu_str){ &type, 1 }), value.type->name);
    return value;
}

static size_t span(nu_str s, size_t at, const char *set)
{
    size_t from = at;

    while (at < s.len && s.ptr[at] && strchr(set, s.ptr[at]))
        at++;
    return at - from;
}

static size_t add_percent(percent *p, nu_str format, size_t at, nu__buf *out)
{
    size_t flags, sizes;
    nu__py value;
    nu_str flag_text, size_text;

    if (at < format.len && format.ptr[at] == '%') {
        nu__buf_char(out, '%');
        return at + 1;
    }
    value = value_for(p, format, &at);
    flags = span(format, at, "-+ #0");
    flag_text = nu__sub(format, at, at + flags);
    sizes = span(format, at + flags, "0123456789.");
    size_text = nu__sub(format, at + flags, at + flags + sizes);
    at += flags + sizes;
    if (at >= format.len)
        nu_raise(NU_VALUE_ERROR, "incomplete format");
    if (!strchr("sradiuxXofFeEgG", format.ptr[at]))
        nu_raise(NU_VALUE_ERROR, "unsupported format character '{}' (0x{:x}) at index {}",
                 ((nu_str){ format.ptr + at, 1 }), (int64_t)(unsigned char)format.ptr[at], at);
    value = converted(value, format.ptr[at]);
    nu__buf_str_add(out, nu__py_format(value, specification(flag_text, size_text, format.ptr[at])));
    return at + 1;
}

nu_str nu__py_percent(nu_str format, nu__py values)
{
    percent p = { .values = values };
    nu__buf out = { 0 };

    for (size_t at = 0; at < format.len;) {
        if (format.ptr[at] == '%')
            at = add_percent(&p, format, at + 1, &out);
        else
            nu__buf_char(&out, format.ptr[at++]);
    }
    if (p.values.type == &nu__py_tuple_type && p.next < p.values.list->len)
        nu_raise(NU_TYPE_ERROR, "not all arguments converted during string formatting");
    if (p.values.type != &nu__py_tuple_type && !p.next && !NU__PY_IS(p.values, dict))
        nu_raise(NU_TYPE_ERROR, "not all arguments converted during string formatting");
    return nu__buf_str(&out);
}
