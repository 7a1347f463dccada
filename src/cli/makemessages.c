/* makemessages: collect the texts of C files and templates into the catalogues' .po files. */
#include "cli/catalogue_folders.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/message_sources.h"
#include "cli/template_pot.h"
#include "cli/text_files.h"
#include "core/text.h"
#include "template/messages.h"

#include <nuages/errors.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is collected for one folder of catalogues; files by their paths below its source. */
typedef struct collection {
    const nu_command_run *run;
    const nu__catalogue_folder *folder;
    nu__message_sources sources;
    nu__template_pot pot;
    nu_str file; /* whose messages are being found */
    size_t written;
} collection;

static const char pot_header[] =
    "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
    "\"Content-Transfer-Encoding: 8bit\\n\"\n\n";

/* ---- templates ------------------------------------------------------------------------------- */

static void put_message(void *self, const nu__message *message)
{
    collection *c = self;

    nu__template_pot_add(&c->pot, c->file, message);
}

static void read_template(collection *c)
{
    nu_str text = nu__read_text_file(nu_fmt("{}/{}", c->folder->source, c->file));

    if (nu__utf8_valid(text))
        nu__template_messages(text, c->file, put_message, c);
    else
        nu_command_print(c->run,
                         "UnicodeDecodeError: skipped file {} in {} (reason: it is not UTF-8)\n",
                         c->file, c->folder->source);
}

static nu_str collect_templates(collection *c)
{
    nu__template_pot_init(&c->pot);
    for (size_t i = 0; i < nu_list_len(c->sources.templates); i++) {
        c->file = nu_at(c->sources.templates, i).s;
        read_template(c);
    }
    return nu_fmt("{}{}", pot_header, nu__template_pot_text(&c->pot));
}

/* ---- C --------------------------------------------------------------------------------------- */

static const char *const xgettext[] = {
    "xgettext",
    "--from-code=UTF-8",
    "--add-comments=Translators",
    "--keyword",
    "--keyword=gettext",
    "--keyword=gettext_noop",
    "--keyword=ngettext:1,2",
    "--keyword=pgettext:1c,2",
    "--keyword=npgettext:1c,2,3",
    "--keyword=nu_gettext",
    "--keyword=nu_gettext_noop",
    "--keyword=nu_ngettext:1,2",
    "--keyword=nu_pgettext:1c,2",
    "--keyword=nu_npgettext:1c,2,3",
    "--join-existing",
};
enum { XGETTEXT_WORDS = sizeof xgettext / sizeof *xgettext };

/* Add the texts of C to those of a .pot. As msgcat can't, xgettext joins a text that stands alone
   here with one that has a plural there, and warns. */
static void join_c(const collection *c, nu_str pot)
{
    size_t n = nu_list_len(c->sources.code);
    const char **argv = nu_alloc_array(const char *, XGETTEXT_WORDS + n + 4);
    const char **word = argv + XGETTEXT_WORDS;

    if (!n)
        return;
    memcpy(argv, xgettext, sizeof xgettext);
    *word++ = nu_fmt("--output={}", pot).ptr;
    *word++ = nu_fmt("--directory={}", c->folder->source).ptr;
    *word++ = nu__is_javascript(c->run) ? "--language=JavaScript" : "--language=C";
    for (size_t i = 0; i < n; i++)
        *word++ = nu_at(c->sources.code, i).s.ptr;
    *word = NULL;
    nu__gettext_tool(argv);
}

/* ---- catalogues ------------------------------------------------------------------------------ */

static void remove_file(void *path)
{
    unlink(path);
}

/* The path of a file that goes with the enclosing scope of the caller. */
static nu_str pot_path(const collection *c, const char *name)
{
    return nu_fmt("{}/{}", c->folder->path, name);
}

/* The texts of both kinds, as the folder's .pot. false: there is no text, and no file. */
static bool write_pot(collection *c, nu_str pot)
{
    nu_str made = pot_path(c, "messages.pot~"), texts;

    nu_defer(remove_file, (void *)(uintptr_t)made.ptr);
    nu__write_text_file(made, collect_templates(c));
    join_c(c, made);
    texts = nu__gettext_tool((const char *const[]){ "msgcat", made.ptr, NULL });
    if (texts.len) /* msgcat leaves out a header that stands alone */
        nu__write_text_file(pot, texts);
    return texts.len > 0;
}

static const char *optional(const collection *c, const char *flag, const char *word)
{
    return nu_command_flag(c->run, flag) ? word : "--quiet";
}

