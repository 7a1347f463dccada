#include "conformance.h"
#include "forms_ops.h"
#include "signing_ops.h"
#include "template_ops.h"
#include "urls_ops.h"
#include "utils_ops.h"
#include "validators_ops.h"

static const conf_op *const utils[] = { conf_utils_text,      conf_utils_html,
                                        conf_utils_http,      conf_utils_dates,
                                        conf_utils_numbers,   conf_utils_request,
                                        conf_utils_paginator, conf_utils_filters,
                                        conf_utils_languages, NULL };
static const conf_op *const signing[] = { conf_signing, conf_signing_web, conf_signing_accounts,
                                          NULL };
static const conf_op *const urls[] = { conf_urls, NULL };
static const conf_op *const templates[] = { conf_templates, NULL };
static const conf_op *const filters[] = { conf_filters, NULL };
static const conf_op *const validators[] = { conf_validators, NULL };

static const conf_op *const forms[] = { conf_forms, conf_forms_postgres, conf_forms_whole, NULL };

static nu_str render(const nu_dict *data)
{
    (void)data;
    return S("render");
}

static nu_str filter(const nu_dict *data)
{
    (void)data;
    return S("filter");
}

static nu_str validate(const nu_dict *data)
{
    (void)data;
    return S("validate");
}

const conf_kind conf_kinds[] = {
    { "utils", "func", utils, NULL },     { "signing", "op", signing, NULL },
    { "urls", "op", urls, NULL },         { "templates", NULL, templates, render },
    { "filters", NULL, filters, filter }, { "validators", NULL, validators, validate },
    { "forms", "op", forms, NULL },       { 0 },
};
