/**
 * @file
 * All of Nuages.
 */
#pragma once
#include <nuages/cache.h>
#include <nuages/checks.h>
#include <nuages/conf.h>
#include <nuages/contenttypes.h>
#include <nuages/context_processors.h>
#include <nuages/databases.h>
#include <nuages/decimal.h>
#include <nuages/errors.h>
#include <nuages/expressions.h>
#include <nuages/forms.h>
#include <nuages/http.h>
#include <nuages/json.h>
#include <nuages/logging.h>
#include <nuages/loop.h>
#include <nuages/mail.h>
#include <nuages/managers.h>
#include <nuages/messages.h>
#include <nuages/middleware.h>
#include <nuages/models.h>
#include <nuages/queries.h>
#include <nuages/sessions.h>
#include <nuages/shortcuts.h>
#include <nuages/signals.h>
#include <nuages/staticfiles.h>
#include <nuages/strings.h>
#include <nuages/template.h>
#include <nuages/timezone.h>
#include <nuages/transaction.h>
#include <nuages/urls.h>
#include <nuages/uuid.h>
#include <nuages/values.h>
#include <nuages/views.h>
