/* JSON: a list of objects, or an object a line ("jsonl"), as Django's serializers lay them out. */
#include "core/json.h"
#include "core/object.h"
#include "core/text.h"
#include "serializers/formats.h"

static const nu__json_style style = { .spaced = true, .nan = true, .milliseconds = true };

enum { ON_A_LINE = -1 }; /* in place of an indent: nothing after a comma */

static void write_value(nu__buf *out, nu_value value, int indent, int depth);

static void new_line(nu__buf *out, int indent, int depth)
{
    if (indent <= 0)
        return;
    nu__buf_char(out, '\n');
    nu__buf_fill(out, ' ', (size_t)(indent * depth));
}

static void separate(nu__buf *out, size_t i, int indent, int depth)
{
    if (i)
        nu__buf_char(out, ',');
    if (i && !indent)
        nu__buf_char(out, ' ');
    new_line(out, indent, depth);
}

static void write_list(nu__buf *out, const nu_list *list, int indent, int depth)
{
    nu__buf_char(out, '[');
    for (size_t i = 0; i < nu_list_len(list); i++) {
        separate(out, i, indent, depth + 1);
        write_value(out, nu_at(list, i), indent, depth + 1);
    }
    if (nu_list_len(list))
        new_line(out, indent, depth);
    nu__buf_char(out, ']');
}

static void write_dict(nu__buf *out, const nu_dict *dict, int indent, int depth)
{
    nu__buf_char(out, '{');
    for (size_t i = 0; i < nu_dict_len(dict); i++) {
        separate(out, i, indent, depth + 1);
        nu__json_str(out, nu_dict_key(dict, i), &style);
        nu__buf_lit(out, ": ");
        write_value(out, nu_dict_value(dict, i), indent, depth + 1);
    }
    if (nu_dict_len(dict))
        new_line(out, indent, depth);
    nu__buf_char(out, '}');
}

static void write_value(nu__buf *out, nu_value value, int indent, int depth)
{
    if (depth > NU__JSON_DEPTH)
        nu_raise(NU_VALUE_ERROR, "a value is nested over {} deep", (int64_t)NU__JSON_DEPTH);
    if (value.kind == NU_KIND_LIST)
        write_list(out, value.list, indent, depth);
    else if (value.kind == NU_KIND_DICT)
        write_dict(out, value.dict, indent, depth);
    else
        nu__json_value(out, value, &style);
}

nu_dict *nu__record_dict(const nu__record *record)
{
    nu_dict *object = nu_dict_new(), *fields = nu_dict_new();

    nu_dict_set(object, "model",
                nu_fmt("{}.{}", record->info->app_label, record->info->model_name));
    if (record->has_pk)
        nu_dict_set_(object, "pk", record->pk);
    for (size_t i = 0; i < record->n_fields; i++)
        nu_dict_set_str(fields, record->fields[i].field->name, record->fields[i].value);
    nu_dict_set(object, "fields", fields);
    return object;
}

static void begin(nu__buf *out, int indent)
{
    (void)indent;
    nu__buf_char(out, '[');
}

static void write(nu__buf *out, const nu__record *record, int indent, bool first)
{
    if (!first)
        nu__buf_char(out, ',');
    if (!first && !indent)
        nu__buf_char(out, ' ');
    if (indent)
        nu__buf_char(out, '\n');
    write_value(out, V(nu__record_dict(record)), indent, 0);
}

static void end(nu__buf *out, int indent, bool any)
{
    (void)any;
    nu__buf_str_add(out, indent ? S("\n]\n") : S("]"));
}

static nu_value loads(nu_str text, int64_t first_line)
{
    nu__json_error error;
    nu_value value;

    if (!nu__json_try_loads(text, &value, &error))
        nu_raise(NU_DESERIALIZATION_ERROR, "{}: line {} column {} (char {})", error.message,
                 (int64_t)error.line + first_line - 1, error.column, error.position);
    return value;
}

static void read(nu_str text, void (*take)(void *self, nu_dict *object), void *self)
{
    nu__take_objects(loads(text, 1), take, self);
}

const nu__serializer nu__json_serializer = { "json", begin, write, end, read };

/* ---- an object a line ------------------------------------------------------------------------ */

static void begin_lines(nu__buf *out, int indent)
{
    (void)out;
    (void)indent;
}

static void write_line(nu__buf *out, const nu__record *record, int indent, bool first)
{
    (void)indent;
    (void)first;
    write_value(out, V(nu__record_dict(record)), ON_A_LINE, 0);
    nu__buf_char(out, '\n');
}

static void end_lines(nu__buf *out, int indent, bool any)
{
    (void)out;
    (void)indent;
    (void)any;
}

static void read_lines(nu_str text, void (*take)(void *self, nu_dict *object), void *self)
{
    nu_list *lines = nu__split(text, S("\n"));

    for (size_t i = 0; i < nu_list_len(lines); i++) {
        nu_str line = nu_trim(nu_at(lines, i).s);

        if (line.len)
            nu__take_objects(V(NU_LIST(loads(line, (int64_t)i + 1))), take, self);
    }
}

const nu__serializer nu__jsonl_serializer = { "jsonl", begin_lines, write_line, end_lines,
                                              read_lines };
