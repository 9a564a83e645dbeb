/*
 * Measures how long a program takes from fork(2) until it tells that it is ready, and ends it then:
 * ready-time RUNS socket|log PROGRAM [ARGUMENT...]; prints a line of microseconds for each run.
 * "socket" waits for READY=1 as sd_notify(3) sends it, "log" for the log line that says so.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define START_LIMIT_MS 30000
#define END_LIMIT_MS 10000
#define LOG_MAX 65536

static _Noreturn void fail(const char *what)
{
    perror(what);
    exit(1);
}

static long long now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

/* A socket under an abstract name, which goes with this process. */
static int open_notify_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char name[64];
    int length = snprintf(name, sizeof name, "@nova-ready-%d", (int)getpid());
    memcpy(address.sun_path + 1, name + 1, (size_t)length - 1);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0 || setenv("NOTIFY_SOCKET", name, 1) < 0)
        fail("socket");
    return fd;
}

static pid_t start(char **argv, int log)
{
    pid_t pid = fork();
    if (pid < 0)
        fail("fork");
    if (pid == 0) {
        dup2(log, STDERR_FILENO);
        execvp(argv[0], argv);
        fail(argv[0]);
    }
    return pid;
}

/* Reads what came into a text that has grown so far; whether the words are in it now. */
static int has_come(int fd, char *text, size_t *length, const char *words)
{
    ssize_t count = read(fd, text + *length, LOG_MAX - 1 - *length);
    if (count <= 0)
        fail("the program ended before it was ready");
    *length += (size_t)count;
    text[*length] = '\0';
    return strstr(text, words) != NULL;
}

static void wait_until_ready(int fd, const char *words)
{
    static char text[LOG_MAX];
    size_t length = 0;
    struct pollfd waited = {.fd = fd, .events = POLLIN};
    do {
        if (poll(&waited, 1, START_LIMIT_MS) <= 0)
            fail("the program is not ready in time");
    } while (!has_come(fd, text, &length, words));
}

static void end(pid_t pid)
{
    kill(pid, SIGTERM);
    for (int waited = 0; waitpid(pid, NULL, WNOHANG) == 0; waited++) {
        if (waited > END_LIMIT_MS)
            kill(pid, SIGKILL);
        usleep(1000);
    }
}

int main(int count, char **arguments)
{
    if (count < 4)
        return 2;
    int is_socket = strcmp(arguments[2], "socket") == 0;
    int notices = is_socket ? open_notify_socket() : -1;
    for (int run = atoi(arguments[1]); run > 0; run--) {
        int ends[2];
        if (pipe(ends) < 0)
            fail("pipe");
        long long started = now_us();
        pid_t pid = start(arguments + 3, ends[1]);
        close(ends[1]);
        wait_until_ready(is_socket ? notices : ends[0], is_socket ? "READY=1" : "\"message\":\"Ready\"");
        printf("%lld\n", now_us() - started);
        end(pid);
        close(ends[0]);
        /* What it told at its end is not the next one's. */
        char rest[LOG_MAX];
        while (is_socket && recv(notices, rest, sizeof rest, MSG_DONTWAIT) > 0)
            ;
    }
    return 0;
}
