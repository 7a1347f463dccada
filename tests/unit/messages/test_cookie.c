#include "harness.h"

#include "conf/settings.h"
#include "messages/storage.h"
#include "utils/signing.h"

/* Written by Django: SECRET_KEY "secret", one message of level INFO, "hi". */
#define DJANGOS                                                                                    \
    "W1siX19qc29uX21lc3NhZ2UiLDAsMjAsImhpIl1d:1s7wjV:pyZbJSxpRQ30Q2637hTxqe8wIL3w0sWSMcEVKBJgjig"

static void setup(void)
{
    nu__conf_setup(&(const nu_settings){ .secret_key = "secret" });
    nu__signing_set_keys(nu__settings.secret_key, NULL, 0);
}

static nu__message *message(nu_list *list, size_t i)
{
    return (nu__message *)nu_at(list, i).object;
}

static void a_cookie_of_django_is_read(void)
{
    bool finished;
    nu_list *found;

    setup();
    found = nu__messages_decode(S(DJANGOS), &finished);
    CHECK_INT(nu_list_len(found), 1);
    CHECK(finished);
    CHECK_INT(message(found, 0)->level, NU_MESSAGE_INFO);
    CHECK_STR(message(found, 0)->message.s, "hi");
    CHECK_STR(nu__message_tags(message(found, 0)), "info");
    nu__conf_release();
}

static void a_cookie_that_is_not_ours_holds_nothing(void)
{
    bool finished;

    setup();
    CHECK(nu__messages_decode(S(DJANGOS "x"), &finished) == NULL);
    CHECK(nu__messages_decode(S("garbage"), &finished) == NULL);
    CHECK(nu__messages_decode(S(""), &finished) == NULL);
    nu__conf_release();
}

static void what_is_stored_comes_back_with_tags_and_safety(void)
{
    nu__message *stored[] = {
        nu__message_new(NU_MESSAGE_ERROR, V("<b>é"), S("big bold")),
        nu__message_new(33, (nu_value){ .kind = NU_KIND_SAFE, .s = S("<i>x</i>") }, (nu_str){ 0 }),
    };
    nu_list *found;
    bool finished;

    setup();
    found = nu__messages_decode(nu__messages_encode(stored, 2, true), &finished);
    CHECK(!finished);
    CHECK_INT(nu_list_len(found), 2);
    CHECK_STR(nu__message_tags(message(found, 0)), "big bold error");
    CHECK_STR(message(found, 0)->message.s, "<b>é");
    CHECK_INT(message(found, 1)->message.kind, NU_KIND_SAFE);
    CHECK_STR(nu__message_tags(message(found, 1)), "");
    CHECK(message(found, 1)->extra_tags.ptr == NULL);
    nu__conf_release();
}

static void a_long_cookie_is_compressed(void)
{
    nu__message *stored[] = { nu__message_new(
        20,
        V("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        S("")) };

    setup();
    CHECK(nu_starts_with(nu__messages_encode(stored, 1, false), S(".")));
    nu__conf_release();
}

HARNESS(a_cookie_of_django_is_read, a_cookie_that_is_not_ours_holds_nothing,
        what_is_stored_comes_back_with_tags_and_safety, a_long_cookie_is_compressed)
