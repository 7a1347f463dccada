/* makemessages, a translator, compilemessages, and the text in its language: the whole way. */
#include "harness_loop.h"

#include "apps/registry.h"
#include "cli/text_files.h"
#include "conf/settings.h"
#include "core/text.h"
#include "i18n/translation.h"

#include <nuages/cli.h>
#include <nuages/i18n.h>

#include <stdlib.h>
#include <unistd.h>

static char folder[64];
static nu_app shop;
static nu_settings site;

static nu_str in_app(const char *name)
{
    return nu_fmt("{}/{}", (const char *)folder, name);
}

static void put(const char *name, const char *text)
{
    nu_str path = in_app(name);

    nu__make_folders_for(path);
    nu__write_text_file(path, nu_s(text));
}

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/messages.XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    shop = (nu_app){ .name = "shop", .path = folder };
    site = (nu_settings){ .secret_key = "k", .installed_apps = { &shop } };
    nu__conf_setup(&site);
    nu__apps_setup(site.installed_apps, 1);
    nu__i18n_setup();
    put("views.c",
        "nu_str t = nu_gettext(\"Basket\"); n = nu_ngettext(\"{} item\", \"{} items\", n);\n"
        "/* Translators: of a month */ p = nu_pgettext(\"date\", \"May\");\n");
    put("templates/shop/page.html",
        "{% load i18n %}\n{% translate \"Pay \\\"now\\\"\" %}{% trans 'Pay' %}\n"
        "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}\n");
}

static void done(void)
{
    nu__i18n_release();
    nu__apps_release();
    nu__conf_release();
    system(nu_fmt("rm -r '{}'", (const char *)folder).ptr);
}

static void translate(const char *text, const char *translation)
{
    nu_str po = in_app("locale/de/LC_MESSAGES/django.po");
    nu_str from = nu_fmt("msgid \"{}\"\nmsgstr \"\"", text);

    nu__write_text_file(po, nu__replace(nu__read_text_file(po), from,
                                        nu_fmt("msgid \"{}\"\nmsgstr \"{}\"", text, translation)));
}

static void a_text_goes_from_the_source_to_its_language(void)
{
    nu_str po;

    setup();
    put("locale/.keep", "");
    CHECK_INT(nu_call_command("makemessages", "-l", "de", "-v", "0"), 0);
    po = nu__read_text_file(in_app("locale/de/LC_MESSAGES/django.po"));
    CHECK(nu__find(po, S("#: templates/shop/page.html:2\n")) > 0);
    CHECK(nu__find(po, S("#, python-format\nmsgid \"Hello %(name)s\"")) > 0);
    CHECK(nu__find(po, S("#. Translators: of a month\n")) > 0);
    CHECK(nu__find(po, S("Plural-Forms: nplurals=2; plural=(n != 1);")) > 0);
    CHECK(access(in_app("locale/django.pot").ptr, F_OK) != 0);
    translate("Basket", "Warenkorb");
    translate("Hello %(name)s", "Hallo %(name)s");
    CHECK_INT(nu_call_command("compilemessages", "-v", "0"), 0);
    nu_language_activate(S("de"));
    CHECK_STR(nu_gettext("Basket"), "Warenkorb");
    CHECK_STR(nu_gettext_text(S("Hello %(name)s")), "Hallo %(name)s");
    CHECK_STR(nu_gettext("May"), "Mai");
    done();
}

static void a_second_run_keeps_translations_and_drops_what_went(void)
{
    nu_str po;

    setup();
    put("locale/.keep", "");
    nu_call_command("makemessages", "-l", "de", "-v", "0");
    translate("Basket", "Warenkorb");
    translate("Pay", "Zahlen");
    put("templates/shop/page.html", "");
    nu_call_command("makemessages", "--all", "--no-obsolete", "-v", "0");
    po = nu__read_text_file(in_app("locale/de/LC_MESSAGES/django.po"));
    CHECK(nu__find(po, S("msgstr \"Warenkorb\"")) > 0);
    CHECK(nu__find(po, S("Zahlen")) < 0);
    done();
}

static void options_choose_sources_and_domain(void)
{
    nu_str po;

    setup();
    put("locale/.keep", "");
    put("static/shop/cart.js", "alert(gettext('Cart is empty'));\n");
    put("templates/shop/note.tex", "{% load i18n %}{% translate \"Invoice\" %}\n");
    put("old/page.html", "{% load i18n %}{% translate \"Gone\" %}\n");
    nu_call_command("makemessages", "-l", "de", "-v", "0", "-e", "html,tex", "-i", "old*",
                    "--add-location", "file");
    po = nu__read_text_file(in_app("locale/de/LC_MESSAGES/django.po"));
    CHECK(nu__find(po, S("msgid \"Invoice\"")) > 0 && nu__find(po, S("Gone")) < 0);
    CHECK(nu__find(po, S("#: templates/shop/note.tex\n")) > 0 && nu__find(po, S("Cart")) < 0);
    nu_call_command("makemessages", "-l", "de", "-v", "0", "-d", "djangojs");
    po = nu__read_text_file(in_app("locale/de/LC_MESSAGES/djangojs.po"));
    CHECK(nu__find(po, S("msgid \"Cart is empty\"")) > 0 && nu__find(po, S("Basket")) < 0);
    CHECK_INT(nu_call_command("compilemessages", "-v", "0"), 0);
    CHECK(access(in_app("locale/de/LC_MESSAGES/djangojs.mo").ptr, F_OK) == 0);
    done();
}

/* The app's texts as makemessages writes them for German. */
static nu_str made(void)
{
    CHECK_INT(nu_call_command("makemessages", "-l", "de", "-v", "0"), 0);
    return nu__read_text_file(in_app("locale/de/LC_MESSAGES/django.po"));
}

