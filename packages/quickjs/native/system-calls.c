/*
 * Module "native:os": system calls for the TypeScript side, each as thin as it can be. A call that fails
 * returns the negative errno, as the kernel does; only wrong arguments throw.
 */
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

/* From linux/netlink.h, which musl does not bring along. */
#define NETLINK_ROUTE 0
struct netlink_address {
    sa_family_t family;
    uint16_t padding;
    uint32_t port;
    uint32_t groups;
};

#define LABEL_MAX 4096
#define LABEL_ATTRIBUTE "security.selinux"
#define ARGUMENTS_MAX 4096

#define CALL(name) \
    static JSValue name(JSContext *context, JSValueConst this_value, int count, JSValueConst *arguments)
/* Parameters that a call does not use. */
#define IGNORE() (void)((void)this_value, (void)count, (void)arguments)

/* A call whose first argument is the text `path`; what it returns is made before the text is freed. */
#define PATH_CALL(name, answer) \
    CALL(name) \
    { \
        IGNORE(); \
        const char *path = to_text(context, arguments[0]); \
        if (path == NULL) \
            return JS_EXCEPTION; \
        JSValue result = answer; \
        JS_FreeCString(context, path); \
        return result; \
    }

/* The same with a second text, `other`. */
#define TWO_PATHS_CALL(name, answer) \
    static JSValue name##_with(JSContext *context, const char *path, JSValueConst value) \
    { \
        const char *other = to_text(context, value); \
        if (other == NULL) \
            return JS_EXCEPTION; \
        JSValue result = answer; \
        JS_FreeCString(context, other); \
        return result; \
    } \
    PATH_CALL(name, name##_with(context, path, arguments[1]))

/* A call whose first argument is the number `fd`. */
#define DESCRIPTOR_CALL(name, answer) \
    CALL(name) \
    { \
        IGNORE(); \
        int fd; \
        return to_number(context, arguments[0], &fd) ? answer : JS_EXCEPTION; \
    }

static JSValue turn;
static bool has_turn = false;
static int32_t status_at_exit = 0;
static int kept_count = 0;
static char **kept_arguments = NULL;

void keep_arguments(int count, char **arguments)
{
    kept_count = count;
    kept_arguments = arguments;
}

int exit_status(void)
{
    return status_at_exit;
}

JSValue call_turn(JSContext *context)
{
    return has_turn ? JS_Call(context, turn, JS_UNDEFINED, 0, NULL) : JS_FALSE;
}

/* A number, or the negative errno of what has just failed. */
static JSValue outcome(JSContext *context, int64_t result)
{
    return JS_NewInt64(context, result < 0 ? -errno : result);
}

static JSValue failure(JSContext *context, int error)
{
    return JS_NewInt32(context, -error);
}

/* A text without NUL bytes, which would end it early; free with JS_FreeCString. Throws otherwise. */
static const char *to_text(JSContext *context, JSValueConst value)
{
    size_t length;
    const char *text = JS_ToCStringLen(context, &length, value);
    if (text != NULL && strlen(text) != length) {
        JS_FreeCString(context, text);
        JS_ThrowTypeError(context, "A NUL byte in a text for a system call");
        return NULL;
    }
    return text;
}

static bool to_number(JSContext *context, JSValueConst value, int *number)
{
    int32_t result = 0;
    if (JS_ToInt32(context, &result, value) != 0)
        return false;
    *number = result;
    return true;
}

/* ---- Files ---- */

static JSValue open_at(JSContext *context, const char *path, JSValueConst *arguments)
{
    int flags, mode;
    if (!to_number(context, arguments[1], &flags) || !to_number(context, arguments[2], &mode))
        return JS_EXCEPTION;
    return outcome(context, open(path, flags | O_CLOEXEC, (mode_t)mode));
}

/* open(path, flags, mode) */
PATH_CALL(call_open, open_at(context, path, arguments))
DESCRIPTOR_CALL(call_close, outcome(context, close(fd)))
DESCRIPTOR_CALL(call_fsync, outcome(context, fsync(fd)))

/* (fd, bytes, offset): reads into, or writes from, the bytes behind the offset. */
static JSValue transfer(JSContext *context, JSValueConst *arguments, bool is_write)
{
    int fd, offset;
    size_t size;
    if (!to_number(context, arguments[0], &fd) || !to_number(context, arguments[2], &offset))
        return JS_EXCEPTION;
    uint8_t *bytes = JS_GetUint8Array(context, &size, arguments[1]);
    if (bytes == NULL)
        return JS_EXCEPTION;
    if (offset < 0 || (size_t)offset > size)
        return JS_ThrowRangeError(context, "Offset %d is not in %zu bytes", offset, size);
    const size_t length = size - (size_t)offset;
    return outcome(context, is_write ? write(fd, bytes + offset, length) : read(fd, bytes + offset, length));
}

CALL(call_read)
{
    IGNORE();
    return transfer(context, arguments, false);
}

CALL(call_write)
{
    IGNORE();
    return transfer(context, arguments, true);
}

CALL(call_fchmod)
{
    IGNORE();
    int fd, mode;
    if (!to_number(context, arguments[0], &fd) || !to_number(context, arguments[1], &mode))
        return JS_EXCEPTION;
    return outcome(context, fchmod(fd, (mode_t)mode));
}

CALL(call_fchown)
{
    IGNORE();
    int fd, uid, gid;
    if (!to_number(context, arguments[0], &fd) || !to_number(context, arguments[1], &uid)
        || !to_number(context, arguments[2], &gid))
        return JS_EXCEPTION;
    return outcome(context, fchown(fd, (uid_t)uid, (gid_t)gid));
}

static JSValue number_list(JSContext *context, const int64_t *numbers, uint32_t count)
{
    JSValue list = JS_NewArray(context);
    for (uint32_t index = 0; index < count && !JS_IsException(list); index++)
        JS_SetPropertyUint32(context, list, index, JS_NewInt64(context, numbers[index]));
    return list;
}

/* [mode, uid, gid, size], of a look that ended with `result`. */
static JSValue status_list(JSContext *context, int result, const struct stat *status)
{
    if (result < 0)
        return failure(context, errno);
    const int64_t numbers[] = {status->st_mode, status->st_uid, status->st_gid, status->st_size};
    return number_list(context, numbers, 4);
}

static JSValue look_at(JSContext *context, const char *path, int flags)
{
    struct stat status;
    return status_list(context, fstatat(AT_FDCWD, path, &status, flags), &status);
}

static JSValue look_into(JSContext *context, int fd)
{
    struct stat status;
    return status_list(context, fstat(fd, &status), &status);
}

PATH_CALL(call_stat, look_at(context, path, 0))
PATH_CALL(call_lstat, look_at(context, path, AT_SYMLINK_NOFOLLOW))
DESCRIPTOR_CALL(call_fstat, look_into(context, fd))

static JSValue read_link(JSContext *context, const char *path)
{
    char target[PATH_MAX];
    ssize_t length = readlink(path, target, sizeof target);
    return length < 0 ? failure(context, errno) : JS_NewStringLen(context, target, (size_t)length);
}

static JSValue resolve(JSContext *context, const char *path)
{
    char resolved[PATH_MAX];
    return realpath(path, resolved) == NULL ? failure(context, errno) : JS_NewString(context, resolved);
}

static JSValue list_names(JSContext *context, const char *path)
{
    DIR *directory = opendir(path);
    if (directory == NULL)
        return failure(context, errno);
    JSValue names = JS_NewArray(context);
    const struct dirent *entry;
    for (uint32_t index = 0; errno = 0, (entry = readdir(directory)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            JS_SetPropertyUint32(context, names, index++, JS_NewString(context, entry->d_name));
    int error = errno;
    closedir(directory);
    if (error == 0)
        return names;
    JS_FreeValue(context, names);
    return failure(context, error);
}

static JSValue make_directory(JSContext *context, const char *path, JSValueConst value)
{
    int mode;
    return to_number(context, value, &mode) ? outcome(context, mkdir(path, (mode_t)mode)) : JS_EXCEPTION;
}

/* The SELinux label of what stands there, not of what a link points to. */
static JSValue read_label(JSContext *context, const char *path)
{
    char label[LABEL_MAX];
    ssize_t length = lgetxattr(path, LABEL_ATTRIBUTE, label, sizeof label);
    /* The kernel ends it with a NUL byte. */
    return length < 0 ? failure(context, errno)
                      : JS_NewStringLen(context, label, strnlen(label, (size_t)length));
}

/* [block size, blocks, blocks available, files, files available] */
static JSValue file_system(JSContext *context, const char *path)
{
    struct statvfs status;
    if (statvfs(path, &status) < 0)
        return failure(context, errno);
    const int64_t numbers[] = {(int64_t)status.f_frsize, (int64_t)status.f_blocks, (int64_t)status.f_bavail,
                               (int64_t)status.f_files, (int64_t)status.f_favail};
    return number_list(context, numbers, 5);
}

PATH_CALL(call_readlink, read_link(context, path))
PATH_CALL(call_realpath, resolve(context, path))
PATH_CALL(call_readdir, list_names(context, path))
PATH_CALL(call_unlink, outcome(context, unlink(path)))
PATH_CALL(call_mkdir, make_directory(context, path, arguments[1]))
PATH_CALL(call_read_label, read_label(context, path))
PATH_CALL(call_statvfs, file_system(context, path))
TWO_PATHS_CALL(call_rename, outcome(context, rename(path, other)))
/* symlink(target, path) */
TWO_PATHS_CALL(call_symlink, outcome(context, symlink(path, other)))

CALL(call_write_label)
{
    IGNORE();
    int fd;
    if (!to_number(context, arguments[0], &fd))
        return JS_EXCEPTION;
    const char *label = to_text(context, arguments[1]);
    if (label == NULL)
        return JS_EXCEPTION;
    JSValue result = outcome(context, fsetxattr(fd, LABEL_ATTRIBUTE, label, strlen(label) + 1, 0));
    JS_FreeCString(context, label);
    return result;
}

/* ---- Waiting ---- */

static int64_t microseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

CALL(call_monotonic_ms)
{
    IGNORE();
    return JS_NewFloat64(context, (double)microseconds(CLOCK_MONOTONIC) / 1000);
}

CALL(call_unix_time)
{
    IGNORE();
    return JS_NewFloat64(context, (double)microseconds(CLOCK_REALTIME) / 1e6);
}

/* poll(bytes, count, timeoutMs): the bytes are an array of struct pollfd. */
CALL(call_poll)
{
    IGNORE();
    int waited, timeout;
    size_t size;
    uint8_t *bytes = JS_GetUint8Array(context, &size, arguments[0]);
    if (bytes == NULL || !to_number(context, arguments[1], &waited)
        || !to_number(context, arguments[2], &timeout))
        return JS_EXCEPTION;
    if (waited < 0 || (size_t)waited > size / sizeof(struct pollfd))
        return JS_ThrowRangeError(context, "%d descriptors do not stand in %zu bytes", waited, size);
    return outcome(context, poll((struct pollfd *)(void *)bytes, (nfds_t)waited, timeout));
}

/* openSignals(numbers): a descriptor that tells them; they do nothing else any more. */
CALL(call_open_signals)
{
    IGNORE();
    sigset_t signals;
    sigemptyset(&signals);
    int64_t length;
    if (JS_GetLength(context, arguments[0], &length) < 0)
        return JS_EXCEPTION;
    for (int64_t index = 0; index < length; index++) {
        int number;
        JSValue value = JS_GetPropertyUint32(context, arguments[0], (uint32_t)index);
        if (!to_number(context, value, &number))
            return JS_EXCEPTION;
        sigaddset(&signals, number);
    }
    if (sigprocmask(SIG_BLOCK, &signals, NULL) < 0)
        return failure(context, errno);
    return outcome(context, signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

CALL(call_set_turn)
{
    IGNORE();
    if (has_turn)
        JS_FreeValue(context, turn);
    turn = JS_DupValue(context, arguments[0]);
    has_turn = true;
    return JS_UNDEFINED;
}

/* ---- Sockets ---- */

static bool to_address(JSContext *context, JSValueConst value, struct sockaddr_un *address, socklen_t *size)
{
    const char *path = to_text(context, value);
    if (path == NULL)
        return false;
    size_t length = strlen(path);
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    bool fits = length > 0 && length < sizeof address->sun_path;
    if (fits)
        memcpy(address->sun_path, path, length);
    else
        JS_ThrowRangeError(context, "\"%s\" is too long or too short for a socket", path);
    JS_FreeCString(context, path);
    /* As systemd writes it, a leading @ stands for the NUL byte of an abstract name (sd_notify(3)). */
    bool is_abstract = fits && address->sun_path[0] == '@';
    if (is_abstract)
        address->sun_path[0] = '\0';
    *size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (is_abstract ? 0 : 1));
    return fits;
}

/* connectUnix(path): a stream, not blocking. Unix sockets connect at once or not at all. */
CALL(call_connect_unix)
{
    IGNORE();
    struct sockaddr_un address;
    socklen_t size;
    if (!to_address(context, arguments[0], &address, &size))
        return JS_EXCEPTION;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return failure(context, errno);
    if (connect(fd, (const struct sockaddr *)&address, size) < 0) {
        int error = errno;
        close(fd);
        return failure(context, error);
    }
    return JS_NewInt32(context, fd);
}

/* sendDatagram(path, bytes) */
CALL(call_send_datagram)
{
    IGNORE();
    struct sockaddr_un address;
    socklen_t size;
    size_t length;
    const uint8_t *bytes = JS_GetUint8Array(context, &length, arguments[1]);
    if (bytes == NULL || !to_address(context, arguments[0], &address, &size))
        return JS_EXCEPTION;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return failure(context, errno);
    ssize_t sent = sendto(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT, (const struct sockaddr *)&address, size);
    int error = errno;
    close(fd);
    return sent < 0 ? failure(context, error) : JS_NewInt64(context, sent);
}

/* openNetlink(groups): news of the kernel's network (rtnetlink(7)), not blocking. */
CALL(call_open_netlink)
{
    IGNORE();
    int groups;
    if (!to_number(context, arguments[0], &groups))
        return JS_EXCEPTION;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0)
        return failure(context, errno);
    struct netlink_address address = {.family = AF_NETLINK, .groups = (uint32_t)groups};
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) < 0) {
        int error = errno;
        close(fd);
        return failure(context, error);
    }
    return JS_NewInt32(context, fd);
}

/* ---- The terminal ---- */

static struct termios usual_terminal;
static int raw_terminal = -1;

/* Also when the program ends: a terminal that shows no keys would be left behind. */
static void restore_terminal(void)
{
    if (raw_terminal >= 0)
        tcsetattr(raw_terminal, TCSAFLUSH, &usual_terminal);
    raw_terminal = -1;
}

DESCRIPTOR_CALL(call_is_terminal, JS_NewBool(context, isatty(fd)))

/* hideKeys(fd): each key is read at once, Ctrl-C too, and not shown (termios(3)). */
CALL(call_hide_keys)
{
    IGNORE();
    int fd;
    if (!to_number(context, arguments[0], &fd))
        return JS_EXCEPTION;
    if (raw_terminal >= 0)
        return failure(context, EBUSY);
    if (tcgetattr(fd, &usual_terminal) < 0 || atexit(restore_terminal) != 0)
        return failure(context, errno);
    struct termios raw = usual_terminal;
    raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IXON);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    raw_terminal = fd;
    return outcome(context, tcsetattr(fd, TCSADRAIN, &raw));
}

