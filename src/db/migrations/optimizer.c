/* Lists of operations made shorter: two that can become one may have others between them, which the
   first or the second is moved past. */
#include "db/migrations/reduce.h"

#include <string.h>

typedef struct list {
    nu_operation *operations;
    size_t n;
} list;

static void append(list *out, const nu_operation *operations, size_t n)
{
    if (n)
        memcpy(out->operations + out->n, operations, n * sizeof *operations);
    out->n += n;
}

/* Whether all of these let the operation by. */
static bool all_let_by(const nu_operation *between, size_t n, const nu_operation *op,
                       const char *app)
{
    for (size_t i = 0; i < n; i++)
        if (nu__reduce(&between[i], op, app).kind != NU__THROUGH)
            return false;
    return true;
}

/* The first operation of `rest`, merged with a later one where there is a way. false: it stays. */
static bool merge_first(const nu_operation *rest, size_t n, const char *app, list *out)
{
    bool right = true;

    for (size_t k = 1; k < n; k++) {
        nu__reduction found = nu__reduce(&rest[0], &rest[k], app);

        if (found.kind == NU__BARRIER)
            right = false;
        if (found.kind != NU__REDUCED)
            continue;
        if (!right && !all_let_by(rest + 1, k - 1, &rest[k], app))
            return false;
        if (right)
            append(out, rest + 1, k - 1);
        append(out, found.operations, found.n);
        if (!right)
            append(out, rest + 1, k - 1);
        append(out, rest + k + 1, n - k - 1);
        return true;
    }
    return false;
}

/* One pair merged; false: there is none. */
static bool merge_one(const list *in, const char *app, list *out)
{
    out->n = 0;
    for (size_t i = 0; i < in->n; i++) {
        if (merge_first(in->operations + i, in->n - i, app, out))
            return true;
        append(out, &in->operations[i], 1);
    }
    return false;
}

nu_operation *nu__optimize(const nu_operation *operations, const char *app)
{
    /* AlterField and RenameField stay two: a list never gets longer */
    size_t n = nu__operation_count(operations);
    list in = { nu_alloc_array(nu_operation, n + 1), 0 },
         out = { nu_alloc_array(nu_operation, n + 1), 0 };

    append(&in, operations, n);
    while (merge_one(&in, app, &out)) {
        list swap = in;

        in = out;
        out = swap;
    }
    in.operations[in.n] = (nu_operation){ 0 };
    return in.operations;
}