static void check_has(nu_str po, const char *entry)
{
    CHECK(nu__find(po, nu_s(entry)) > 0);
}

static void a_text_that_is_repeated_stands_once_with_all_its_places(void)
{
    nu_str po;

    setup();
    put("locale/.keep", "");
    put("views.c", "/* Translators: in code */\nt = nu_gettext(\"dup\");\n"
                   "t = nu_gettext(\"letter\");\nt = nu_pgettext(\"c\", \"dup\");\n");
    put("templates/a.html", "{% trans 'dup' %}{% trans 'dup' %}\n{% trans 'dup' context 'c' %}\n"
                            "{% comment %}Translators: twice{% endcomment %}\n{% trans 'two' %}\n"
                            "{% trans 'day' %}\n{% trans 'day' context 'c' %}\n");
    put("templates/b.html",
        "{# Translators: in b #}\n{% trans 'dup' %}\n{# Translators: twice #}\n{% trans 'two' %}\n"
        "{% blocktrans count n=n %}day{% plural %}days{% endblocktrans %}\n"
        "{% blocktrans count n=n %}day{% plural %}other{% endblocktrans %}\n"
        "{% blocktrans count n=n %}letter{% plural %}letters{% endblocktrans %}\n");
    po = made();
    check_has(po, "#. Translators: in b\n#. Translators: in code\n"
                  "#: templates/a.html:1 templates/b.html:2 views.c:2\nmsgid \"dup\"\nmsgstr");
    check_has(po, "#: templates/a.html:2 views.c:4\nmsgctxt \"c\"\nmsgid \"dup\"\nmsgstr");
    check_has(po,
              "\n\n#. Translators: twice\n#: templates/a.html:4 templates/b.html:4\nmsgid \"two\"");
    check_has(po, "#: templates/a.html:5 templates/b.html:5 templates/b.html:6\n"
                  "msgid \"day\"\nmsgid_plural \"days\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n");
    check_has(po, "#: templates/a.html:6\nmsgctxt \"c\"\nmsgid \"day\"\nmsgstr");
    check_has(po, "#: templates/b.html:7 views.c:3\nmsgid \"letter\"\nmsgid_plural \"letters\"\n");
    done();
}

static void texts_with_directives_are_python_format(void)
{
    nu_str po;

    setup();
    put("locale/.keep", "");
    put("templates/a.html", "{% trans '50 %' %}{% trans '%s d' %}{% blocktrans %}{{ a }} b"
                            "{% endblocktrans %}\n{{ _('50%') }}{{ _('%q') }}{{ _('%-5.2f') }}"
                            "{{ _('%s %(a)s') }}{{ _('%(a') }}{{ _('plain') }}\n");
    po = made();
    check_has(po, "#, python-format\nmsgid \"50 %%\"\n");
    check_has(po, "#, python-format\nmsgid \"%%s d\"\n");
    check_has(po, "#, python-format\nmsgid \"%(a)s b\"\n");
    check_has(po, "#, python-format\nmsgid \"%-5.2f\"\n");
    check_has(po, "a.html:2\nmsgid \"50%\"\n");
    check_has(po, "a.html:2\nmsgid \"%q\"\n");
    check_has(po, "a.html:2\nmsgid \"%s %(a)s\"\n");
    check_has(po, "a.html:2\nmsgid \"%(a\"\n");
    check_has(po, "a.html:2\nmsgid \"plain\"\n");
    done();
}

static void mistakes_name_their_file(void)
{
    setup();
    put("locale/.keep", "");
    put("templates/latin.html", "{% trans 'caf\xe9' %}\n");
    put("templates/open.html", "{% firstof _(\"open %}{% firstof _(\"fo\")|upper %}\n");
    check_has(made(), "#: templates/open.html:1\nmsgid \"fo\"\n");
    put("templates/a.html", "\n\n{% blocktrans %}{% if x %}{% endblocktrans %}\n");
    CHECK_RAISES(NU_TEMPLATE_SYNTAX_ERROR,
                 "Translation blocks must not include other block tags: if x "
                 "(file templates/a.html, line 3)",
                 nu_call_command("makemessages", "-l", "de", "-v", "0"));
    done();
}

static void mistakes_are_named(void)
{
    setup();
    CHECK_RAISES(NU_COMMAND_ERROR, "Unable to find a locale path",
                 nu_call_command("makemessages", "-l", "de"));
    put("locale/.keep", "");
    CHECK_RAISES(NU_COMMAND_ERROR, "invalid locale pt-br, did you mean pt_BR?",
                 nu_call_command("makemessages", "-l", "pt-br"));
    CHECK_RAISES(NU_COMMAND_ERROR, "'../x' is no locale",
                 nu_call_command("makemessages", "-l", "../x"));
    CHECK_RAISES(NU_COMMAND_ERROR, "--locale, or --all", nu_call_command("makemessages"));
    put("locale/de/LC_MESSAGES/django.po", "msgid \"a\"\nmsgstr oops\n");
    CHECK_RAISES(NU_COMMAND_ERROR, "generated one or more errors",
                 nu_call_command("compilemessages", "-v", "0"));
    put("locale/fr/LC_MESSAGES/django.mo", "no catalogue");
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "can't be used", nu_language_activate(S("fr")));
    done();
}

HARNESS_IN_FIBER(a_text_goes_from_the_source_to_its_language,
                 a_second_run_keeps_translations_and_drops_what_went,
                 options_choose_sources_and_domain,
                 a_text_that_is_repeated_stands_once_with_all_its_places,
                 texts_with_directives_are_python_format, mistakes_name_their_file,
                 mistakes_are_named)
