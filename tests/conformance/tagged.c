#include "conformance.h"
#include "core/decimal.h"
#include "core/list.h"
#include "core/mapping.h"
#include "core/object.h"
#include "core/text.h"
#include "core/time.h"
#include "files/file.h"
#include "template/formats.h"
#include "utils/base64.h"

#include <math.h>
#include <nuages/decimal.h>
#include <nuages/http.h>
#include <nuages/uuid.h>

/* ---- tags --------------------------------------------------------------------------------- */

static nu_value parse_decimal(nu_str text)
{
    nu_decimal number;
    nu__decimal_status status = nu__decimal_parse(text, &number);

    if (status == NU__DECIMAL_NO_NUMBER)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "the decimal {}", text);
    if (status != NU__DECIMAL_OK)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "decimals of over 38 digits");
    return nu_v_decimal(number);
}

static nu_value untag_decimal(nu_value inner, nu_value outer)
{
    (void)outer;
    return parse_decimal(nu_string(inner));
}

static nu_value untag_int(nu_value inner, nu_value outer)
{
    (void)outer;
    nu_value number = nu_json_read(nu_string(inner));

    return number.kind == NU_KIND_FLOAT ? parse_decimal(nu_string(inner)) : number;
}

static nu_value untag_float(nu_value inner, nu_value outer)
{
    (void)outer;
    nu_str text = nu_string(inner);

    return nu_v_float(nu_eq(text, "nan") ? NAN : nu_eq(text, "inf") ? INFINITY : -INFINITY);
}

static nu_value untag_safe(nu_value inner, nu_value outer)
{
    (void)outer;
    return conf_safe(nu_string(inner));
}

static nu_value untag_bytes(nu_value inner, nu_value outer)
{
    nu_bytes bytes;

    (void)outer;
    nu__base64_decode(nu_string(inner), NU__BASE64, &bytes);
    return V(bytes);
}

static nu_value untag_date(nu_value inner, nu_value outer)
{
    nu_date date = { 0 };

    (void)outer;
    nu__date_from_iso(nu_string(inner), &date);
    return V(date);
}

static nu_value untag_time(nu_value inner, nu_value outer)
{
    nu_time time = { 0 };

    (void)outer;
    nu__time_from_iso(nu_string(inner), &time);
    return V(time);
}

static int fold_of(nu_value outer)
{
    nu_value fold = nu_item(outer.dict, "fold");

    return fold.kind == NU_KIND_INT ? (int)fold.i : 0;
}

conf_datetimes conf_keep_zones;

static nu_value untag_datetime(nu_value inner, nu_value outer)
{
    const nu_timezone *zone = conf_zone(outer);
    nu__iso_datetime parsed;
    nu_datetime instant = { 0 };

    nu__datetime_from_iso(nu_string(inner), &parsed);
    if (parsed.has_offset)
        instant.us = parsed.wall_us - parsed.offset_us;
    else
        nu__timezone_from_wall(nu_timezone_default(), parsed.wall_us, fold_of(outer), &instant);
    if (conf_keep_zones == CONF_ALL_ZONES || (conf_keep_zones == CONF_NO_ZONE && !zone))
        return nu__zoned_datetime(instant, zone);
    return V(instant);
}

static nu_value untag_timedelta(nu_value inner, nu_value outer)
{
    (void)outer;
    return V(nu_seconds(nu_float(inner)));
}

static nu_value untag_uuid(nu_value inner, nu_value outer)
{
    (void)outer;
    return V(nu_uuid_parse(nu_string(inner)));
}

static nu_value untag_tuple(nu_value inner, nu_value outer)
{
    (void)outer;
    return V(nu__list_as(nu_as_list(conf_untag(inner)), NU__TUPLE));
}

static nu_value untag_querydict(nu_value inner, nu_value outer)
{
    (void)outer;
    return nu_querydict_value(nu_querydict_parse(nu_string(inner), 0));
}

