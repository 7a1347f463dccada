/* A call's arguments in the order of a signature. */
#include "cli/shell/object.h"

#include "cli/shell/long.h"
#include "core/list.h"
#include "core/text.h"

#include <string.h>

typedef struct parameter {
    nu_str name;
    bool optional, keyword_only, positional_only;
    char star; /* '*' or 'k' for "**"; 0 */
} parameter;

typedef struct signature {
    parameter items[NU__PY_MOST_ARGUMENTS];
    size_t n, n_positional, n_required;
    int rest, keywords; /* where "*args" and "**kwargs" are; -1 */
    bool all_positional_only;
} signature;

static void take_parameter(signature *s, nu_str word, bool *keyword_only)
{
    parameter *p = &s->items[s->n];

    if (nu_eq(word, "/")) {
        for (size_t i = 0; i < s->n; i++)
            s->items[i].positional_only = true;
        return;
    }
    if (nu_eq(word, "*")) {
        *keyword_only = true;
        return;
    }
    *p = (parameter){ .name = word, .keyword_only = *keyword_only };
    if (nu_starts_with(word, S("**"))) {
        p->name = nu__sub(word, 2, word.len);
        s->keywords = (int)s->n;
        p->star = 'k';
    } else if (word.ptr[0] == '*') {
        p->name = nu__sub(word, 1, word.len);
        s->rest = (int)s->n;
        p->star = '*';
        *keyword_only = true;
    } else if (word.ptr[word.len - 1] == '=') {
        p->name = nu__sub(word, 0, word.len - 1);
        p->optional = true;
    }
    if (!p->star && !p->keyword_only)
        s->n_positional++;
    s->n_required += !p->star && !p->optional;
    s->n++;
}

static signature read_signature(const char *text)
{
    signature s = { .rest = -1, .keywords = -1, .all_positional_only = true };
    bool keyword_only = false;

    while (text && *text) {
        size_t len = strcspn(text, ",");

        take_parameter(&s, (nu_str){ text, len }, &keyword_only);
        text += len;
        text += strspn(text, ", ");
    }
    for (size_t i = 0; i < s.n; i++)
        if (!s.items[i].positional_only)
            s.all_positional_only = false;
    return s;
}

/* ---- what is wrong --------------------------------------------------------------------------- */

/* "'a', 'b' and 'c'" */
static nu_str listed(const nu_list *names)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < names->len; i++) {
        if (i)
            nu__buf_str_add(&out, i + 1 < names->len ? S(", ")
                                  : names->len > 2   ? S(", and ")
                                                     : S(" and "));
        nu__buf_repr(&out, names->items[i]);
    }
    return nu__buf_str(&out);
}

static void missing(const char *name, const signature *s, const nu__py *out, bool keyword_only)
{
    nu_list *names = nu_list_new();

    for (size_t i = 0; i < s->n; i++) {
        const parameter *p = &s->items[i];

        if (!p->star && !p->optional && p->keyword_only == keyword_only && !nu__py_given(out[i]))
            nu_list_append(names, p->name);
    }
    if (names->len)
        nu_raise(NU_TYPE_ERROR, "{}() missing {} required {} argument{}: {}", name, names->len,
                 keyword_only ? "keyword-only" : "positional", names->len == 1 ? "" : "s",
                 listed(names));
}

/* "insert" of "list.insert" */
static const char *bare_name(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot ? dot + 1 : name;
}

static NU_NORETURN void wrong_count(const char *name, const signature *s, size_t given)
{
    size_t most = s->n_positional, least = s->n_required;

    if (s->all_positional_only && !most)
        nu_raise(NU_TYPE_ERROR, "{}() takes no arguments ({} given)", name, given);
    if (s->all_positional_only && most == 1 && least == 1)
        nu_raise(NU_TYPE_ERROR, "{}() takes exactly one argument ({} given)", name, given);
    if (s->all_positional_only)
        nu_raise(NU_TYPE_ERROR, "{} expected {}{} argument{}, got {}", bare_name(name),
                 most == least   ? ""
                 : given < least ? "at least "
                                 : "at most ",
                 given < least ? least : most, (given < least ? least : most) == 1 ? "" : "s",
                 given);
    if (least < most)
        nu_raise(NU_TYPE_ERROR, "{}() takes from {} to {} positional arguments but {} were given",
                 name, least, most, given);
    nu_raise(NU_TYPE_ERROR, "{}() takes {} positional argument{} but {} {} given", name, most,
             most == 1 ? "" : "s", given, given == 1 ? "was" : "were");
}

