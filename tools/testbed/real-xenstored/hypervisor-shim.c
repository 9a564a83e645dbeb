/*
 * An LD_PRELOAD library that stands in for the hypervisor, so that Debian's own xenstored and
 * oxenstored (Xen 4.17) serve on any Linux machine. It replaces the few calls of libxenctrl,
 * libxengnttab and libxenevtchn that the two servers make, and redirects the files they open.
 *
 *   cc -O2 -fPIC -shared -o hypervisor-shim.so hypervisor-shim.c -ldl
 *
 * SHIM_DIRECTORY holds one imaginary host:
 *   xsd_port, xsd_kva   what /proc/xen/xsd_port and /proc/xen/xsd_kva would be (dom0's ring)
 *   dom<N>.page         4096 bytes; its presence means that domain N exists, its content is the ring
 *   dom<N>.state        optional letters: S shut down, C crashed, D dying
 *   hypervisor.sock     datagram socket of the server: its event-channel device
 *   dom<N>.event        datagram socket of the guest, which the server kicks
 *   event-channels      table of the server's local ports
 * A datagram to hypervisor.sock is a struct event: kind 1 = a guest's kick, kind 0 = VIRQ_DOM_EXC.
 * SHIM_SOCKET, when set, replaces /var/run/xenstored/socket, which oxenstored has compiled in.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PAGE_BYTES 4096
#define PORT_COUNT 4096
#define PATH_BYTES 512

struct event { uint32_t kind, domid, port; };
/* `used` is 0 or the serial number of the binding; ports[0].used is the last serial given out. */
struct port { uint32_t used, is_virq, domid, remote_port; };
struct xenevtchn_handle { int fd; struct port *ports; };

#define REAL(name) ({ \
    static __typeof__(&name) real_; \
    if (!real_) real_ = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
    real_; })

static char *in_directory(char *target, size_t size, const char *format, ...)
{
    const char *directory = getenv("SHIM_DIRECTORY");
    va_list arguments;
    int length = snprintf(target, size, "%s/", directory ? directory : ".");

    va_start(arguments, format);
    vsnprintf(target + length, size - length, format, arguments);
    va_end(arguments);
    return target;
}

__attribute__((constructor)) static void create_dom0_files(void)
{
    char path[PATH_BYTES];
    int fd = REAL(open)(in_directory(path, sizeof path, "xsd_port"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd >= 0) {
        if (write(fd, "1", 1) != 1) perror(path);
        close(fd);
    }
    fd = REAL(open)(in_directory(path, sizeof path, "xsd_kva"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0) {
        if (ftruncate(fd, PAGE_BYTES)) perror(path);
        close(fd);
    }
}

/* ---- files and sockets ---- */

static const char *redirect_file(const char *path, char *target, size_t size)
{
    if (path && !strcmp(path, "/proc/xen/xsd_port")) return in_directory(target, size, "xsd_port");
    if (path && !strcmp(path, "/proc/xen/xsd_kva")) return in_directory(target, size, "xsd_kva");
    return path;
}

static const char *redirect_socket(const char *path)
{
    const char *replacement = getenv("SHIM_SOCKET");

    if (replacement && path
        && (!strcmp(path, "/var/run/xenstored/socket") || !strcmp(path, "/run/xenstored/socket")))
        return replacement;
    return path;
}

int open(const char *path, int flags, ...)
{
    char target[PATH_BYTES];
    va_list arguments;
    mode_t mode;

    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
    return REAL(open)(redirect_file(path, target, sizeof target), flags, mode);
}

int open64(const char *path, int flags, ...)
{
    char target[PATH_BYTES];
    va_list arguments;
    mode_t mode;

    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
    return REAL(open64)(redirect_file(path, target, sizeof target), flags, mode);
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_un replaced = { .sun_family = AF_UNIX };
    const struct sockaddr_un *given = (const void *)address;

    if (address->sa_family != AF_UNIX || redirect_socket(given->sun_path) == given->sun_path)
        return REAL(bind)(fd, address, length);
    snprintf(replaced.sun_path, sizeof replaced.sun_path, "%s", redirect_socket(given->sun_path));
    return REAL(bind)(fd, (void *)&replaced, sizeof replaced);
}

int unlink(const char *path) { return REAL(unlink)(redirect_socket(path)); }

int chmod(const char *path, mode_t mode) { return REAL(chmod)(redirect_socket(path), mode); }

/* The C server raises its limit of open files, which a test without root may not. */
int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
    int result = REAL(setrlimit)(resource, limit);

    return result && errno == EPERM ? 0 : result;
}

/* ---- domains ---- */

struct domain { int exists, is_shutdown, is_dying, is_crashed; };

static struct domain find_domain(unsigned domid)
{
    char path[PATH_BYTES], letters[16] = "";
    struct stat status;
    int fd;

    if (domid == 0) return (struct domain){ .exists = 1 };
    if (stat(in_directory(path, sizeof path, "dom%u.page", domid), &status)) return (struct domain){ 0 };
    fd = REAL(open)(in_directory(path, sizeof path, "dom%u.state", domid), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (read(fd, letters, sizeof letters - 1) < 0) perror(path);
        close(fd);
    }
    return (struct domain){ 1, !!strchr(letters, 'S'), !!strchr(letters, 'D'), !!strchr(letters, 'C') };
}

void *xc_interface_open(void *logger, void *dom_logger, unsigned flags) { static int handle; return &handle; }
int xc_interface_close(void *handle) { return 0; }

/* struct xc_dominfo begins with domid, ssidref and the bits dying, crashed, shutdown. */
int xc_domain_getinfo(void *handle, uint32_t first, unsigned count, uint32_t *info)
{
    struct domain domain = find_domain(first);

    if (!count || !domain.exists) { errno = ESRCH; return 0; }
    info[0] = first;
    info[1] = 0;
    info[2] = domain.is_dying | domain.is_crashed << 1 | domain.is_shutdown << 2;
    return 1;
}

/* struct xen_domctl_getdomaininfo has 112 bytes in 4.17: domid, flags, … */
int xc_domain_getinfolist(void *handle, uint32_t first, unsigned count, void *info)
{
    struct domain domain = find_domain(first);
    uint32_t flags = domain.is_dying | domain.is_shutdown << 2 | 1 << 5;

    if (!count || !domain.exists) { errno = ESRCH; return 0; }
    memset(info, 0, 112);
    *(uint16_t *)info = first;
    memcpy((char *)info + 4, &flags, sizeof flags);
    return 1;
}

static void *map_page(unsigned domid)
{
    char path[PATH_BYTES];
    void *page;
    int fd = REAL(open)(in_directory(path, sizeof path, "dom%u.page", domid), O_RDWR | O_CLOEXEC);

    if (fd < 0) return NULL;
    page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return page == MAP_FAILED ? NULL : page;
}

void *xc_map_foreign_range(void *handle, uint32_t domid, int size, int protection, unsigned long frame)
{
    return map_page(domid);
}

void *xengnttab_open(void *logger, unsigned flags) { static int handle; return &handle; }
int xengnttab_close(void *handle) { return 0; }
int xengnttab_set_max_grants(void *handle, uint32_t count) { return 0; }
int xengnttab_unmap(void *handle, void *address, uint32_t pages) { return munmap(address, PAGE_BYTES * pages); }

/* Grant 1 is reserved for the XenStore ring (xen/grant_table.h, GNTTAB_RESERVED_XENSTORE). */
void *xengnttab_map_grant_ref(void *handle, uint32_t domid, uint32_t reference, int protection)
{
    if (reference == 1) return map_page(domid);
    errno = EINVAL;
    return NULL;
}

/* ---- event channels ---- */

struct xenevtchn_handle *xenevtchn_open(void *logger, unsigned flags)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct xenevtchn_handle *handle = calloc(1, sizeof *handle);
    char path[PATH_BYTES];
    int table;

    handle->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    in_directory(address.sun_path, sizeof address.sun_path, "hypervisor.sock");
    REAL(unlink)(address.sun_path);
    if (REAL(bind)(handle->fd, (void *)&address, sizeof address)) return NULL;
    in_directory(path, sizeof path, "event-channels");
    table = REAL(open)(path, O_RDWR | O_CREAT | O_CLOEXEC | O_TRUNC, 0600);
    if (table < 0 || ftruncate(table, PORT_COUNT * sizeof(struct port))) return NULL;
    handle->ports = mmap(NULL, PORT_COUNT * sizeof(struct port), PROT_READ | PROT_WRITE, MAP_SHARED, table, 0);
    close(table);
    return handle->ports == MAP_FAILED ? NULL : handle;
}

