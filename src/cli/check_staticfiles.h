/**
 * @file
 * What `check` says of folders of static files. Django: django.contrib.staticfiles.finders
 */
#pragma once
#include <nuages/checks.h>

/* STATIC_ROOT, which is written, among the folders that are read: collectstatic would gather its
   own output. That one of them is not there is told when the site is set up. */
void nu__check_staticfiles(nu_check_messages *messages);
