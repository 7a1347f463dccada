/* A site that writes and sends the messages it is told of, as JSON, a line each: for test_mail.py
 * and the comparison with Django. */
#include <nuages/cli.h>
#include <nuages/nuages.h>

#include <stdio.h>
#include <string.h>

/* Text, or bytes as a list of numbers. */
static nu_str content_of(nu_value text)
{
    nu_list *numbers = text.list;
    char *bytes;

    if (text.kind != NU_KIND_LIST)
        return nu_string(text);
    bytes = nu_alloc_array(char, nu_list_len(numbers) + 1);
    for (size_t i = 0; i < nu_list_len(numbers); i++)
        bytes[i] = (char)nu_at(numbers, i).i;
    return (nu_str){ bytes, nu_list_len(numbers) };
}

static nu_list *list_of(const nu_dict *told, const char *name)
{
    return nu_as_list(nu_item(told, name));
}

static const char *text_or_null(nu_value value)
{
    return value.kind == NU_KIND_NULL ? NULL : nu_string(value).ptr;
}

static nu_email *email_of(const nu_dict *told)
{
    nu_email *email = nu_email_message(.body = nu_string(nu_item(told, "body")));
    nu_dict *headers = nu_item(told, "headers").dict;
    nu_list *attachments = list_of(told, "attachments"), *others = list_of(told, "alternatives");

    email->subject = nu_string(nu_item(told, "subject"));
    email->from_email = nu_string(nu_item(told, "from"));
    email->to = list_of(told, "to");
    email->cc = list_of(told, "cc");
    email->bcc = list_of(told, "bcc");
    email->reply_to = list_of(told, "reply_to");
    for (size_t i = 0; i < nu_dict_len(headers); i++)
        nu_dict_set_str(email->headers, nu_dict_key(headers, i), nu_dict_value(headers, i));
    if (nu_item(told, "subtype").kind != NU_KIND_NULL)
        email->content_subtype = nu_string(nu_item(told, "subtype")).ptr;
    for (size_t i = 0; i < nu_list_len(others); i++) {
        nu_list *each = nu_at(others, i).list;

        nu_email_attach_alternative(email, nu_string(nu_at(each, 0)),
                                    nu_string(nu_at(each, 1)).ptr);
    }
    for (size_t i = 0; i < nu_list_len(attachments); i++) {
        nu_list *each = nu_at(attachments, i).list;

        if (nu_at(each, 1).kind == NU_KIND_DICT)
            nu_email_attach_message(email, email_of(nu_at(each, 1).dict));
        else
            nu_email_attach(email, text_or_null(nu_at(each, 0)), content_of(nu_at(each, 1)),
                            text_or_null(nu_at(each, 2)));
    }
    return email;
}

static void show(const nu_dict *answer)
{
    puts(nu_to_json((nu_dict *)answer).ptr);
    fflush(stdout);
}

static void show_error(const nu_error *error)
{
    show(NU_DICT(("error", nu_fmt("{}: {}", nu_error_class_name(error->klass), error->message))));
}

static void render_one(nu_str line)
{
    show(NU_DICT(("text", nu_email_as_text(email_of(nu_json_read(line).dict)))));
}

static nu_email **emails;
static size_t n_emails;

static void add_one(nu_str line)
{
    emails[n_emails++] = email_of(nu_json_read(line).dict);
}

static void each_line(void (*fn)(nu_str line), bool errors_shown)
{
    static char line[1 << 22];

    while (fgets(line, sizeof line, stdin)) {
        nu_str text = nu_copy(nu_trim(nu_s(line)));
        const nu_error *error;

        if (!errors_shown) {
            fn(text);
            continue;
        }
        nu_scratch_scope();
        error = nu_catch(NU_EXCEPTION, fn(text));
        if (error)
            show_error(error);
    }
}

static int render(const nu_command_run *run)
{
    (void)run;
    each_line(render_one, true);
    return 0;
}

/* All of them over one connection. */
static int send_all(const nu_command_run *run)
{
    const nu_error *error;
    int64_t sent = 0;

    (void)run;
    emails = nu_alloc_array(nu_email *, 1000);
    each_line(add_one, false);
    error = nu_catch(NU_EXCEPTION, sent = nu_send_messages(emails, n_emails));
    if (error)
        show_error(error);
    else
        show(NU_DICT(("sent", sent)));
    return 0;
}

static const nu_command render_command = { .name = "mailrender",
                                           .help = "Write them.",
                                           .run = render };
static const nu_command send_command = { .name = "mailsend",
                                         .help = "Send them.",
                                         .run = send_all };

/* ---- errors of requests ---------------------------------------------------------------------- */

static nu_response *broken(nu_request *req)
{
    (void)req;
    nu_raise(NU_VALUE_ERROR, "no such thing\nas this");
}

static nu_response *other(nu_request *req)
{
    nu_raise(NU_KEY_ERROR, "{}", nu_query_param(req, "q"));
}

static const nu_urlconf urls = { .urlpatterns = { path("broken/", broken),
                                                  path("other/", other) } };
static const nu_app app = { .name = "mail_site", .commands = { &render_command, &send_command } };
static const nu_settings settings = {
    .installed_apps = { &app },
    .root_urlconf = &urls,
    .allowed_hosts = { "*" },
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