int xenevtchn_close(struct xenevtchn_handle *handle)
{
    close(handle->fd);
    free(handle);
    return 0;
}

int xenevtchn_fd(struct xenevtchn_handle *handle) { return handle->fd; }

static int bind_port(struct xenevtchn_handle *handle, struct port port)
{
    for (int local = 1; local < PORT_COUNT; local++) {
        if (handle->ports[local].used) continue;
        port.used = ++handle->ports[0].used;
        handle->ports[local] = port;
        return local;
    }
    errno = ENOSPC;
    return -1;
}

int xenevtchn_bind_virq(struct xenevtchn_handle *handle, unsigned virq)
{
    return bind_port(handle, (struct port){ .is_virq = 1 });
}

int xenevtchn_bind_interdomain(struct xenevtchn_handle *handle, uint32_t domid, uint32_t remote_port)
{
    if (find_domain(domid).exists)
        return bind_port(handle, (struct port){ .domid = domid, .remote_port = remote_port });
    errno = ESRCH;
    return -1;
}

int xenevtchn_unbind(struct xenevtchn_handle *handle, uint32_t port)
{
    if (port >= PORT_COUNT || !handle->ports[port].used) { errno = EINVAL; return -1; }
    handle->ports[port].used = 0;
    return 0;
}

int xenevtchn_unmask(struct xenevtchn_handle *handle, uint32_t port) { return 0; }

int xenevtchn_notify(struct xenevtchn_handle *handle, uint32_t port)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct event event;

    if (port >= PORT_COUNT || !handle->ports[port].used) { errno = EINVAL; return -1; }
    event = (struct event){ 1, handle->ports[port].domid, handle->ports[port].remote_port };
    if (event.domid == 0) return 0; /* dom0's kernel: nobody is there */
    in_directory(address.sun_path, sizeof address.sun_path, "dom%u.event", event.domid);
    /* A full queue means that a kick is pending already. */
    sendto(handle->fd, &event, sizeof event, MSG_DONTWAIT | MSG_NOSIGNAL, (void *)&address, sizeof address);
    return 0;
}

int xenevtchn_pending(struct xenevtchn_handle *handle)
{
    struct event event;
    int newest = 0; /* oxenstored's RELEASE leaks the old binding, so the newest one counts */

    if (recv(handle->fd, &event, sizeof event, MSG_DONTWAIT) != sizeof event) return 0;
    for (int local = 1; local < PORT_COUNT; local++) {
        const struct port *port = &handle->ports[local];

        if (!port->used) continue;
        if (event.kind == 0 && port->is_virq) return local;
        if (event.kind == 1 && !port->is_virq && port->domid == event.domid && port->remote_port == event.port
            && (!newest || port->used > handle->ports[newest].used))
            newest = local;
    }
    return newest;
}
