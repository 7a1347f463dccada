/**
 * @file
 * From a name to a path.
 *
 * A scope is the root, or a namespaced include with the prefix that leads to it; `ways` are the
 * endpoints in it that reverse() may name, in Django's order of trying (the last in the urlconf
 * first). A way's forms are the texts with gaps that its joined regular expression would match
 * (normalize.h); they are worked out when its name is first asked for. A filled form counts only if
 * the expression matches it, which plain converters vouch for without running it.
 */
#pragma once
#include "core/buf.h"
#include "urls/normalize.h"
#include "urls/resolver.h"

typedef struct nu__url_scope nu__url_scope;

nu_str nu__url_reverse(nu__resolver *resolver, nu_str name, const nu_reverse_options *options);

/* Namespaces of a resolver with their parents, "outer:inner", each as often as it is used. */
nu_list *nu__url_namespaces(const nu__resolver *resolver);

/* Append `prefix` and `path` percent-encoded, never as a URL that names another host ("//…"). */
void nu__url_quote(nu__buf *out, nu_str prefix, nu_str path);

/* ---- of the running fiber -------------------------------------------------------------------- */

/* Django's set_script_prefix() and set_urlconf(); both end with the fiber. */
void nu__url_set_script_prefix(nu_str prefix);
nu_str nu__url_script_prefix(void);                  /* "/" where none is set */
void nu__url_set_urlconf(const nu_urlconf *urlconf); /* NULL: back to ROOT_URLCONF */
const nu_urlconf *nu__url_urlconf(void);             /* raises ImproperlyConfigured without one */
const nu_urlconf *nu__url_urlconf_find(void);        /* NULL without one */
/* Take ROOT_URLCONF and build its resolver. At start-up. Raises ImproperlyConfigured. */
void nu__url_setup(const nu_urlconf *root);
/* What {% url %} calls. */
nu_str nu__url_reverse_for_template(nu_str name, nu_values args, const nu_var *kwargs,
                                    const char *current_app);
