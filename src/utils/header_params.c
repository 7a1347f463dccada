#include "core/text.h"
#include "utils/http.h"
#include "utils/percent.h"

/* A parameter as written. RFC 2231 lets a value come in numbered pieces (title*0, title*1) and in a
   charset (title*=utf-8'en'…, title*0*=…). */
typedef struct {
    nu_str name, value;
    int64_t number; /* -1: not numbered */
    bool extended;  /* the name has a star: not a plain parameter */
    bool encoded;   /* the name ends with a star */
    bool taken;
} param;

typedef struct {
    param *items;
    size_t len;
} params;

enum { PARAMS_CAP = 256 };

/* ---- apart -------------------------------------------------------------------------------- */

static bool is_quote(nu_str text, size_t i)
{
    return text.ptr[i] == '"' && (i == 0 || text.ptr[i - 1] != '\\');
}

/* Up to a semicolon outside of quotes. */
static size_t piece_length(nu_str text)
{
    bool quoted = false;
    size_t i = 0;

    for (; i < text.len && (quoted || text.ptr[i] != ';'); i++)
        quoted ^= is_quote(text, i);
    return i;
}

static nu_str unquoted(nu_str text)
{
    bool quotes, angles;

    if (text.len < 2)
        return text;
    quotes = text.ptr[0] == '"' && text.ptr[text.len - 1] == '"';
    angles = text.ptr[0] == '<' && text.ptr[text.len - 1] == '>';
    if (!quotes && !angles)
        return text;
    text = nu__sub(text, 1, text.len - 1);
    return quotes ? nu__replace(nu__replace(text, S("\\\\"), S("\\")), S("\\\""), S("\"")) : text;
}

static bool is_plain_name(nu_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            c != '_')
            return false;
    }
    return true;
}

/* name, name*, name*N or name*N*, the name of ASCII letters, digits and _. Any other name is plain,
   stars and all. */
static void read_name(param *p)
{
    ptrdiff_t star = nu__find(p->name, S("*"));
    size_t i = star < 0 ? 0 : (size_t)star + 1;

    p->number = -1;
    if (star <= 0 || !is_plain_name(nu__sub(p->name, 0, (size_t)star)))
        return;
    if (i < p->name.len && p->name.ptr[i] >= '0' && p->name.ptr[i] <= '9')
        p->number = 0;
    for (; i < p->name.len && p->name.ptr[i] >= '0' && p->name.ptr[i] <= '9'; i++)
        if (p->number < PARAMS_CAP)
            p->number = p->number * 10 + (p->name.ptr[i] - '0');
    if (i < p->name.len && p->name.ptr[i] == '*' && p->number >= 0)
        i++;
    if (i < p->name.len)
        return;
    p->extended = true;
    p->encoded = p->name.ptr[p->name.len - 1] == '*';
    p->name = nu__sub(p->name, 0, (size_t)star);
}

static param read_param(nu_str piece)
{
    ptrdiff_t equals = nu__find(piece, S("="));
    param p = { .name = nu_trim(piece), .value = S("") };

    if (equals >= 0) {
        p.name = nu_lower(nu_trim(nu__sub(piece, 0, (size_t)equals)));
        p.value = unquoted(nu_trim(nu__sub(piece, (size_t)equals + 1, piece.len)));
    }
    read_name(&p);
    return p;
}

static params read_params(nu_str line)
{
    params all = { nu_alloc_array(param, PARAMS_CAP), 0 };

    while (line.len && all.len < PARAMS_CAP) {
        line = nu__sub(line, 1, line.len); /* the semicolon */
        all.items[all.len++] = read_param(nu__sub(line, 0, piece_length(line)));
        line = nu__sub(line, piece_length(line), line.len);
    }
    return all;
}

/* ---- together ----------------------------------------------------------------------------- */

static void put_percent_decoded(nu__buf *buf, nu_str text)
{
    nu__buf_reserve(buf, text.len);
    buf->len += nu__percent_decode(text, false, buf->data + buf->len);
}

