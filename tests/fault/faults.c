#include "faults.h"

#include "core/context.h"
#include "db/backends/base.h"
#include "unit/db/db_fixture.h"

#include <nuages/queries.h>
#include <nuages/transaction.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* ---- counting ----------------------------------------------------------------------------- */

static _Atomic int64_t countdown;
static _Atomic int armed = FAULT_KINDS;
static atomic_bool stays, met;

static bool fails(fault_kind kind)
{
    int64_t left;

    if (atomic_load(&armed) != (int)kind)
        return false;
    left = atomic_fetch_sub(&countdown, 1);
    if (left > 1 || (left < 1 && !atomic_load(&stays)))
        return false;
    atomic_store(&met, true);
    return true;
}

void fault_arm(fault_kind kind, int64_t n, bool on)
{
    atomic_store(&countdown, n);
    atomic_store(&stays, on);
    atomic_store(&met, false);
    atomic_store(&armed, kind);
}

bool fault_disarm(void)
{
    atomic_store(&armed, FAULT_KINDS);
    return atomic_load(&met);
}

/* ---- files -------------------------------------------------------------------------------- */

typedef struct fault_file {
    sqlite3_file file;
    sqlite3_file *real; /* behind this struct */
} fault_file;

static sqlite3_vfs *real_vfs;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((fault_file *)file)->real;
}

#define REAL(file, method, ...) real_of(file)->pMethods->method(real_of(file), __VA_ARGS__)

static int file_close(sqlite3_file *file)
{
    return real_of(file)->pMethods ? real_of(file)->pMethods->xClose(real_of(file)) : SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
    return fails(FAULT_READ) ? SQLITE_IOERR_READ : REAL(file, xRead, to, n, at);
}

static int file_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    if (fails(FAULT_WRITE))
        return SQLITE_IOERR_WRITE;
    return fails(FAULT_FULL) ? SQLITE_FULL : REAL(file, xWrite, from, n, at);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return fails(FAULT_TRUNCATE) ? SQLITE_IOERR_TRUNCATE : REAL(file, xTruncate, size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    return fails(FAULT_SYNC) ? SQLITE_IOERR_FSYNC : REAL(file, xSync, flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return REAL(file, xFileSize, size);
}

static int file_lock(sqlite3_file *file, int level)
{
    return REAL(file, xLock, level);
}

static int file_unlock(sqlite3_file *file, int level)
{
    return REAL(file, xUnlock, level);
}

static int file_check_lock(sqlite3_file *file, int *locked)
{
    return REAL(file, xCheckReservedLock, locked);
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
    return REAL(file, xFileControl, op, arg);
}

static int file_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int file_characteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    if (fails(FAULT_SHARED_MEMORY))
        return SQLITE_IOERR_SHMMAP;
    return REAL(file, xShmMap, page, size, extend, out);
}

static int file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return REAL(file, xShmLock, offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    return REAL(file, xShmUnmap, remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                    int *out_flags)
{
    fault_file *ours = (fault_file *)file;
    int code;

    (void)vfs;
    ours->file.pMethods = NULL;
    ours->real = (sqlite3_file *)(ours + 1);
    if (fails(FAULT_OPEN))
        return SQLITE_CANTOPEN;
    code = real_vfs->xOpen(real_vfs, name, ours->real, flags, out_flags);
    if (ours->real->pMethods)
        ours->file.pMethods = &methods;
    return code;
}

/* ---- memory and statements ---------------------------------------------------------------- */

static sqlite3_mem_methods real_memory;

static void *memory_get(int n)
{
    return fails(FAULT_MEMORY) ? NULL : real_memory.xMalloc(n);
}

static void *memory_grow(void *old, int n)
{
    return fails(FAULT_MEMORY) ? NULL : real_memory.xRealloc(old, n);
}

static int before_statement(unsigned what, void *db, void *statement, void *text)
{
    (void)what, (void)statement, (void)text;
    if (fails(FAULT_STATEMENT))
        sqlite3_interrupt(db);
    return 0;
}

static int on_open(sqlite3 *db, char **error, const struct sqlite3_api_routines *routines)
{
    (void)error, (void)routines;
    return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, before_statement, db);
}

void fault_install(void)
{
    static sqlite3_vfs vfs;
    sqlite3_mem_methods memory;

    if (real_vfs)
        return;
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
    memory = real_memory;
    memory.xMalloc = memory_get;
    memory.xRealloc = memory_grow;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs;
    vfs.zName = "fault";
    vfs.szOsFile = (int)sizeof(fault_file) + real_vfs->szOsFile;
    vfs.xOpen = vfs_open;
    sqlite3_vfs_register(&vfs, 1);
    sqlite3_auto_extension((void (*)(void))on_open);
}

/* ---- the request -------------------------------------------------------------------------- */

int fault_commits;

void fault_school(const char *name, const char *options)
{
    const nu__registry *registry;
    nu__schema_editor *editor;

    school_setup();
    nu__databases_close();
    fixture_database(name, options);
    registry = nu__models();
    editor = nu__schema_begin(nu__connection_of(NULL), false, true);
    for (size_t i = 0; i < registry->n_models; i++)
        if (!registry->models[i]->auto_created)
            nu__schema_create_model(editor, registry->models[i]);
    nu__schema_end(editor);
    fault_commits = 0;
}

static void committed(void *unused)
{
    (void)unused;
    fault_commits++;
}

void fault_request(void *unused)
{
    nu_str code = nu_fmt("d{}", nu_count(nu_objects(Department)));
    Department *department;

    (void)unused;
    nu_atomic_scope();
    nu_on_commit(committed, NULL);
    department = nu_create(Department, .name = code, .code = code);
    for (int i = 0; i < 2; i++)
        nu_create(Course, .title = S("Course"), .code = nu_fmt("{}-{}", code, i), .credits = 3,
                  .department = nu_ref_to(department));
    (void)!nu_catch_atomic(NU_INTEGRITY_ERROR,
                           nu_create(Department, .name = S("again"), .code = code));
    nu_each (Course, course, nu_related(department, "courses")) {
        course->credits = 9;
        nu_save(course);
    }
}

const nu_error *fault_run(void (*request)(void *arg), void *arg)
{
    nu__context inner, *outer = nu__here;
    static nu_error kept;
    static char message[1024];
    const nu_error *error;

    nu__context_init(&inner, "request");
    nu__here = &inner;
    error = nu__guard(request, arg);
    if (error) {
        kept = *error;
        snprintf(message, sizeof message, "%.*s", (int)error->message.len, error->message.ptr);
        kept.message = nu_s(message);
    }
    nu__context_release(&inner);
    nu__here = outer;
    return error ? &kept : NULL;
}

int64_t fault_check_whole(void)
{
    int64_t departments = nu_count(nu_objects(Department));

    CHECK_INT(nu_count(nu_objects(Course)), 2 * departments);
    CHECK_INT(nu_count(nu_filter(nu_objects(Course), Q("credits", 9))), 2 * departments);
    return departments;
}
