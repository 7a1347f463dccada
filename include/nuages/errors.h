/**
 * @file
 * Errors are raised, and clean-ups run however a block is left.
 *
 * nu_raise() leaves to the nearest nu_catch() of the same fiber whose class is the error's or one
 * of its ancestors, running the deferred clean-ups on the way. There is no try block: nu_catch()
 * takes one expression, so that no local variable can be clobbered. Several statements go into a
 * function.
 */
#pragma once
#include <nuages/strings.h>

/* X(NAME, "PythonName", PARENT): Django's tree of exceptions. A class stands after its parent. */
#define NU_ERROR_CLASSES(X)                                                                        \
    X(EXCEPTION, "Exception", EXCEPTION)                                                           \
    X(ARITHMETIC_ERROR, "ArithmeticError", EXCEPTION)                                              \
    X(OVERFLOW_ERROR, "OverflowError", ARITHMETIC_ERROR)                                           \
    X(ZERO_DIVISION_ERROR, "ZeroDivisionError", ARITHMETIC_ERROR)                                  \
    X(INVALID_OPERATION, "InvalidOperation", ARITHMETIC_ERROR)                                     \
    X(ASSERTION_ERROR, "AssertionError", EXCEPTION)                                                \
    X(ATTRIBUTE_ERROR, "AttributeError", EXCEPTION)                                                \
    X(DESERIALIZATION_ERROR, "DeserializationError", EXCEPTION)                                    \
    X(LOOKUP_ERROR, "LookupError", EXCEPTION)                                                      \
    X(INDEX_ERROR, "IndexError", LOOKUP_ERROR)                                                     \
    X(KEY_ERROR, "KeyError", LOOKUP_ERROR)                                                         \
    X(MEMORY_ERROR, "MemoryError", EXCEPTION)                                                      \
    X(NOT_IMPLEMENTED_ERROR, "NotImplementedError", EXCEPTION)                                     \
    X(OS_ERROR, "OSError", EXCEPTION)                                                              \
    X(TIMEOUT, "TimeoutError", OS_ERROR)                                                           \
    X(CONNECTION_ERROR, "ConnectionError", OS_ERROR)                                               \
    X(SMTP_EXCEPTION, "SMTPException", OS_ERROR)                                                   \
    X(SMTP_NOT_SUPPORTED_ERROR, "SMTPNotSupportedError", SMTP_EXCEPTION)                           \
    X(SMTP_SERVER_DISCONNECTED, "SMTPServerDisconnected", SMTP_EXCEPTION)                          \
    X(SMTP_RESPONSE_EXCEPTION, "SMTPResponseException", SMTP_EXCEPTION)                            \
    X(SMTP_CONNECT_ERROR, "SMTPConnectError", SMTP_RESPONSE_EXCEPTION)                             \
    X(SMTP_HELO_ERROR, "SMTPHeloError", SMTP_RESPONSE_EXCEPTION)                                   \
    X(SMTP_AUTHENTICATION_ERROR, "SMTPAuthenticationError", SMTP_RESPONSE_EXCEPTION)               \
    X(SMTP_SENDER_REFUSED, "SMTPSenderRefused", SMTP_RESPONSE_EXCEPTION)                           \
    X(SMTP_DATA_ERROR, "SMTPDataError", SMTP_RESPONSE_EXCEPTION)                                   \
    X(SMTP_RECIPIENTS_REFUSED, "SMTPRecipientsRefused", SMTP_EXCEPTION)                            \
    X(RUNTIME_ERROR, "RuntimeError", EXCEPTION)                                                    \
    X(TYPE_ERROR, "TypeError", EXCEPTION)                                                          \
    X(VALUE_ERROR, "ValueError", EXCEPTION)                                                        \
    X(BAD_HEADER_ERROR, "BadHeaderError", VALUE_ERROR)                                             \
    X(UNICODE_ERROR, "UnicodeError", VALUE_ERROR)                                                  \
    X(JSON_DECODE_ERROR, "JSONDecodeError", VALUE_ERROR)                                           \
    X(SKIP_TEST, "SkipTest", EXCEPTION)                                                            \
    X(VALIDATION_ERROR, "ValidationError", EXCEPTION)                                              \
    X(OBJECT_DOES_NOT_EXIST, "ObjectDoesNotExist", EXCEPTION)                                      \
    X(DOES_NOT_EXIST, "DoesNotExist", OBJECT_DOES_NOT_EXIST)                                       \
    X(RELATED_OBJECT_DOES_NOT_EXIST, "RelatedObjectDoesNotExist", DOES_NOT_EXIST)                  \
    X(MULTIPLE_OBJECTS_RETURNED, "MultipleObjectsReturned", EXCEPTION)                             \
    X(FIELD_DOES_NOT_EXIST, "FieldDoesNotExist", EXCEPTION)                                        \
    X(FIELD_ERROR, "FieldError", EXCEPTION)                                                        \
    X(OUTPUT_FIELD_IS_NONE_ERROR, "OutputFieldIsNoneError", FIELD_ERROR)                           \
    X(FIELD_FETCH_BLOCKED, "FieldFetchBlocked", FIELD_ERROR)                                       \
    X(APP_REGISTRY_NOT_READY, "AppRegistryNotReady", EXCEPTION)                                    \
    X(IMPROPERLY_CONFIGURED, "ImproperlyConfigured", EXCEPTION)                                    \
    X(INVALID_CACHE_BACKEND_ERROR, "InvalidCacheBackendError", IMPROPERLY_CONFIGURED)              \
    X(CONNECTION_DOES_NOT_EXIST, "ConnectionDoesNotExist", EXCEPTION)                              \
    X(PERMISSION_DENIED, "PermissionDenied", EXCEPTION)                                            \
    X(SUSPICIOUS_OPERATION, "SuspiciousOperation", EXCEPTION)                                      \
    X(COOKIE_ERROR, "CookieError", EXCEPTION)                                                      \
    X(DISALLOWED_HOST, "DisallowedHost", SUSPICIOUS_OPERATION)                                     \
    X(DISALLOWED_REDIRECT, "DisallowedRedirect", SUSPICIOUS_OPERATION)                             \
    X(TOO_MANY_FIELDS_SENT, "TooManyFieldsSent", SUSPICIOUS_OPERATION)                             \
    X(TOO_MANY_FILES_SENT, "TooManyFilesSent", SUSPICIOUS_OPERATION)                               \
    X(REQUEST_DATA_TOO_BIG, "RequestDataTooBig", SUSPICIOUS_OPERATION)                             \
    X(SUSPICIOUS_FILE_OPERATION, "SuspiciousFileOperation", SUSPICIOUS_OPERATION)                  \
    X(BAD_REQUEST, "BadRequest", EXCEPTION)                                                        \
    X(MULTI_PART_PARSER_ERROR, "MultiPartParserError", BAD_REQUEST)                                \
    X(SESSION_INTERRUPTED, "SessionInterrupted", BAD_REQUEST)                                      \
    X(UNREADABLE_POST_ERROR, "UnreadablePostError", OS_ERROR)                                      \
    X(REQUEST_TIMEOUT, "RequestTimeout", UNREADABLE_POST_ERROR)                                    \
    X(HTTP404, "Http404", EXCEPTION)                                                               \
    X(RESOLVER404, "Resolver404", HTTP404)                                                         \
    X(NO_REVERSE_MATCH, "NoReverseMatch", EXCEPTION)                                               \
    X(BAD_SIGNATURE, "BadSignature", EXCEPTION)                                                    \
    X(SIGNATURE_EXPIRED, "SignatureExpired", BAD_SIGNATURE)                                        \
    X(EMPTY_RESULT_SET, "EmptyResultSet", EXCEPTION)                                               \
    X(INVALID_PAGE, "InvalidPage", EXCEPTION)                                                      \
    X(PAGE_NOT_AN_INTEGER, "PageNotAnInteger", INVALID_PAGE)                                       \
    X(EMPTY_PAGE, "EmptyPage", INVALID_PAGE)                                                       \
    X(TEMPLATE_SYNTAX_ERROR, "TemplateSyntaxError", EXCEPTION)                                     \
    X(TEMPLATE_DOES_NOT_EXIST, "TemplateDoesNotExist", EXCEPTION)                                  \
    X(VARIABLE_DOES_NOT_EXIST, "VariableDoesNotExist", EXCEPTION)                                  \
    X(COMMAND_ERROR, "CommandError", EXCEPTION)                                                    \
    X(SYSTEM_CHECK_ERROR, "SystemCheckError", COMMAND_ERROR)                                       \
    X(USAGE_ERROR, "UsageError", COMMAND_ERROR)                                                    \
    X(MIGRATION_ERROR, "MigrationError", EXCEPTION)                                                \
    X(IRREVERSIBLE_ERROR, "IrreversibleError", MIGRATION_ERROR)                                    \
    X(NODE_NOT_FOUND_ERROR, "NodeNotFoundError", MIGRATION_ERROR)                                  \
    X(CIRCULAR_DEPENDENCY_ERROR, "CircularDependencyError", MIGRATION_ERROR)                       \
    X(INCONSISTENT_MIGRATION_HISTORY, "InconsistentMigrationHistory", MIGRATION_ERROR)             \
    X(DATABASE_ERROR_BASE, "Error", EXCEPTION)                                                     \
    X(INTERFACE_ERROR, "InterfaceError", DATABASE_ERROR_BASE)                                      \
    X(DATABASE_ERROR, "DatabaseError", DATABASE_ERROR_BASE)                                        \
    X(DATA_ERROR, "DataError", DATABASE_ERROR)                                                     \
    X(OPERATIONAL_ERROR, "OperationalError", DATABASE_ERROR)                                       \
    X(SERIALIZATION_FAILURE, "SerializationFailure", OPERATIONAL_ERROR)                            \
    X(DEADLOCK_DETECTED, "DeadlockDetected", OPERATIONAL_ERROR)                                    \
    X(INTEGRITY_ERROR, "IntegrityError", DATABASE_ERROR)                                           \
    X(PROTECTED_ERROR, "ProtectedError", INTEGRITY_ERROR)                                          \
    X(RESTRICTED_ERROR, "RestrictedError", INTEGRITY_ERROR)                                        \
    X(INTERNAL_ERROR, "InternalError", DATABASE_ERROR)                                             \
    X(PROGRAMMING_ERROR, "ProgrammingError", DATABASE_ERROR)                                       \
    X(TRANSACTION_MANAGEMENT_ERROR, "TransactionManagementError", PROGRAMMING_ERROR)               \
    X(NOT_SUPPORTED_ERROR, "NotSupportedError", DATABASE_ERROR)

