#include "conformance.h"
#include "utils/ipv6.h"
#include "utils/numberformat.h"
#include "utils_ops.h"

static nu_value floatformat(const conf_case *c)
{
    nu_value arg = nu_list_len(c->args) > 1 ? conf_arg(c, 1) : nu_v_int(-1);

    return nu__floatformat(conf_arg(c, 0), arg);
}

static void set_grouping(nu__numberformat *format, nu_value grouping)
{
    if (grouping.kind == NU_KIND_INT)
        format->grouping[0] = (uint8_t)grouping.i;
    for (size_t i = 0; grouping.kind == NU_KIND_LIST && i < nu_list_len(grouping.list); i++)
        format->grouping[i] = (uint8_t)nu_int(nu_at(grouping.list, i));
}

/* Django marks the text as safe where an integer needs nothing done to it. */
static nu_value numberformat(const conf_case *c)
{
    nu_value places = conf_kwarg(c, "decimal_pos"), separator = conf_kwarg(c, "thousand_sep");
    nu_value force = conf_kwarg(c, "force_grouping"), number = conf_arg(c, 0);
    nu__numberformat format = {
        .decimal_separator = nu_copy(conf_text(c, 1)).ptr,
        .thousand_separator = separator.kind == NU_KIND_NULL ? "" : nu_copy(separator.s).ptr,
        .places = places.kind == NU_KIND_INT ? (int)places.i : -1,
        .group = force.kind == NU_KIND_BOOL && force.b,
    };
    nu_str text;

    set_grouping(&format, conf_kwarg(c, "grouping"));
    text = nu__number_text(number, &format);
    if (number.kind == NU_KIND_INT && format.places <= 0 && !(format.group && format.grouping[0]))
        return conf_safe(text);
    return V(text);
}

static bool flag(nu_value value)
{
    return value.kind == NU_KIND_BOOL && value.b;
}

static nu_value clean_ipv6_address(const conf_case *c)
{
    char text[NU__IPV6_TEXT];
    bool unpack = flag(conf_kwarg(c, "unpack_ipv4")) || flag(conf_arg(c, 1));

    if (!nu__clean_ipv6_address(text, conf_text(c, 0), NU__IPV6_MAX_LENGTH, unpack))
        nu_raise(NU_VALIDATION_ERROR, "This is not a valid IPv6 address.");
    return V(nu_copy_cstr(text));
}

static nu_value is_valid_ipv6_address(const conf_case *c)
{
    return conf_bool(nu__is_valid_ipv6_address(conf_text(c, 0)));
}

const conf_op conf_utils_numbers[] = {
    { "floatformat", floatformat },
    { "numberformat", numberformat },
    { "clean_ipv6_address", clean_ipv6_address },
    { "is_valid_ipv6_address", is_valid_ipv6_address },
    { 0 },
};
