/* Fields and relations as attributes of a model's class: Student.gpa, Course.tags.through. */
#include "cli/shell/orm/orm.h"

typedef struct descriptor {
    const nu__field *field;       /* the model's own */
    const nu__relation *relation; /* either side's */
    bool reverse;
} descriptor;

static const descriptor *of(nu__py self)
{
    return self.cp;
}

/* Which of Django's descriptors it is. */
typedef enum kind { PLAIN, FORWARD, FORWARD_ONE, REVERSE, REVERSE_ONE, MANY, KINDS } kind;

static kind kind_of(const descriptor *d)
{
    if (!d->relation)
        return PLAIN;
    if (d->relation->many_to_many)
        return MANY;
    if (d->reverse)
        return d->relation->one_to_one ? REVERSE_ONE : REVERSE;
    return d->relation->one_to_one ? FORWARD_ONE : FORWARD;
}

static nu__py get_field(nu__py self)
{
    return nu__orm_field(of(self)->field ? of(self)->field : of(self)->relation->field);
}

static nu__py get_rel(nu__py self)
{
    return nu__orm_relation(of(self)->relation);
}

static nu__py get_through(nu__py self)
{
    return nu__py_class(nu__orm_type_of(of(self)->relation->through));
}

static nu__py get_reverse(nu__py self)
{
    return nu__py_bool(of(self)->reverse);
}

static nu__py get_missing(nu__py self)
{
    const descriptor *d = of(self);

    return nu__py_class(nu__orm_missing_related(d->reverse ? d->relation->from : d->relation->to));
}

#define KIND(k)  (1u << (k))
#define SINGULAR (KIND(FORWARD) | KIND(FORWARD_ONE) | KIND(REVERSE_ONE))

static const struct {
    const char *name;
    unsigned kinds;
    nu__py (*get)(nu__py self);
} attributes[] = {
    { "field", ~KIND(REVERSE_ONE), get_field },
    { "rel", KIND(REVERSE) | KIND(MANY), get_rel },
    { "related", KIND(REVERSE_ONE), get_rel },
    { "through", KIND(MANY), get_through },
    { "reverse", KIND(MANY), get_reverse },
    { "RelatedObjectDoesNotExist", SINGULAR, get_missing },
};

static bool get(nu__py self, nu_str name, nu__py *out)
{
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (nu_eq(name, attributes[i].name) && attributes[i].kinds & KIND(kind_of(of(self)))) {
            *out = attributes[i].get(self);
            return true;
        }
    return false;
}

static void names(nu__py self, nu_list *out)
{
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (attributes[i].kinds & KIND(kind_of(of(self))))
            nu_list_append(out, attributes[i].name);
}

static void repr(nu__py self, nu__buf *out)
{
    const descriptor *d = of(self);

    nu__buf_fmt(out, "<descriptor of {}>", d->field ? d->field->name : d->relation->accessor);
}

#define RELATED(n)                                                                                 \
    {                                                                                              \
        .name = (n), .module = "django.db.models.fields.related_descriptors", .get = get,          \
        .names = names, .repr = repr                                                               \
    }

static const nu__py_type types[KINDS] = {
    [PLAIN] = { .name = "DeferredAttribute",
                .module = "django.db.models.query_utils",
                .get = get,
                .names = names,
                .repr = repr },
    [FORWARD] = RELATED("ForwardManyToOneDescriptor"),
    [FORWARD_ONE] = RELATED("ForwardOneToOneDescriptor"),
    [REVERSE] = RELATED("ReverseManyToOneDescriptor"),
    [REVERSE_ONE] = RELATED("ReverseOneToOneDescriptor"),
    [MANY] = RELATED("ManyToManyDescriptor"),
};

bool nu__orm_descriptor(nu__model_info *info, nu_str name, nu__py *out)
{
    const nu__field *field = nu__model_field(info, name), *many = nu__model_many(info, name);
    const nu__relation *reverse = nu__model_reverse(info, name);
    descriptor *d;

    if ((!field && !many && !reverse) || nu_eq(name, "pk"))
        return false;
    d = nu_alloc(descriptor);
    d->field = field ? field : many;
    d->relation = d->field ? d->field->relation : reverse;
    d->reverse = !d->field;
    *out = nu__py_pointer(&types[kind_of(d)], d);
    return true;
}