/* showKeys(): the terminal is as it was before. */
CALL(call_show_keys)
{
    IGNORE();
    (void)context;
    restore_terminal();
    return JS_UNDEFINED;
}

/* ---- Programs ---- */

/* [end to read from, end to write to], blocking for the program that gets one. */
CALL(call_pipe)
{
    IGNORE();
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return failure(context, errno);
    const int64_t numbers[] = {ends[0], ends[1]};
    return number_list(context, numbers, 2);
}

static JSValue set_nonblocking(JSContext *context, int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return outcome(context, flags < 0 ? flags : fcntl(fd, F_SETFL, flags | O_NONBLOCK));
}

DESCRIPTOR_CALL(call_set_nonblocking, set_nonblocking(context, fd))

static void free_texts(JSContext *context, char **texts)
{
    for (char **text = texts; text != NULL && *text != NULL; text++)
        JS_FreeCString(context, *text);
    free(texts);
}

/* A list of texts as exec(3) wants it; null and an exception when it is none. */
static char **to_texts(JSContext *context, JSValueConst list)
{
    int64_t length;
    if (JS_GetLength(context, list, &length) < 0)
        return NULL;
    if (length > ARGUMENTS_MAX) {
        JS_ThrowRangeError(context, "More than %d arguments", ARGUMENTS_MAX);
        return NULL;
    }
    char **texts = calloc((size_t)length + 1, sizeof *texts);
    if (texts == NULL) {
        JS_ThrowOutOfMemory(context);
        return NULL;
    }
    for (int64_t index = 0; index < length; index++) {
        JSValue value = JS_GetPropertyUint32(context, list, (uint32_t)index);
        texts[index] = (char *)(uintptr_t)to_text(context, value);
        JS_FreeValue(context, value);
        if (texts[index] == NULL) {
            free_texts(context, texts);
            return NULL;
        }
    }
    return texts;
}

