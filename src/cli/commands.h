/**
 * @file
 * The built-in commands, each in the file of its name.
 */
#pragma once
#include <nuages/cli.h>

extern const nu_command nu__check_command, nu__collectmigrations_command, nu__collectstatic_command,
    nu__compilemessages_command, nu__inspectdb_command, nu__makemessages_command,
    nu__makemigrations_command, nu__migrate_command, nu__optimizemigration_command,
    nu__runserver_command, nu__serve_command, nu__shell_command, nu__showmigrations_command,
    nu__sqlmigrate_command, nu__squashmigrations_command, nu__startapp_command,
    nu__startproject_command, nu__template_command, nu__test_command, nu__version_command;

/* Messages of check about templates: those that do not compile, and variables that no view gives;
   dicts as nu__url_checks() has them. */
nu_list *nu__check_templates(void);

/* Data and developing. */
extern const nu_command nu__dbshell_command, nu__diffsettings_command, nu__dumpdata_command,
    nu__checkproject_command, nu__createcachetable_command, nu__completion_command,
    nu__testserver_command, nu__embed_command, nu__findstatic_command, nu__flush_command,
    nu__loaddata_command, nu__pack_command, nu__sendtestemail_command, nu__sqlflush_command,
    nu__sqlsequencereset_command;
