/* The module json. */
#include "cli/shell/modules.h"

#include "cli/shell/limits.h"
#include "cli/shell/list.h"
#include "core/json.h"
#include "core/object.h"

/* A list or dict that is not written to its end: what stands inside of itself is found by them. */
typedef struct open_container {
    const void *container;
    struct open_container *outer;
} open_container;

typedef struct writer {
    nu__buf out;
    nu_str item, key; /* separators */
    nu_str indent;    /* of one level; null: all on one line */
    nu__py otherwise; /* default= */
    bool sort_keys;
    nu__json_style style;
    open_container *open;
} writer;

static void write(writer *w, nu__py value, int depth);

static void new_line(writer *w, int depth)
{
    if (!w->indent.ptr)
        return;
    nu__buf_char(&w->out, '\n');
    for (int i = 0; i < depth; i++)
        nu__buf_str_add(&w->out, w->indent);
}

static void write_list(writer *w, const nu__py_list *list, int depth)
{
    nu__buf_char(&w->out, '[');
    for (size_t i = 0; i < list->len; i++) {
        if (i)
            nu__buf_str_add(&w->out, w->item);
        new_line(w, depth + 1);
        write(w, list->items[i], depth + 1);
    }
    if (list->len)
        new_line(w, depth);
    nu__buf_char(&w->out, ']');
}

static nu_str key_text(nu__py key)
{
    nu__buf out = { 0 };

    if (NU__PY_IS(key, str))
        return key.s;
    if (!NU__PY_IS(key, int) && key.type != &nu__py_float_type && key.type != &nu__py_none_type)
        nu_raise(NU_TYPE_ERROR, "keys must be str, int, float, bool or None, not {}",
                 key.type->name);
    nu__py_json(key, &out);
    return nu__buf_str(&out);
}

static nu__py sorted_entries(const nu__py_dict *dict)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, dict->len);
    nu__py_entry *entry;

    for (size_t at = 0; (entry = nu__py_dict_next(dict, &at));)
        nu__py_append(out, nu__py_pair(nu__py_str(key_text(entry->key)), entry->value));
    return out;
}

static void write_dict(writer *w, nu__py dict, int depth)
{
    nu__py entries = sorted_entries(dict.dict);

    if (w->sort_keys)
        nu__py_sort(entries, (nu__py){ 0 }, false);
    nu__buf_char(&w->out, '{');
    for (size_t i = 0; i < entries.list->len; i++) {
        const nu__py *pair = entries.list->items[i].list->items;

        if (i)
            nu__buf_str_add(&w->out, w->item);
        new_line(w, depth + 1);
        nu__json_str(&w->out, pair[0].s, &w->style);
        nu__buf_str_add(&w->out, w->key);
        write(w, pair[1], depth + 1);
    }
    if (entries.list->len)
        new_line(w, depth);
    nu__buf_char(&w->out, '}');
}

static void write_container(writer *w, nu__py value, int depth)
{
    open_container here = { value.cp, w->open };

    for (const open_container *open = w->open; open; open = open->outer)
        if (open->container == value.cp)
            nu_raise(NU_VALUE_ERROR, "Circular reference detected");
    w->open = &here;
    if (NU__PY_IS(value, dict))
        write_dict(w, value, depth);
    else
        write_list(w, value.list, depth);
    w->open = here.outer;
}

static void write(writer *w, nu__py value, int depth)
{
    nu__py_enter();
    if (NU__PY_IS(value, list) || NU__PY_IS(value, tuple) || NU__PY_IS(value, dict))
        write_container(w, value, depth);
    else if (NU__PY_IS(value, str))
        nu__json_str(&w->out, value.s, &w->style);
    else if (NU__PY_IS(value, int) || value.type == &nu__py_float_type ||
             value.type == &nu__py_none_type)
        nu__py_json(value, &w->out);
    else if (nu__py_given(w->otherwise))
        write(w, nu__py_apply(w->otherwise, value), depth);
    else
        nu_raise(NU_TYPE_ERROR, "Object of type {} is not JSON serializable", value.type->name);
    nu__py_exit();
}

static nu__py part(nu__py separators, int64_t index)
{
    return nu__py_item(separators, nu__py_int(index));
}

static nu__py dumps(nu__py self, const nu__py *args)
{
    writer w = { .item = S(", "), .key = S(": "), .style = nu__json_dumps };

    (void)self;
    if (nu__py_given(args[1]) && args[1].type != &nu__py_none_type) {
        w.indent = NU__PY_IS(args[1], str)
                       ? args[1].s
                       : nu__py_binary(NU__PY_MUL, nu__py_str(S(" ")), args[1]).s;
        w.item = S(",");
    }
    w.sort_keys = nu__py_true_or(args[2], false);
    w.style.ascii = nu__py_true_or(args[3], true);
    if (nu__py_given(args[4]) && args[4].type != &nu__py_none_type)
        w.otherwise = args[4];
    if (nu__py_given(args[5]) && args[5].type != &nu__py_none_type) {
        w.item = nu__py_as_str(part(args[5], 0), "separator");
        w.key = nu__py_as_str(part(args[5], 1), "separator");
    }
    write(&w, args[0], 0);
    return nu__py_str(nu__buf_str(&w.out));
}

static nu__py loads(nu__py self, const nu__py *args)
{
    (void)self;
    if (args[0].type == &nu__py_bytes_type)
        return nu__py_of(
            nu_json_read((nu_str){ (const char *)args[0].bytes.ptr, args[0].bytes.len }));
    if (!NU__PY_IS(args[0], str))
        nu_raise(NU_TYPE_ERROR, "the JSON object must be str, bytes or bytearray, not {}",
                 args[0].type->name);
    return nu__py_of(nu_json_read(args[0].s));
}

const nu__py_module_row nu__py_json_module = {
    .name = "json",
    .functions =
        (const nu__py_method[]){
            { "dumps", "obj, *, indent=, sort_keys=, ensure_ascii=, default=, separators=", dumps },
            { "loads", "s", loads },
            { NULL, NULL, NULL } },
    .types = (const nu__py_type *const[]){ &nu__py_errors[NU_JSON_DECODE_ERROR], NULL },
};