static bool is_named(nu_str charset, const char *const *names)
{
    for (; *names; names++)
        if (nu__eq_ignore_ascii_case(charset, nu_s(*names)))
            return true;
    return false;
}

static nu_str from_ascii(nu_str bytes)
{
    nu__buf buf = { 0 };

    for (size_t i = 0; i < bytes.len; i++)
        nu__buf_utf8(&buf,
                     (unsigned char)bytes.ptr[i] < 0x80 ? (uint32_t)bytes.ptr[i] : NU__REPLACEMENT);
    return nu__buf_str(&buf);
}

/* The bytes as UTF-8. False for a charset that is not known. */
static bool decode(nu_str charset, nu_str bytes, nu_str *out)
{
    static const char *const utf8[] = { "utf-8", "utf8", NULL };
    static const char *const latin1[] = { "iso-8859-1", "latin-1", "latin1", "iso8859-1", NULL };
    static const char *const ascii[] = { "us-ascii", "ascii", NULL };

    if (is_named(charset, utf8))
        *out = nu__utf8_replace(bytes);
    else if (is_named(charset, latin1))
        *out = nu__latin1_to_utf8(bytes);
    else if (is_named(charset, ascii))
        *out = from_ascii(bytes);
    else
        return false;
    return true;
}

/* charset'language'text */
static bool decode_extended(nu_str value, nu_str *out)
{
    ptrdiff_t first = nu__find(value, S("'"));
    nu_str rest = first < 0 ? value : nu__sub(value, (size_t)first + 1, value.len);
    ptrdiff_t second = first < 0 ? -1 : nu__find(rest, S("'"));
    nu_str charset = S("us-ascii"), text = value;

    if (second >= 0) {
        if (first)
            charset = nu__sub(value, 0, (size_t)first);
        text = nu__sub(rest, (size_t)second + 1, rest.len);
    }
    return decode(charset, text, out);
}

/* By their numbers, those of one number by their texts, as the original sorts them. */
static bool comes_before(const param *a, const param *b)
{
    return a->number != b->number ? a->number < b->number : nu__str_compare(a->value, b->value) < 0;
}

/* The first piece of the name that is not taken yet. */
static param *next_piece(params all, nu_str name)
{
    param *found = NULL;

    for (size_t i = 0; i < all.len; i++) {
        param *p = &all.items[i];

        if (p->extended && !p->taken && nu_eq(p->name, name) && (!found || comes_before(p, found)))
            found = p;
    }
    return found;
}

static bool join_pieces(params all, nu_str name, nu_dict *out)
{
    nu__buf buf = { 0 };
    bool encoded = false;
    nu_str value;

    for (param *p; (p = next_piece(all, name));) {
        p->taken = true;
        encoded |= p->encoded;
        if (p->encoded)
            put_percent_decoded(&buf, p->value);
        else
            nu__buf_str_add(&buf, p->value);
    }
    value = nu__buf_str(&buf);
    if (encoded && !decode_extended(value, &value))
        return false;
    nu_dict_set_str(out, name, V(value));
    return true;
}

bool nu__parse_header_parameters(nu_str line, nu_str *type, nu_dict **out)
{
    size_t end = piece_length(line);
    params all = read_params(nu__sub(line, end, line.len));
    nu_str first = nu__sub(line, 0, end);
    ptrdiff_t equals = nu__find(line, S(";")) < 0 ? -1 : nu__find(first, S("="));

    if (equals >= 0) /* beside parameters the type is read as one, of which the name counts */
        first = nu__sub(first, 0, (size_t)equals);
    *type = nu_lower(nu_trim(first));
    *out = nu_dict_new();
    for (size_t i = 0; i < all.len; i++)
        if (!all.items[i].extended && all.items[i].name.len)
            nu_dict_set_str(*out, all.items[i].name, V(all.items[i].value));
    for (size_t i = 0; i < all.len; i++)
        if (all.items[i].extended && !all.items[i].taken &&
            !join_pieces(all, all.items[i].name, *out))
            return false;
    return true;
}