typedef enum nu_error_class {
    NU_NO_ERROR = 0,
#define NU__ERROR_ENUM(name, text, parent) NU_##name,
    NU_ERROR_CLASSES(NU__ERROR_ENUM)
#undef NU__ERROR_ENUM
        NU_CANCELLED, /* of its own: a catch of NU_EXCEPTION does not catch it */
    NU_ERROR_CLASS_COUNT
} nu_error_class;

const char *nu_error_class_name(nu_error_class klass);
bool nu_error_is_a(nu_error_class klass, nu_error_class ancestor);

/**
 * A raised error. It belongs to the fiber that raised it, outside of every arena, and lives until
 * the fiber ends or 256 later errors have been raised in it: loops that raise and catch for ever
 * stay small. One that is being handled, and the causes of a living one, stay too. Copy the message
 * to keep it longer.
 */
typedef struct nu_error {
    nu_error_class klass;
    nu_str message;
    const char *file;
    int line;
    const char *constraint;       /* IntegrityError: the constraint's name where known */
    const char *code;             /* ValidationError: Django's code, such as "unique" */
    nu_dict *detail;              /* ValidationError: field -> list of messages */
    nu_dict *codes;               /* beside it: field -> list of Django's codes; NULL: not known */
    nu_dict *params;              /* ValidationError: what the message was made of; beside `detail`:
                                     field -> list of such, null where there are none */
    const struct nu_error *cause; /* nu_raise_from()'s */
    const struct nu_error *also;  /* raised by a clean-up on this one's way up; a chain */
} nu_error;