/* ---- binding --------------------------------------------------------------------------------- */

static void take_positional(const char *name, const signature *s, const nu__py_call *call,
                            nu__py *out)
{
    if (call->n > s->n_positional && s->rest < 0)
        wrong_count(name, s, call->n);
    for (size_t i = 0; i < call->n && i < s->n_positional; i++)
        out[i] = call->args[i];
    if (s->rest < 0)
        return;
    out[s->rest] = nu__py_list_new(&nu__py_tuple_type, 0);
    for (size_t i = s->n_positional; i < call->n; i++)
        nu__py_append(out[s->rest], call->args[i]);
}

static int parameter_named(const signature *s, nu_str name)
{
    for (size_t i = 0; i < s->n; i++)
        if (!s->items[i].star && !s->items[i].positional_only && nu_eq(s->items[i].name, name))
            return (int)i;
    return -1;
}

static void take_keywords(const char *name, const signature *s, const nu__py_call *call,
                          nu__py *out)
{
    for (size_t k = 0; k < call->n_keywords; k++) {
        nu_str keyword = call->keywords[k].name;
        int at = parameter_named(s, keyword);

        if (at >= 0 && nu__py_given(out[at]))
            nu_raise(NU_TYPE_ERROR, "{}() got multiple values for argument '{}'", name, keyword);
        if (at >= 0)
            out[at] = call->keywords[k].value;
        else if (s->keywords >= 0)
            nu__py_dict_set(out[s->keywords].dict, nu__py_str(keyword), call->keywords[k].value);
        else if (s->all_positional_only)
            nu_raise(NU_TYPE_ERROR, "{}() takes no keyword arguments", name);
        else
            nu_raise(NU_TYPE_ERROR, "{}() got an unexpected keyword argument '{}'", name, keyword);
    }
}

void nu__py_bind(const char *name, const char *text, const nu__py_call *call,
                 nu__py out[NU__PY_MOST_ARGUMENTS])
{
    signature s = read_signature(text);

    memset(out, 0, NU__PY_MOST_ARGUMENTS * sizeof *out);
    if (s.keywords >= 0)
        out[s.keywords] = nu__py_dict_new(&nu__py_dict_type);
    take_positional(name, &s, call, out);
    take_keywords(name, &s, call, out);
    if (s.all_positional_only && call->n < s.n_required)
        wrong_count(name, &s, call->n);
    missing(name, &s, out, false);
    missing(name, &s, out, true);
}

/* ---- single arguments ------------------------------------------------------------------------ */

int64_t nu__py_as_int(nu__py value, const char *what)
{
    if (value.type == &nu__py_bool_type)
        return value.b;
    if (value.type == &nu__py_long_type)
        nu_raise(NU_OVERFLOW_ERROR, "Python int too large to convert to C int ({})", what);
    if (value.type != &nu__py_int_type)
        nu_raise(NU_TYPE_ERROR, "'{}' object cannot be interpreted as an integer",
                 nu__py_shown(value.type));
    return value.i;
}

nu_str nu__py_as_str(nu__py value, const char *what)
{
    if (!NU__PY_IS(value, str))
        nu_raise(NU_TYPE_ERROR, "{} must be str, not {}", what, value.type->name);
    return value.s;
}

int64_t nu__py_int_or(nu__py value, int64_t otherwise, const char *what)
{
    return nu__py_given(value) && value.type != &nu__py_none_type ? nu__py_as_int(value, what)
                                                                  : otherwise;
}

bool nu__py_true_or(nu__py value, bool otherwise)
{
    return nu__py_given(value) ? nu__py_truth(value) : otherwise;
}