static nu_value untag_range(nu_value inner, nu_value outer)
{
    nu_list *numbers = nu_list_new();
    int64_t step = nu_int(nu_at(inner.list, 2)), stop = nu_int(nu_at(inner.list, 1));

    (void)outer;
    for (int64_t i = nu_int(nu_at(inner.list, 0)); step > 0 ? i < stop : i > stop; i += step)
        nu_list_append(numbers, i);
    return V(numbers);
}

static nu_value untag_dict(nu_value inner, nu_value outer)
{
    nu_value mapping = nu__mapping_new();

    (void)outer;
    for (size_t i = 0; i < nu_list_len(inner.list); i++) {
        nu_list *pair = nu_as_list(nu_at(inner.list, i));

        nu__mapping_set(mapping, conf_untag(nu_at(pair, 0)), conf_untag(nu_at(pair, 1)));
    }
    return mapping;
}

static nu_value untag_upload(nu_value inner, nu_value outer)
{
    nu_str name = nu_string(nu_item(inner.dict, "name"));
    nu_value type = nu_item(inner.dict, "content_type");
    nu_bytes bytes = { 0 };
    nu_file *file;

    (void)outer;
    if (!name.len)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "files without a name");
    file = nu__file_new(name, false, NULL);
    nu__base64_decode(nu_string(nu_item(inner.dict, "content")), NU__BASE64, &bytes);
    nu__file_write(file, (const char *)bytes.ptr, bytes.len);
    file->content_type = type.kind == NU_KIND_NULL ? S("") : nu_string(type);
    return nu__file_value(file);
}

static const struct {
    const char *tag;
    nu_value (*untag)(nu_value inner, nu_value outer);
} tags[] = {
    { "__safe__", untag_safe },           { "__int__", untag_int },
    { "__float__", untag_float },         { "__decimal__", untag_decimal },
    { "__bytes__", untag_bytes },         { "__date__", untag_date },
    { "__time__", untag_time },           { "__datetime__", untag_datetime },
    { "__timedelta__", untag_timedelta }, { "__uuid__", untag_uuid },
    { "__tuple__", untag_tuple },         { "__range__", untag_range },
    { "__dict__", untag_dict },           { "__querydict__", untag_querydict },
    { "__upload__", untag_upload },
};

const char *conf_tag(nu_value tagged)
{
    if (tagged.kind != NU_KIND_DICT || !nu_dict_len(tagged.dict))
        return NULL;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (nu_eq(nu_dict_key(tagged.dict, 0), tags[i].tag))
            return tags[i].tag;
    return NULL;
}

static nu_value untag_plain_dict(const nu_dict *dict)
{
    nu_dict *plain = nu_dict_new();

    for (size_t i = 0; i < nu_dict_len(dict); i++)
        nu_dict_set_str(plain, nu_dict_key(dict, i), conf_untag(nu_dict_value(dict, i)));
    return V(plain);
}

nu_value conf_untag(nu_value tagged)
{
    nu_list *items;
    const char *tag = conf_tag(tagged);

    for (size_t i = 0; tag && i < sizeof tags / sizeof *tags; i++)
        if (tag == tags[i].tag)
            return tags[i].untag(nu_dict_value(tagged.dict, 0), tagged);
    if (tagged.kind == NU_KIND_DICT)
        return untag_plain_dict(tagged.dict);
    if (tagged.kind != NU_KIND_LIST)
        return tagged;
    items = nu_list_new();
    for (size_t i = 0; i < nu_list_len(tagged.list); i++)
        nu_list_append(items, conf_untag(nu_at(tagged.list, i)));
    return V(items);
}