struct launch {
    const char *path;
    char **argv;
    char **environment;
    int fds[3];
};

/* In a session of its own, in /, with no signal blocked or ignored; returns errno or 0. */
static int launch(const struct launch *launch, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, "/");
    for (int fd = 0; fd < 3; fd++)
        posix_spawn_file_actions_adddup2(&actions, launch->fds[fd], fd);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawn(pid, launch->path, &actions, &attributes, launch->argv, launch->environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* spawn(path, argv, environment, stdin, stdout, stderr): the process's number. */
CALL(call_spawn)
{
    IGNORE();
    struct launch wanted = {0};
    pid_t pid = 0;
    JSValue result = JS_EXCEPTION;
    for (int fd = 0; fd < 3; fd++)
        if (!to_number(context, arguments[3 + fd], &wanted.fds[fd]))
            return JS_EXCEPTION;
    wanted.path = to_text(context, arguments[0]);
    wanted.argv = wanted.path == NULL ? NULL : to_texts(context, arguments[1]);
    wanted.environment = wanted.argv == NULL ? NULL : to_texts(context, arguments[2]);
    if (wanted.environment != NULL) {
        int error = launch(&wanted, &pid);
        result = error != 0 ? failure(context, error) : JS_NewInt32(context, pid);
    }
    free_texts(context, wanted.environment);
    free_texts(context, wanted.argv);
    JS_FreeCString(context, wanted.path);
    return result;
}

/* exec(path, argv, environment): the process goes on as that program; returns only to tell a failure. */
CALL(call_exec)
{
    IGNORE();
    JSValue result = JS_EXCEPTION;
    const char *path = to_text(context, arguments[0]);
    char **argv = path == NULL ? NULL : to_texts(context, arguments[1]);
    char **environment = argv == NULL ? NULL : to_texts(context, arguments[2]);
    if (environment != NULL) {
        /* Signals that wait for a descriptor which goes with this program stay blocked otherwise. */
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(path, argv, environment);
        result = failure(context, errno);
    }
    free_texts(context, environment);
    free_texts(context, argv);
    JS_FreeCString(context, path);
    return result;
}

/* wait(pid): the exit status, or 128 plus the signal's number; -EAGAIN while it runs. */
CALL(call_wait)
{
    IGNORE();
    int pid, status;
    if (!to_number(context, arguments[0], &pid))
        return JS_EXCEPTION;
    pid_t ended = waitpid(pid, &status, WNOHANG);
    if (ended <= 0)
        return failure(context, ended < 0 ? errno : EAGAIN);
    return JS_NewInt32(context, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* kill(pid, signal); a negative number names a process group. */
CALL(call_kill)
{
    IGNORE();
    int pid, number;
    if (!to_number(context, arguments[0], &pid) || !to_number(context, arguments[1], &number))
        return JS_EXCEPTION;
    return outcome(context, kill(pid, number));
}

/* ---- The process and its machine ---- */

CALL(call_arguments)
{
    IGNORE();
    JSValue list = JS_NewArray(context);
    for (int index = 0; index < kept_count; index++)
        JS_SetPropertyUint32(context, list, (uint32_t)index, JS_NewString(context, kept_arguments[index]));
    return list;
}

static JSValue variable(JSContext *context, const char *name)
{
    const char *value = getenv(name);
    return value == NULL ? JS_UNDEFINED : JS_NewString(context, value);
}

PATH_CALL(call_environment, variable(context, path))

CALL(call_set_exit_status)
{
    IGNORE();
    return JS_ToInt32(context, &status_at_exit, arguments[0]) == 0 ? JS_UNDEFINED : JS_EXCEPTION;
}

CALL(call_forbid_core_dumps)
{
    IGNORE();
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
        return failure(context, errno);
    return JS_NewInt32(context, 0);
}

/* randomBytes(bytes): fills them; waits for the kernel's generator to be seeded. */
CALL(call_random_bytes)
{
    IGNORE();
    size_t length;
    uint8_t *bytes = JS_GetUint8Array(context, &length, arguments[0]);
    if (bytes == NULL)
        return JS_EXCEPTION;
    for (size_t at = 0; at < length;) {
        ssize_t filled = getrandom(bytes + at, length - at, 0);
        if (filled < 0 && errno != EINTR)
            return failure(context, errno);
        at += filled < 0 ? 0 : (size_t)filled;
    }
    return JS_NewInt32(context, 0);
}

/* dieWithParent(pid): SIGKILL when that process ends; false when it has ended already. */
CALL(call_die_with_parent)
{
    IGNORE();
    int parent;
    if (!to_number(context, arguments[0], &parent))
        return JS_EXCEPTION;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        return failure(context, errno);
    return JS_NewBool(context, getppid() == parent);
}

CALL(call_process_id)
{
    IGNORE();
    return JS_NewInt32(context, getpid());
}

/*
 * Gives memory back that is not needed at the moment: garbage, and the pages of code and constants, which
 * the kernel reads again when they are used. The program is linked to fixed addresses.
 */
CALL(call_release_memory)
{
    IGNORE();
    JS_RunGC(JS_GetRuntime(context));
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const Elf64_Phdr *segment = (const Elf64_Phdr *)getauxval(AT_PHDR);
    for (unsigned long left = getauxval(AT_PHNUM); left > 0; left--, segment++) {
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0)
            continue;
        uintptr_t start = segment->p_vaddr & ~(page - 1);
        madvise((void *)start, segment->p_vaddr + segment->p_memsz - start, MADV_DONTNEED);
    }
    return JS_UNDEFINED;
}

static const JSCFunctionListEntry members[] = {
    JS_CFUNC_DEF("open", 3, call_open),
    JS_CFUNC_DEF("close", 1, call_close),
    JS_CFUNC_DEF("read", 3, call_read),
    JS_CFUNC_DEF("write", 3, call_write),
    JS_CFUNC_DEF("fsync", 1, call_fsync),
    JS_CFUNC_DEF("fchmod", 2, call_fchmod),
    JS_CFUNC_DEF("fchown", 3, call_fchown),
    JS_CFUNC_DEF("fstat", 1, call_fstat),
    JS_CFUNC_DEF("stat", 1, call_stat),
    JS_CFUNC_DEF("lstat", 1, call_lstat),
    JS_CFUNC_DEF("readlink", 1, call_readlink),
    JS_CFUNC_DEF("realpath", 1, call_realpath),
    JS_CFUNC_DEF("readdir", 1, call_readdir),
    JS_CFUNC_DEF("rename", 2, call_rename),
    JS_CFUNC_DEF("unlink", 1, call_unlink),
    JS_CFUNC_DEF("symlink", 2, call_symlink),
    JS_CFUNC_DEF("mkdir", 2, call_mkdir),
    JS_CFUNC_DEF("readLabel", 1, call_read_label),
    JS_CFUNC_DEF("writeLabel", 2, call_write_label),
    JS_CFUNC_DEF("statvfs", 1, call_statvfs),
    JS_CFUNC_DEF("monotonicMs", 0, call_monotonic_ms),
    JS_CFUNC_DEF("unixTime", 0, call_unix_time),
    JS_CFUNC_DEF("poll", 3, call_poll),
    JS_CFUNC_DEF("openSignals", 1, call_open_signals),
    JS_CFUNC_DEF("setTurn", 1, call_set_turn),
    JS_CFUNC_DEF("connectUnix", 1, call_connect_unix),
    JS_CFUNC_DEF("sendDatagram", 2, call_send_datagram),
    JS_CFUNC_DEF("openNetlink", 1, call_open_netlink),
    JS_CFUNC_DEF("isTerminal", 1, call_is_terminal),
    JS_CFUNC_DEF("hideKeys", 1, call_hide_keys),
    JS_CFUNC_DEF("showKeys", 0, call_show_keys),
    JS_CFUNC_DEF("pipe", 0, call_pipe),
    JS_CFUNC_DEF("setNonblocking", 1, call_set_nonblocking),
    JS_CFUNC_DEF("spawn", 6, call_spawn),
    JS_CFUNC_DEF("exec", 3, call_exec),
    JS_CFUNC_DEF("wait", 1, call_wait),
    JS_CFUNC_DEF("kill", 2, call_kill),
    JS_CFUNC_DEF("programArguments", 0, call_arguments),
    JS_CFUNC_DEF("environment", 1, call_environment),
    JS_CFUNC_DEF("setExitStatus", 1, call_set_exit_status),
    JS_CFUNC_DEF("forbidCoreDumps", 0, call_forbid_core_dumps),
    JS_CFUNC_DEF("randomBytes", 1, call_random_bytes),
    JS_CFUNC_DEF("dieWithParent", 1, call_die_with_parent),
    JS_CFUNC_DEF("processId", 0, call_process_id),
    JS_CFUNC_DEF("releaseMemory", 0, call_release_memory),
    /* Flags differ between architectures. */
    JS_PROP_INT32_DEF("O_RDONLY", O_RDONLY, JS_PROP_ENUMERABLE),
    JS_PROP_INT32_DEF("O_WRONLY", O_WRONLY, JS_PROP_ENUMERABLE),
    JS_PROP_INT32_DEF("O_RDWR", O_RDWR, JS_PROP_ENUMERABLE),
    JS_PROP_INT32_DEF("O_CREAT", O_CREAT, JS_PROP_ENUMERABLE),
    JS_PROP_INT32_DEF("O_EXCL", O_EXCL, JS_PROP_ENUMERABLE),
    JS_PROP_INT32_DEF("O_NONBLOCK", O_NONBLOCK, JS_PROP_ENUMERABLE),
    JS_PROP_INT32_DEF("O_NOCTTY", O_NOCTTY, JS_PROP_ENUMERABLE),
    JS_PROP_INT32_DEF("O_NOFOLLOW", O_NOFOLLOW, JS_PROP_ENUMERABLE),
    JS_PROP_INT32_DEF("O_DIRECTORY", O_DIRECTORY, JS_PROP_ENUMERABLE),
};

static int initialize(JSContext *context, JSModuleDef *module)
{
    return JS_SetModuleExportList(context, module, members, sizeof members / sizeof *members);
}

JSModuleDef *create_system_calls_module(JSContext *context)
{
    JSModuleDef *module = JS_NewCModule(context, SYSTEM_CALLS_MODULE, initialize);
    if (module != NULL)
        JS_AddModuleExportList(context, module, members, sizeof members / sizeof *members);
    return module;
}
