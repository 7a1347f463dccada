#include "messages/storage.h"

static const struct {
    int64_t level;
    nu_str tag;
} level_tags[] = {
    { NU_MESSAGE_DEBUG, { "debug", 5 } },     { NU_MESSAGE_INFO, { "info", 4 } },
    { NU_MESSAGE_SUCCESS, { "success", 7 } }, { NU_MESSAGE_WARNING, { "warning", 7 } },
    { NU_MESSAGE_ERROR, { "error", 5 } },
};

nu_str nu__message_level_tag(int64_t level)
{
    for (size_t i = 0; i < sizeof(level_tags) / sizeof(level_tags[0]); i++)
        if (level_tags[i].level == level)
            return level_tags[i].tag;
    return S("");
}

nu_str nu__message_tags(const nu__message *message)
{
    nu_str tag = nu__message_level_tag(message->level);

    if (!message->extra_tags.len)
        return tag;
    return tag.len ? nu_fmt("{} {}", message->extra_tags, tag) : message->extra_tags;
}

nu__message *nu__message_new(int64_t level, nu_value message, nu_str extra_tags)
{
    nu__message *made = nu_alloc(nu__message);

    made->object.type = &nu__message_class;
    made->level = level;
    made->message = message;
    made->extra_tags = extra_tags;
    return made;
}

static bool message_get(const nu_object *self, nu_str name, nu_value *out)
{
    const nu__message *message = (const nu__message *)self;

    if (nu_eq(name, "tags"))
        *out = V(nu__message_tags(message));
    else if (nu_eq(name, "level_tag"))
        *out = V(nu__message_level_tag(message->level));
    else if (nu_eq(name, "level"))
        *out = V(message->level);
    else if (nu_eq(name, "message"))
        *out = message->message;
    else if (nu_eq(name, "extra_tags"))
        *out = message->extra_tags.ptr ? V(message->extra_tags) : nu_null();
    else
        return false;
    return true;
}

static nu_value message_text(const nu_object *self)
{
    return nu__value_text(((const nu__message *)self)->message);
}

static const nu_object_ops message_ops = { .kind = "message",
                                           .get = message_get,
                                           .text = message_text };
const nu_class nu__message_class = { &message_ops, "Message" };