const nu_timezone *conf_zone(nu_value tagged)
{
    const char *tag = conf_tag(tagged);
    nu_value name;
    nu__iso_datetime parsed;

    if (!tag || !nu_eq(tag, "__datetime__"))
        return NULL;
    name = nu_item(tagged.dict, "tz");
    if (name.kind == NU_KIND_STR)
        return nu_timezone_get(nu_copy(name.s).ptr);
    nu__datetime_from_iso(nu_string(nu_dict_value(tagged.dict, 0)), &parsed);
    return parsed.has_offset ? nu_timezone_fixed((int)(parsed.offset_us / NU__US_MINUTE)) : NULL;
}

/* ---- comparing ---------------------------------------------------------------------------- */

static bool same_lists(const nu_list *a, const nu_list *b)
{
    if (nu_list_len(a) != nu_list_len(b))
        return false;
    for (size_t i = 0; i < nu_list_len(a); i++)
        if (!conf_same(nu_at(a, i), nu_at(b, i)))
            return false;
    return true;
}

static bool same_dicts(const nu_dict *a, const nu_dict *b)
{
    nu_value other;

    if (nu_dict_len(a) != nu_dict_len(b))
        return false;
    for (size_t i = 0; i < nu_dict_len(a); i++)
        if (!nu_dict_find(b, nu_dict_key(a, i), &other) || !conf_same(nu_dict_value(a, i), other))
            return false;
    return true;
}

static bool same_decimals(nu_decimal a, nu_decimal b)
{
    char left[NU__DECIMAL_TEXT], right[NU__DECIMAL_TEXT];

    nu__decimal_text(left, a);
    nu__decimal_text(right, b);
    return nu_eq(left, right);
}

bool conf_same(nu_value a, nu_value b)
{
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case NU_KIND_LIST:
        return same_lists(a.list, b.list);
    case NU_KIND_DICT:
        return same_dicts(a.dict, b.dict);
    case NU_KIND_DECIMAL:
        return same_decimals(*a.decimal, *b.decimal);
    case NU_KIND_FLOAT:
        return a.f == b.f || (isnan(a.f) && isnan(b.f));
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return nu_eq(a.s, b.s);
    default:
        return nu__value_equal(a, b);
    }
}

nu_str conf_show(nu_value value)
{
    nu__buf buf = { 0 };

    if (value.kind == NU_KIND_SAFE)
        nu__buf_lit(&buf, "safe ");
    nu__buf_repr(&buf, value);
    return nu__buf_str(&buf);
}

/* ---- access ------------------------------------------------------------------------------- */

nu_value conf_raw(const conf_case *c, size_t index)
{
    return nu_at(c->args, index);
}

nu_value conf_raw_kwarg(const conf_case *c, const char *name)
{
    return nu_item(c->kwargs, name);
}

nu_value conf_arg(const conf_case *c, size_t index)
{
    return conf_untag(conf_raw(c, index));
}

nu_value conf_kwarg(const conf_case *c, const char *name)
{
    return conf_untag(conf_raw_kwarg(c, name));
}

static nu_str text_or_null(nu_value value)
{
    return value.kind == NU_KIND_NULL ? (nu_str){ NULL, 0 } : nu_string(value);
}

nu_str conf_text(const conf_case *c, size_t index)
{
    return text_or_null(conf_arg(c, index));
}

nu_value conf_member(const conf_case *c, const char *member)
{
    return conf_untag(nu_item(c->data, member));
}

nu_str conf_member_text(const conf_case *c, const char *member)
{
    return text_or_null(conf_member(c, member));
}

nu_value conf_safe(nu_str html)
{
    return (nu_value){ .kind = NU_KIND_SAFE, .s = html };
}

nu_value conf_bool(bool b)
{
    return nu_v_bool(b);
}

NU_NORETURN void conf_raise_plain(const nu_error *error)
{
    ptrdiff_t place = nu__find(error->message, S("\n  "));
    nu_str message = place < 0 ? error->message : nu__sub(error->message, 0, (size_t)place);

    nu_raise_(error->klass, error->file, error->line, "{}", NU_ARGS(message));
}