/**
 * Raise an error of a class; the message is formatted as by nu_fmt() and cut at 8 KiB.
 * Outside of any fiber or catch the program aborts with the class, the message and the place.
 * Never returns.
 */
#define nu_raise(k, f, ...) nu_raise_((k), __FILE__, __LINE__, "" f, NU_ARGS(__VA_ARGS__))
NU_NORETURN void nu_raise_(nu_error_class klass, const char *file, int line, const char *format,
                           nu_values args);
/** The same with an explicit cause, as Python's `raise … from error`. */
#define nu_raise_from(e, k, f, ...)                                                                \
    nu_raise_from_((e), (k), __FILE__, __LINE__, "" f, NU_ARGS(__VA_ARGS__))
NU_NORETURN void nu_raise_from_(const nu_error *cause, nu_error_class klass, const char *file,
                                int line, const char *format, nu_values args);
/** Raise a caught error once more; class, text and place stay. Never returns. */
NU_NORETURN void nu_reraise(const nu_error *error);
/** Raise a ValidationError with its code: nu_raise_validation("odd", "{} is odd.", n). Never
 * returns. Django: ValidationError(message, code=…) */
#define nu_raise_validation(code, f, ...)                                                          \
    nu_raise_validation_((code), __FILE__, __LINE__, "" f, NU_ARGS(__VA_ARGS__))
