#include "serializers/formats.h"

static const nu__serializer *const formats[] = {
    &nu__json_serializer,
#ifdef NU__EXPAT
    &nu__xml_serializer,
#endif
#ifdef NU__YAML
    &nu__yaml_serializer,
#endif
    &nu__jsonl_serializer,
};
enum { FORMATS = sizeof formats / sizeof *formats };

const nu__serializer *nu__serializer_find(nu_str name)
{
    if (nu_eq(name, "yml"))
        name = S("yaml");
    for (size_t i = 0; i < FORMATS; i++)
        if (nu_eq(name, formats[i]->name))
            return formats[i];
    return NULL;
}

nu_str nu__serializer_names(void)
{
    nu_str names = S("");

    for (size_t i = 0; i < FORMATS; i++)
        names = nu_fmt("{}{}{}", names, i ? ", " : "", formats[i]->name);
    return names;
}

void nu__take_objects(nu_value value, void (*take)(void *self, nu_dict *object), void *self)
{
    if (value.kind != NU_KIND_LIST)
        nu_raise(NU_DESERIALIZATION_ERROR, "a fixture is a list of objects");
    for (size_t i = 0; i < nu_list_len(value.list); i++) {
        nu_value object = nu_at(value.list, i);

        if (object.kind != NU_KIND_DICT)
            nu_raise(NU_DESERIALIZATION_ERROR, "item {} of the fixture is no object", i + 1);
        take(self, object.dict);
    }
}