static const char *locations(const collection *c)
{
    nu_str how = nu_command_text(c->run, "--add-location");

    if (nu_command_flag(c->run, "--no-location"))
        return "--no-location";
    return how.ptr ? nu_fmt("--add-location={}", how).ptr : "--quiet";
}

static void update(const collection *c, nu_str po, nu_str pot)
{
    nu_str merged = nu__gettext_tool((const char *const[]){ "msgmerge", "--quiet", "--previous",
                                                            optional(c, "--no-wrap", "--no-wrap"),
                                                            locations(c), po.ptr, pot.ptr, NULL });

    nu__write_text_file(po, merged);
    if (nu_command_flag(c->run, "--no-obsolete"))
        nu__write_text_file(po, nu__gettext_tool((const char *const[]){
                                    "msgattrib", "--no-obsolete", po.ptr, NULL }));
}

/* Without texts catalogues stay as they are, and none is begun. */
static void write_locale(collection *c, nu_str locale, nu_str pot, bool any)
{
    nu_str po = nu_fmt("{}/{}/LC_MESSAGES/{}.po", c->folder->path, locale,
                       nu_command_text(c->run, "--domain"));

    nu_command_print(c->run, "processing locale {}\n", locale);
    if (!any)
        return;
    nu__make_folders_for(po);
    if (access(po.ptr, F_OK))
        nu__gettext_tool((const char *const[]){ "msginit", "--no-translator", "--locale",
                                                locale.ptr, "--input", pot.ptr, "--output-file",
                                                po.ptr, NULL });
    update(c, po, pot);
    c->written++;
}

static void one_folder(void *self, const nu__catalogue_folder *folder)
{
    collection *all = self;
    collection c = { .run = all->run, .folder = folder };
    nu_list *locales = nu__locales_of(c.run, folder->path);
    nu_str pot = pot_path(&c, nu_fmt("{}.pot", nu_command_text(c.run, "--domain")).ptr);
    bool any;

    if (!folder->source.ptr || !nu_list_len(locales))
        return;
    c.sources = nu__message_sources_find(c.run, folder->source);
    any = write_pot(&c, pot);
    for (size_t i = 0; i < nu_list_len(locales); i++)
        write_locale(&c, nu_at(locales, i).s, pot, any);
    if (!nu_command_flag(c.run, "--keep-pot"))
        unlink(pot.ptr);
    all->written += c.written;
}

static int makemessages(const nu_command_run *run)
{
    collection all = { .run = run };

    if (!nu_command_text(run, "--locale").len && !nu_command_text(run, "--exclude").len &&
        !nu_command_flag(run, "--all"))
        nu_raise(NU_COMMAND_ERROR,
                 "Type '{} help makemessages' for usage information: say which "
                 "languages with --locale, or --all.",
                 run->program);
    if (!nu__catalogue_folders(one_folder, &all))
        nu_raise(NU_COMMAND_ERROR, "Unable to find a locale path to store translations: make a "
                                   "folder `locale` in the app whose texts are to be translated.");
    return 0;
}

const nu_command nu__makemessages_command = {
    .name = "makemessages",
    .help = "Collect the texts of C files and templates for translation, into the .po files of "
            "every app that has a folder `locale`.",
    .run = makemessages, .no_checks = true,
    .arguments = {
        { "--locale", .short_name = "-l", .metavar = "LOCALE,…", .help = "these languages: de,pt_BR" },
        { "--exclude", .short_name = "-x", .metavar = "LOCALE,…", .help = "all but these" },
        { "--domain", .short_name = "-d", .default_ = "django", .choices = "django|djangojs", .help = "django: C and templates; djangojs: JavaScript" },
        { "--extension", .short_name = "-e", .metavar = "EXT,…", .repeated = true, .help = "of templates: html,txt; with djangojs: js" },
        { "--ignore", .short_name = "-i", .metavar = "PATTERN", .repeated = true, .help = "leave out files and folders like this; may be given again" },
        { "--no-default-ignore", .flag = true, .help = "do not leave out CVS, .* and *~" },
        { "--symlinks", .short_name = "-s", .flag = true, .help = "enter folders that are symbolic links" },
        { "--add-location", .choices = "full|file|never", .help = "`#: file:line`, `#: file`, or none" },
        { "--all", .short_name = "-a", .flag = true, .help = "every language that is there" },
        { "--no-wrap", .flag = true, .help = "keep long lines whole" },
        { "--no-location", .flag = true, .help = "without `#: file:line`" },
        { "--no-obsolete", .flag = true, .help = "remove texts that are used no more" },
        { "--keep-pot", .flag = true, .help = "keep django.pot" },
    },
};
