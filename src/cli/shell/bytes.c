/* bytes. */
#include "cli/shell/list.h"
#include "cli/shell/str.h"
#include "core/list.h"
#include "core/text.h"

#include <string.h>

static nu_str as_text(nu_bytes bytes)
{
    return (nu_str){ bytes.ptr ? (const char *)bytes.ptr : "", bytes.len };
}

static nu__py of_text(nu_str text)
{
    return nu__py_bytes((nu_bytes){ (const uint8_t *)text.ptr, text.len });
}

static int64_t length(nu__py self)
{
    return (int64_t)self.bytes.len;
}

static nu__py item(nu__py self, nu__py key)
{
    nu__py_bounds b;
    uint8_t *out;

    if (key.type != &nu__py_slice_type)
        return nu__py_int(self.bytes.ptr[nu__py_index(key, length(self), "index")]);
    b = nu__py_slice_bounds(key.cp, length(self));
    out = nu_alloc_array(uint8_t, (size_t)b.count + 1);
    for (int64_t i = 0; i < b.count; i++)
        out[i] = self.bytes.ptr[b.from + i * b.step];
    return nu__py_bytes((nu_bytes){ out, (size_t)b.count });
}

typedef struct walk {
    nu_bytes bytes;
    size_t at;
} walk;

static bool walk_next(void *state, nu__py *out)
{
    walk *w = state;

    if (w->at >= w->bytes.len)
        return false;
    *out = nu__py_int(w->bytes.ptr[w->at++]);
    return true;
}

static nu__py iterate(nu__py self)
{
    walk *w = nu_alloc(walk);

    w->bytes = self.bytes;
    return nu__py_iterator("bytes_iterator", walk_next, w);
}

static bool contains(nu__py self, nu__py value)
{
    if (NU__PY_IS(value, int))
        return self.bytes.len &&
               memchr(self.bytes.ptr, (int)nu__py_as_int(value, "byte"), self.bytes.len);
    if (value.type != &nu__py_bytes_type)
        nu_raise(NU_TYPE_ERROR, "a bytes-like object is required, not '{}'", value.type->name);
    return nu__find(as_text(self.bytes), as_text(value.bytes)) >= 0;
}

static bool binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    nu__buf made = { 0 };

    if (op == NU__PY_MUL && a.type == &nu__py_bytes_type && NU__PY_IS(b, int)) {
        *out = of_text(nu__py_repeated_text(as_text(a.bytes), b).s);
        return true;
    }
    if (op != NU__PY_ADD || a.type != b.type)
        return false;
    nu__buf_str_add(&made, as_text(a.bytes));
    nu__buf_str_add(&made, as_text(b.bytes));
    *out = of_text(nu__buf_str(&made));
    return true;
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (a.type != b.type)
        return false;
    *out = nu_eq_(as_text(a.bytes), as_text(b.bytes));
    return true;
}

static bool compare(nu__py a, nu__py b, int *order)
{
    size_t n;

    if (a.type != b.type)
        return false;
    n = a.bytes.len < b.bytes.len ? a.bytes.len : b.bytes.len;
    *order = n ? memcmp(a.bytes.ptr, b.bytes.ptr, n) : 0;
    if (!*order)
        *order = (a.bytes.len > b.bytes.len) - (a.bytes.len < b.bytes.len);
    return true;
}

static bool hash(nu__py self, uint64_t *out)
{
    *out = nu__hash(self.bytes.ptr, self.bytes.len) + 1;
    return true;
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_repr_bytes(out, self.bytes);
}

static nu_str hex_of(nu_bytes bytes)
{
    nu__buf out = { 0 };

    nu__buf_hex(&out, bytes);
    return nu__buf_str(&out);
}

static void json(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "{{\"$bytes\": \"{}\"}}", hex_of(self.bytes));
}

static nu__py decode(nu__py self, const nu__py *args)
{
    (void)args;
    if (!nu__utf8_valid(as_text(self.bytes)))
        nu__py_raise(&nu__py_unicode_decode_error,
                     "'utf-8' codec can't decode byte 0x{:02x} in position {}: invalid start byte",
                     (int64_t)self.bytes.ptr[nu__utf8_valid_prefix(as_text(self.bytes))],
                     nu__utf8_valid_prefix(as_text(self.bytes)));
    return nu__py_str(as_text(self.bytes));
}

static nu__py hex(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_str(hex_of(self.bytes));
}