NU_NORETURN void nu_raise_validation_(const char *code, const char *file, int line,
                                      const char *format, nu_values args);
/**
 * Raise ValidationError({"field": "message", …}): `detail` holds a list of messages a field. A
 * value that is a list of messages is taken as it is.
 */
#define nu_raise_invalid(...) nu_raise_fields_(__FILE__, __LINE__, NU_VARS(__VA_ARGS__))
NU_NORETURN void nu_raise_fields_(const char *file, int line, const nu_var *fields);

/* A place to come back to. gcc marks it inline by __builtin_setjmp, clang by a few lines of
   assembly; a library built by one serves programs built by the other. */
#if defined(__aarch64__)
#define NU__MARK_WORDS 22
#else
#define NU__MARK_WORDS 8
#endif
typedef struct nu_mark {
    void *regs[NU__MARK_WORDS];
    struct nu_mark *outer;
    const nu_error *error;
    void *arena;
    size_t depth;         /* of the chain of clean-ups */
    nu_error_class klass; /* NU_NO_ERROR: whatever is raised, NU_CANCELLED too */
    uint32_t shield;
    bool by_assembly;
} nu_mark;

NU_NODISCARD const nu_error *nu__caught(const nu_error *error);
void nu__mark_push(nu_mark *mark, nu_error_class klass, bool by_assembly);
void nu__mark_leave(nu_mark *mark);
int nu__mark_save(nu_mark *mark) __attribute__((returns_twice));
#if defined(__clang__)
#define NU__MARK_BY_ASSEMBLY true
#define nu__mark_set(m)      nu__mark_save(m)
#else
#define NU__MARK_BY_ASSEMBLY false
#define nu__mark_set(m)      __builtin_setjmp((m)->regs)
#endif

/**
 * `const nu_error *e = nu_catch(CLASS, expression)`: evaluate one expression; NULL when nothing was
 * raised, else the error if it is of CLASS; any other goes on up. NU_EXCEPTION catches all but
 * NU_CANCELLED. The expression may leave by return or goto.
 *
 * All that was there before the expression is there after it, under any compiler. What the
 * expression itself wrote before it raised is there when it lies in memory of nu_alloc() or static
 * memory; a local variable that it wrote (by assignment, or through its address) may hold its old
 * value under clang: take results by value, and only when nothing was raised.
 */
#define nu_catch(k, ...)                                                                           \
    nu__caught(({                                                                                  \
        NU_CLEANUP(nu__mark_leave) nu_mark nu__m;                                                  \
        nu__mark_push(&nu__m, (k), NU__MARK_BY_ASSEMBLY);                                          \
        if (nu__mark_set(&nu__m) == 0)                                                             \
            (void)(__VA_ARGS__);                                                                   \
        nu__m.error;                                                                               \
    }))

typedef struct nu_deferred {
    void (*fn)(void *);
    void *arg;
    size_t slot;
} nu_deferred;
nu_deferred nu__defer(void (*fn)(void *), void *arg);
void nu__deferred_run(nu_deferred *deferred);
/**
 * Run `fn(arg)` when the enclosing block is left: by its end, return, break, continue, goto or a
 * raise; once, in reverse order of the defers. `fn` may wait and is shielded from cancellation; an
 * error that it raises on another error's way up is attached to that one (`also`), never replaces
 * it. A user's own __attribute__((cleanup)) does not run on a raise: use this.
 * Raises MemoryError when it can't be registered, having run `fn(arg)` at once.
 */
#define nu_defer(fn, arg)                                                                          \
    NU_UNUSED NU_CLEANUP(nu__deferred_run)                                                         \
    nu_deferred NU_CAT(nu__deferred_, __COUNTER__) = nu__defer((fn), (arg))

/** Run `fn(arg)` when the fiber ends, last registered first. An error there is logged. */
void nu_on_fiber_end(void (*fn)(void *), void *arg);

typedef struct nu_scratch {
    void *mark;
    size_t slot;
} nu_scratch;
nu_scratch nu__scratch(void);
void nu__scratch_end(nu_scratch *scratch);
/**
 * What is allocated from here to the end of the block is given back there. For loops of long
 * fibers. That holds for what containers allocate too: a list, dict or buffer made outside of the
 * scope and grown in it is lost with it.
 */
#define nu_scratch_scope()                                                                         \
    NU_UNUSED NU_CLEANUP(nu__scratch_end)                                                          \
    nu_scratch NU_CAT(nu__scratch_, __COUNTER__) = nu__scratch()
