/*
 * Kerberos and LDAP as a static executable has them: not at all.
 *
 * libpq.a asks for both, and Debian has no static library of the first. libpq looks for a Kerberos
 * ticket before it encrypts a connection with it, and reads connection parameters by LDAP only
 * where a service file says so: it hears here that there is no ticket, and no LDAP, and goes on or
 * reports as it does on a machine without them. What it calls only with a ticket or an answer in
 * its hands is there for the linker. Part of libnuages-static.a, which nothing but static
 * executables link.
 */
#include <stddef.h>
#include <stdint.h>

enum { GSS_S_UNAVAILABLE = 16 << 16 };

#define NO_TICKET(function)                                                                        \
    uint32_t function(void);                                                                       \
    uint32_t function(void)                                                                        \
    {                                                                                              \
        return GSS_S_UNAVAILABLE;                                                                  \
    }

NO_TICKET(gss_acquire_cred)
NO_TICKET(gss_delete_sec_context)
NO_TICKET(gss_display_status)
NO_TICKET(gss_import_name)
NO_TICKET(gss_init_sec_context)
NO_TICKET(gss_release_buffer)
NO_TICKET(gss_release_cred)
NO_TICKET(gss_release_name)
NO_TICKET(gss_unwrap)
NO_TICKET(gss_wrap)
NO_TICKET(gss_wrap_size_limit)

extern const void *const GSS_C_NT_HOSTBASED_SERVICE;
const void *const GSS_C_NT_HOSTBASED_SERVICE = NULL;

/* The first call of libpq, ldap_init(), gives NULL: "could not create LDAP structure". */
#define NO_LDAP(function)                                                                          \
    void *function(void);                                                                          \
    void *function(void)                                                                           \
    {                                                                                              \
        return NULL;                                                                               \
    }

NO_LDAP(ldap_count_entries)
NO_LDAP(ldap_err2string)
NO_LDAP(ldap_first_entry)
NO_LDAP(ldap_get_values_len)
NO_LDAP(ldap_init)
NO_LDAP(ldap_msgfree)
NO_LDAP(ldap_result)
NO_LDAP(ldap_search_st)
NO_LDAP(ldap_set_option)
NO_LDAP(ldap_simple_bind)
NO_LDAP(ldap_unbind)
NO_LDAP(ldap_value_free_len)
