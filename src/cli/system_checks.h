/**
 * @file
 * The system checks: Nuages' own and those of the apps. Django: django.core.checks.registry
 *
 * `check` runs all of them, or those with a tag; other commands run those that Django has before
 * they begin, unless --skip-checks is given or their row says .no_checks.
 */
#pragma once
#include <nuages/checks.h>
#include <nuages/cli.h>

struct nu_check_messages {
    nu_list *list; /* dicts: id, level ("error", "warning", …), msg, hint, object */
    int64_t silenced;
    const nu_list *apps; /* labels of the apps whose models are checked; NULL or empty: all */
};

/* Take the messages of `more`, dicts as above, but those that SILENCED_SYSTEM_CHECKS names. */
void nu__checks_extend(nu_check_messages *messages, const nu_list *more);
typedef void nu__check_visitor(void *self, const nu_check *check, nu_str tag);
/* Call `visit` for every check, with its tag; those of --deploy as well. */
void nu__checks_each(nu__check_visitor *visit, void *self);
/* "warning" in any case; NU_CHECK_ERROR for a word that is none. */
nu_check_level nu__check_level_of(nu_str word);
/* Whether one is of this level or a graver one. */
bool nu__checks_have(const nu_list *messages, nu_check_level least);
/* Print them to standard error, the gravest first, and how many there are; that there is none to
   standard output. false: one is of this level or a graver one. Django: BaseCommand.check() */
bool nu__checks_tell(const nu_command_run *run, const nu_check_messages *messages,
                     nu_check_level least);
/* What runs before a command: print what is found to standard error. false: there are errors, and
   the command must not run. Those of apps may query, so that it may yield. Django:
   BaseCommand.check() */
bool nu__checks_pass(const nu_command_run *run);
/* The same, and says how many issues there are, as runserver and test do. Yields. */
bool nu__checks_pass_aloud(const nu_command_run *run);
/* The same in a process of its own, for a command without a loop, whose settings are set up;
   nothing with --skip-checks. `migrations`: tells of those that are not applied, too. */
bool nu__checks_pass_apart(const nu_command_run *run, bool migrations);