static nu__py fromhex(nu__py self, const nu__py *args)
{
    nu_str text = nu__py_as_str(args[0], "fromhex() argument");
    nu__buf out = { 0 };
    int half = -1;

    (void)self;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        int digit = c >= '0' && c <= '9'                 ? c - '0'
                    : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                         : -1;

        if (half < 0 && nu__is_space((unsigned char)c))
            continue;
        if (digit < 0)
            nu_raise(NU_VALUE_ERROR, "non-hexadecimal number found in fromhex() arg at position {}",
                     i);
        if (half >= 0)
            nu__buf_char(&out, (char)(half << 4 | digit));
        half = half < 0 ? digit : -1;
    }
    if (half >= 0)
        nu_raise(NU_VALUE_ERROR, "non-hexadecimal number found in fromhex() arg at position {}",
                 text.len);
    return of_text(nu__buf_str(&out));
}

static nu__py of_numbers(nu__py iterable)
{
    nu__py iterator = nu__py_iterate(iterable), each;
    nu__buf out = { 0 };

    while (nu__py_step(iterator, &each)) {
        int64_t n = nu__py_as_int(each, "byte");

        if (n < 0 || n > 255)
            nu_raise(NU_VALUE_ERROR, "bytes must be in range(0, 256)");
        nu__buf_char(&out, (char)n);
    }
    return of_text(nu__buf_str(&out));
}

static nu__py make(nu__py self, const nu__py *args)
{
    (void)self;
    if (!nu__py_given(args[0]))
        return of_text(S(""));
    if (args[0].type == &nu__py_bytes_type)
        return args[0];
    if (NU__PY_IS(args[0], str) && !nu__py_given(args[1]))
        nu_raise(NU_TYPE_ERROR, "string argument without an encoding");
    if (NU__PY_IS(args[0], str))
        return of_text(args[0].s);
    if (NU__PY_IS(args[0], int))
        return of_text(nu__py_repeated_text(S("\0"), args[0]).s);
    return of_numbers(args[0]);
}

/* Methods that work byte by byte as those of str do on ASCII text: arguments and results change
   their type. */
static nu__py as_str(nu__py value)
{
    nu__py out;

    if (value.type == &nu__py_bytes_type)
        return nu__py_str(as_text(value.bytes));
    if (value.type != &nu__py_list_type && value.type != &nu__py_tuple_type)
        return value;
    out = nu__py_list_new(value.type, value.list->len);
    for (size_t i = 0; i < value.list->len; i++)
        nu__py_append(out, as_str(value.list->items[i]));
    return out;
}

static nu__py as_bytes(nu__py value)
{
    nu__py out;

    if (NU__PY_IS(value, str))
        return of_text(value.s);
    if (value.type != &nu__py_list_type && value.type != &nu__py_tuple_type)
        return value;
    out = nu__py_list_new(value.type, value.list->len);
    for (size_t i = 0; i < value.list->len; i++)
        nu__py_append(out, as_bytes(value.list->items[i]));
    return out;
}

static nu__py by_str(nu__py self, const char *name, const nu__py *args)
{
    nu__py list = nu__py_collect(args[0], &nu__py_list_type);

    for (size_t i = 0; i < list.list->len; i++) {
        if (NU__PY_IS(list.list->items[i], str))
            nu_raise(NU_TYPE_ERROR, "a bytes-like object is required, not 'str'");
        list.list->items[i] = as_str(list.list->items[i]);
    }
    return as_bytes(nu__py_invoke(nu__py_get(as_str(self), nu_s(name)),
                                  &(nu__py_call){ .args = list.list->items, .n = list.list->len }));
}

#define BY_STR(method)                                                                             \
    static nu__py bytes_##method(nu__py self, const nu__py *args)                                  \
    {                                                                                              \
        return by_str(self, #method, args);                                                        \
    }
BY_STR(count)
BY_STR(endswith)
BY_STR(find)
BY_STR(join)
BY_STR(lower)
BY_STR(replace)
BY_STR(split)
BY_STR(startswith)
BY_STR(strip)
BY_STR(upper)

const nu__py_type nu__py_bytes_type = {
    .name = "bytes",
    .methods = (const nu__py_method[]){ { "count", "*args", bytes_count },
                                        { "decode", "encoding=, errors=", decode },
                                        { "endswith", "*args", bytes_endswith },
                                        { "find", "*args", bytes_find },
                                        { "hex", NULL, hex },
                                        { "join", "*args", bytes_join },
                                        { "lower", "*args", bytes_lower },
                                        { "replace", "*args", bytes_replace },
                                        { "split", "*args", bytes_split },
                                        { "startswith", "*args", bytes_startswith },
                                        { "strip", "*args", bytes_strip },
                                        { "upper", "*args", bytes_upper },
                                        { NULL, NULL, NULL } },
    .statics = (const nu__py_method[]){ { "fromhex", "string, /", fromhex }, { NULL, NULL, NULL } },
    .signature = "source=, encoding=, errors=",
    .make = make,
    .binary = binary,
    .equal = equal,
    .compare = compare,
    .hash = hash,
    .length = length,
    .item = item,
    .contains = contains,
    .iterate = iterate,
    .repr = repr,
    .json = json,
};
