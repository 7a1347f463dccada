#include "harness.h"

#include "mail/addresses.h"
#include "mail/header.h"
#include "mail/mail.h"
#include "utils/punycode.h"

#include <nuages/mail.h>
#include <string.h>

#define FIXED .headers = NU_VARS(("Date", "d"), ("Message-ID", "<i>"))

static void a_text_is_one_part(void)
{
    nu_email *email = nu_email_message(.from = "a@example.com", .to = { "b@example.com" },
                                       .subject = "Hi", .body = S("One\r\nTwo"), FIXED);

    CHECK_STR(nu_email_as_text(email), "Content-Type: text/plain; charset=\"utf-8\"\n"
                                       "MIME-Version: 1.0\n"
                                       "Content-Transfer-Encoding: 7bit\n"
                                       "Subject: Hi\nFrom: a@example.com\nTo: b@example.com\n"
                                       "Date: d\nMessage-ID: <i>\n\nOne\nTwo");
    CHECK(strstr(nu__email_bytes(email, "\r\n").ptr, "\r\n\r\nOne\r\nTwo") != NULL);
}

static void hidden_recipients_stay_hidden(void)
{
    nu_email *email = nu_email_message(.from = "a@example.com", .bcc = { "secret@example.com" },
                                       .cc = { "c@example.com" }, FIXED);

    CHECK(!strstr(nu_email_as_text(email).ptr, "secret"));
    CHECK_INT(nu_list_len(nu_email_recipients(email)), 2);
}

static void headers_hold_no_line_breaks(void)
{
    static const char *const bad[] = { "a\nb", "a\r\nBcc: x@example.com", "a\r" };

    for (size_t i = 0; i < 3; i++) {
        nu_email *email = nu_email_message(.from = "a@example.com", FIXED);

        CHECK_RAISES(NU_BAD_HEADER_ERROR, "can't contain newlines",
                     nu__header_safe(S("Subject"), nu_s(bad[i])));
        nu_list_append(email->to, bad[i]);
        CHECK_RAISES(NU_BAD_HEADER_ERROR, "'To'", nu_email_as_text(email));
    }
    CHECK_RAISES(NU_BAD_HEADER_ERROR, "no name of a header", nu__header_safe(S("X: y\n"), S("v")));
}

static void a_type_has_a_slash(void)
{
    nu_email *email = nu_email_message(.from = "a@example.com");

    CHECK_RAISES(NU_VALUE_ERROR, "image/png", nu_email_attach(email, "a", S(""), "png"));
    CHECK_RAISES(NU_VALUE_ERROR, "no type",
                 nu_email_attach_alternative(email, S(""), "text/html\r\nX: y"));
    CHECK_RAISES(NU_OS_ERROR, "/nowhere/at/all",
                 nu_email_attach_file(email, "/nowhere/at/all", NULL));
    CHECK_INT(email->n_attachments, 0);
}

static void files_are_attached_by_their_names(void)
{
    nu_email *email = nu_email_message(.from = "a@example.com");

    nu_email_attach_file(email, "/etc/hostname", "text/plain");
    CHECK_STR(email->attachments[0].filename, "hostname");
}

static void messages_nest_only_so_deep(void)
{
    nu_email *email = nu_email_message(.from = "a@example.com", FIXED);

    nu_email_attach_message(email, email);
    CHECK_RAISES(NU_VALUE_ERROR, "over 16 deep", nu_email_as_text(email));
}

static void the_envelope_takes_bare_addresses(void)
{
    static const char *const good[][2] = {
        { "a@example.com", "a@example.com" },
        { "Ada L. <a.b+c@example.com>", "a.b+c@example.com" },
        { "\"Ada, L\" <a@example.com>", "a@example.com" },
        { "\"a b\"@example.com", "\"a b\"@example.com" },
        { "a@[127.0.0.1]", "a@[127.0.0.1]" },
        { "root", "root" },
        { "Ada <a@ex\xc3\xa4mple.com>", "a@xn--exmple-cua.com" },
    };
    static const char *const bad[] = { "",         "<>",           "a b@example.com",
                                       "a@b@c",    "@example.com", "a@",
                                       "a@b, c@d", "Ada <a@b",     "a\n@b.com",
                                       ".a@b.com", "((((a" };

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK_STR(nu__address_bare(nu_s(good[i][0])), good[i][1]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_RAISES(NU_VALUE_ERROR, "Invalid address", nu__address_bare(nu_s(bad[i])));
}

static void comments_nest_only_so_deep(void)
{
    char many[400];

    memset(many, '(', sizeof many);
    CHECK_RAISES(NU_VALUE_ERROR, "nested over",
                 nu__addresses_encode((nu_str){ many, sizeof many }));
}

static void hosts_are_written_in_punycode(void)
{
    CHECK_STR(nu__punycode(S("example.com")), "example.com");
    CHECK_STR(nu__punycode(S("B\xc3\xbc"
                             "cher.example")),
              "xn--bcher-kva.example");
    CHECK_STR(nu__punycode(S("\xe6\x97\xa5\xe6\x9c\xac\xe3\x80\x82jp")), "xn--wgv71a.jp");
    CHECK_RAISES(NU_VALUE_ERROR, "empty or too long", nu__punycode(S("a..b")));
}

HARNESS(a_text_is_one_part, hidden_recipients_stay_hidden, headers_hold_no_line_breaks,
        a_type_has_a_slash, files_are_attached_by_their_names, messages_nest_only_so_deep,
        the_envelope_takes_bare_addresses, comments_nest_only_so_deep,
        hosts_are_written_in_punycode)
