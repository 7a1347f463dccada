/* makemessages: collect the texts of C files and templates into the catalogues' .po files. */
#include "cli/catalogue_folders.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/template_pot.h"
#include "cli/text_files.h"
#include "core/text.h"
#include "files/walk.h"
#include "template/messages.h"

#include <nuages/errors.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_SOURCES = 4096 };

/* What is collected for one folder of catalogues; files by their paths below its source. */
typedef struct collection {
    const nu_command_run *run;
    const nu__catalogue_folder *folder;
    nu_list *c_files, *templates; /* what xgettext reads: C, or JavaScript by --domain; templates */
    nu_list *extensions;
    nu__template_pot pot;
    nu_str file; /* whose messages are being found */
    size_t written;
} collection;

static const char pot_header[] =
    "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
    "\"Content-Transfer-Encoding: 8bit\\n\"\n\n";

/* ---- sources --------------------------------------------------------------------------------- */

static bool is_javascript(const collection *c)
{
    return nu_eq(nu_command_text(c->run, "--domain"), "djangojs");
}

/* Those of --extension, "html,txt" or given again, with their dots. */
static nu_list *extensions_of(const collection *c)
{
    nu_list *given = nu_command_list(c->run, "--extension"), *all = nu_list_new();

    if (!nu_list_len(given))
        nu_list_append(given, is_javascript(c) ? "js" : "html,txt");
    for (size_t i = 0; i < nu_list_len(given); i++) {
        nu_list *parts = nu__split(nu__replace(nu_at(given, i).s, S(" "), S("")), S(","));

        for (size_t k = 0; k < nu_list_len(parts); k++)
            nu_list_append(all, nu_starts_with(nu_at(parts, k).s, S("."))
                                    ? nu_at(parts, k).s
                                    : nu_fmt(".{}", nu_at(parts, k)));
    }
    return all;
}

static bool has_ending(nu_str path, const nu_list *endings)
{
    for (size_t i = 0; i < nu_list_len(endings); i++)
        if (nu_ends_with(path, nu_at(endings, i).s))
            return true;
    return false;
}

/* Which of the lists a file belongs to by its name; NULL: none. */
static nu_list *list_for(const collection *c, nu_str path)
{
    if (is_javascript(c))
        return has_ending(path, c->extensions) ? c->c_files : NULL;
    if (nu_ends_with(path, S(".c")) || nu_ends_with(path, S(".h")))
        return c->c_files;
    return has_ending(path, c->extensions) ? c->templates : NULL;
}

static void add_file(void *self, nu_str path)
{
    collection *c = self;
    nu_list *list = list_for(c, path);

    if (!list)
        return;
    if (nu_list_len(list) == MOST_SOURCES)
        nu_raise(NU_COMMAND_ERROR, "{} has more than {} files with texts.", c->folder->source,
                 (int)MOST_SOURCES);
    nu_list_append(list, path);
}

static int by_path(const void *a, const void *b)
{
    return nu__str_compare(*(const nu_str *)a, *(const nu_str *)b);
}

/* Not as the folders happen to list them: catalogues are kept under version control. */
static nu_list *in_order(const nu_list *paths)
{
    size_t n = nu_list_len(paths);
    nu_str *all = nu_alloc_array(nu_str, n);
    nu_list *made = nu_list_new();

    for (size_t i = 0; i < n; i++)
        all[i] = nu_at(paths, i).s;
    if (n)
        qsort(all, n, sizeof *all, by_path);
    for (size_t i = 0; i < n; i++)
        nu_list_append(made, all[i]);
    return made;
}

static void find_sources(collection *c)
{
    nu__walk_rules rules = { .ignore = nu_command_list(c->run, "--ignore"),
                             .no_defaults = nu_command_flag(c->run, "--no-default-ignore"),
                             .no_links = !nu_command_flag(c->run, "--symlinks") };

    c->extensions = extensions_of(c);
    nu__walk_by(c->folder->source, &rules, add_file, c);
    c->c_files = in_order(c->c_files);
    c->templates = in_order(c->templates);
}

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
    for (size_t i = 0; i < nu_list_len(c->templates); i++) {
        c->file = nu_at(c->templates, i).s;
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
    size_t n = nu_list_len(c->c_files);
    const char **argv = nu_alloc_array(const char *, XGETTEXT_WORDS + n + 4);
    const char **word = argv + XGETTEXT_WORDS;

    if (!n)
        return;
    memcpy(argv, xgettext, sizeof xgettext);
    *word++ = nu_fmt("--output={}", pot).ptr;
    *word++ = nu_fmt("--directory={}", c->folder->source).ptr;
    *word++ = is_javascript(c) ? "--language=JavaScript" : "--language=C";
    for (size_t i = 0; i < n; i++)
        *word++ = nu_at(c->c_files, i).s.ptr;
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

/* The texts of both kinds, as the folder's .pot. */
static void write_pot(collection *c, nu_str pot)
{
    nu_str made = pot_path(c, "messages.pot~");

    nu_defer(remove_file, (void *)(uintptr_t)made.ptr);
    nu__write_text_file(made, collect_templates(c));
    join_c(c, made);
    nu__write_text_file(pot, nu__gettext_tool((const char *const[]){ "msgcat", made.ptr, NULL }));
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

static void write_locale(collection *c, nu_str locale, nu_str pot)
{
    nu_str po = nu_fmt("{}/{}/LC_MESSAGES/{}.po", c->folder->path, locale,
                       nu_command_text(c->run, "--domain"));

    nu_command_print(c->run, "processing locale {}\n", locale);
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
    collection c = {
        .run = all->run, .folder = folder, .c_files = nu_list_new(), .templates = nu_list_new()
    };
    nu_list *locales = nu__locales_of(c.run, folder->path);
    nu_str pot = pot_path(&c, nu_fmt("{}.pot", nu_command_text(c.run, "--domain")).ptr);

    if (!folder->source.ptr || !nu_list_len(locales))
        return;
    find_sources(&c);
    write_pot(&c, pot);
    for (size_t i = 0; i < nu_list_len(locales); i++)
        write_locale(&c, nu_at(locales, i).s, pot);
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
