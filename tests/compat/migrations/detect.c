/* What the autodetector and the optimizer make of the scenarios in scenarios.inc, one line for each
   migration and operation. */
#include "scenarios.h"

#include "db/migrations/reduce.h"

static void print_operations(const nu_operation *op)
{
    for (; op->kind; op++)
        printf("  %s%s\n", nu__operation_signed(op).ptr, op->one_off_default ? " (once)" : "");
}

static void print_detected(const scenario *s)
{
    size_t n;
    nu__new_migration *made = detected(s, &n);

    for (size_t i = 0; i < n; i++) {
        printf(" %s.%s <-", made[i].app_label, made[i].migration.name);
        for (size_t k = 0; made[i].migration.dependencies[k][0]; k++)
            printf(" %s.%s", made[i].migration.dependencies[k][0],
                   made[i].migration.dependencies[k][1]);
        printf("\n");
        print_operations(made[i].operations);
    }
}

/* Without an `after`: the steps of the first app, made shorter. */
static void print_optimized(const scenario *s)
{
    nu_operation operations[128];
    size_t n = 0;

    for (; s->before[n].app; n++)
        operations[n] = s->before[n].op;
    operations[n] = (nu_operation){ 0 };
    print_operations(nu__optimize(operations, s->before[0].app));
}

static int detect(const nu_command_run *run)
{
    (void)run;
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        printf("%s\n", scenarios[i].name);
        if (scenarios[i].after)
            print_detected(&scenarios[i]);
        else
            print_optimized(&scenarios[i]);
    }
    return 0;
}

static const nu_command detect_command = { .name = "detect",
                                           .help = "Print what is found.",
                                           .run = detect };
static const nu_app tools_app = { .name = "tools", .commands = { &detect_command } };
static const nu_settings settings = {
    .secret_key = "for-this-test-only-0123456789abcdefghijklmnopqrstuvwxyz",
    .debug = true,
    .installed_apps = { &tools_app },
    .databases = { Database("default", .engine = "sqlite3", .name = ":memory:") },
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
