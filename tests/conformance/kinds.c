#include "conformance.h"
#include "signing_ops.h"
#include "utils_ops.h"

static const conf_op *const utils[] = { conf_utils_text, conf_utils_html, conf_utils_http, NULL };
static const conf_op *const signing[] = { conf_signing, NULL };

const conf_kind conf_kinds[] = {
    { "utils", "func", utils, NULL },
    { "signing", "op", signing, NULL },
    { 0 },
};
