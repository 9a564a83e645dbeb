/*
 * Measures a XenStore server over its unix socket, as a client that costs as little as possible
 * itself: raw packets, one thread, no library.
 *
 *   cc -O2 -o xenstore-load xenstore-load.c
 *   xenstore-load SOCKET SERVER_PID SECONDS TEST [COUNT]
 *
 * TEST is one of
 *   read, write             one request at a time
 *   transaction             START, READ, WRITE, WRITE, END; counted as one operation
 *   watch                   one connection writes, another one waits for the event
 *   read-pipelined, write-pipelined       32 requests in flight on one connection
 *   read-connections, write-connections   one request in flight on each of 32 connections
 *   write-watched           write while COUNT watches on other paths stand
 *   load                    makes COUNT nodes of 16 bytes, 100 in a directory; SECONDS is not used
 *   remove                  one RM of what load made
 * It prints one JSON object: operations, seconds, median and 99th percentile of the latency in
 * microseconds, and the CPU time of the server in microseconds an operation.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define IN_FLIGHT 32u
#define WATCHERS 20u
#define BUFFER_BYTES (1 << 17)
#define PACKET_BYTES 4200

/* xs_wire.h, enum xsd_sockmsg_type */
enum { READ = 2, WATCH = 4, TRANSACTION_START = 6, TRANSACTION_END = 7, WRITE = 11, RM = 13, EVENT = 15, ERROR = 16 };

struct header { uint32_t type, request_id, transaction_id, length; };
struct connection { int fd; size_t held, taken; char buffer[BUFFER_BYTES]; };

static const char *socket_path;
static int server_pid;
static double seconds;
static unsigned count;
static uint64_t started_ns, started_cpu_ns, end_ns;
static double *latencies_us;
static size_t operations, capacity;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* ---- time ---- */

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec time;

    return clock_gettime(clock, &time) ? 0 : time.tv_sec * 1000000000ull + time.tv_nsec;
}

static uint64_t now_ns(void) { return clock_ns(CLOCK_MONOTONIC); }

static uint64_t server_cpu_ns(void)
{
    clockid_t clock;

    return clock_getcpuclockid(server_pid, &clock) ? 0 : clock_ns(clock);
}

static void begin_measuring(void)
{
    started_cpu_ns = server_cpu_ns();
    started_ns = now_ns();
    end_ns = started_ns + (uint64_t)(seconds * 1e9);
}

static int is_time_left(void) { return now_ns() < end_ns; }

static void count_operation(uint64_t since_ns)
{
    if (operations == capacity) {
        capacity = capacity ? capacity * 2 : 1 << 16;
        latencies_us = realloc(latencies_us, capacity * sizeof *latencies_us);
        if (!latencies_us) fail("latencies");
    }
    latencies_us[operations++] = (now_ns() - since_ns) / 1e3;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return a < b ? -1 : a > b;
}

static void report(void)
{
    double elapsed = (now_ns() - started_ns) / 1e9, cpu_us = (server_cpu_ns() - started_cpu_ns) / 1e3;

    if (!operations) fail("no operation was done");
    qsort(latencies_us, operations, sizeof *latencies_us, compare);
    printf("{\"operations\":%zu,\"seconds\":%.6f,\"medianUs\":%.2f,\"p99Us\":%.2f,\"cpuUs\":%.3f}\n", operations,
        elapsed, latencies_us[operations / 2], latencies_us[operations * 99 / 100], cpu_us / operations);
}

/* ---- packets ---- */

static void open_connection(struct connection *connection)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    connection->fd = socket(AF_UNIX, SOCK_STREAM, 0);
    connection->held = connection->taken = 0;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", socket_path);
    while (connect(connection->fd, (void *)&address, sizeof address)) {
        if (errno != EAGAIN) fail(socket_path); /* EAGAIN: the server's backlog is full */
        usleep(1000);
    }
}

static size_t put_packet(char *target, struct header header, const char *payload)
{
    memcpy(target, &header, sizeof header);
    memcpy(target + sizeof header, payload, header.length);
    return sizeof header + header.length;
}

static void send_bytes(struct connection *connection, const char *bytes, size_t length)
{
    while (length) {
        ssize_t written = write(connection->fd, bytes, length);

        if (written <= 0) fail("write");
        bytes += written;
        length -= written;
    }
}

/* The next whole packet that has arrived already, with its payload behind it; NULL when there is none. */
static struct header *held_packet(struct connection *connection)
{
    size_t held = connection->held - connection->taken;
    struct header *header = (void *)(connection->buffer + connection->taken);

    if (held < sizeof *header || held < sizeof *header + header->length) return NULL;
    connection->taken += sizeof *header + header->length;
    return header;
}

static struct header *next_packet(struct connection *connection)
{
    struct header *header;

    while (!(header = held_packet(connection))) {
        ssize_t length;

        connection->held -= connection->taken;
        memmove(connection->buffer, connection->buffer + connection->taken, connection->held);
        connection->taken = 0;
        length = read(connection->fd, connection->buffer + connection->held, BUFFER_BYTES - connection->held);
        if (length <= 0) fail("read");
        connection->held += length;
    }
    if (header->type != ERROR) return header;
    fprintf(stderr, "error %.*s\n", (int)header->length, (char *)(header + 1));
    exit(1);
}

/* Sends a request and takes its answer; events before it are left out. */
static struct header *ask(struct connection *connection, struct header header, const char *payload)
{
    char packet[PACKET_BYTES];
    struct header *reply;

    send_bytes(connection, packet, put_packet(packet, header, payload));
    do reply = next_packet(connection);
    while (reply->type == EVENT);
    return reply;
}

/* WRITE's payload: a path, a nul and a value of 14 to 16 bytes. */
static uint32_t put_node(char *target, const char *format, unsigned first, unsigned second)
{
    int length = sprintf(target, format, first, second) + 1;

    return length + sprintf(target + length, "value-%010u", first * 100 + second);
}

static size_t put_request(char *target, int is_write, uint32_t request_id)
{
    char node[64];

    if (!is_write) return put_packet(target, (struct header){ READ, request_id, 0, 14 }, "/bench/node-1");
    return put_packet(target, (struct header){ WRITE, request_id, 0,
        put_node(node, "/bench/node-%u", request_id % 64, 0) }, node);
}

static void write_node(struct connection *connection, const char *format, unsigned first, unsigned second)
{
    char node[PACKET_BYTES];
    uint32_t length = put_node(node, format, first, second);

    ask(connection, (struct header){ WRITE, 1, 0, length }, node);
}

/* ---- the tests ---- */

static struct connection writer, watcher, many[IN_FLIGHT];

static void test_single(int is_write)
{
    char packet[PACKET_BYTES];

    for (begin_measuring(); is_time_left();) {
        size_t length = put_request(packet, is_write, operations + 1);
        uint64_t since = now_ns();

        send_bytes(&writer, packet, length);
        next_packet(&writer);
        count_operation(since);
    }
}

static void test_transaction(void)
{
    for (begin_measuring(); is_time_left();) {
        char node[64];
        uint64_t since = now_ns();
        struct header *reply = ask(&writer, (struct header){ TRANSACTION_START, 1, 0, 1 }, "");
        uint32_t id = strtoul((char *)(reply + 1), NULL, 10);

        ask(&writer, (struct header){ READ, 2, id, 14 }, "/bench/node-1");
        for (unsigned index = 2; index < 4; index++) {
            uint32_t length = put_node(node, "/bench/node-%u", index, 0);
            ask(&writer, (struct header){ WRITE, 3, id, length }, node);
        }
        ask(&writer, (struct header){ TRANSACTION_END, 4, id, 2 }, "T");
        count_operation(since);
    }
}

static void add_watch(struct connection *connection, const char *path, unsigned token)
{
    char payload[128];
    int length = sprintf(payload, "%s", path) + 1;

    length += sprintf(payload + length, "%u", token) + 1;
    ask(connection, (struct header){ WATCH, 1, 0, length }, payload);
    next_packet(connection);
}

static void test_watch(void)
{
    char packet[PACKET_BYTES];

    open_connection(&watcher);
    add_watch(&watcher, "/bench/node-1", 1);
    for (begin_measuring(); is_time_left();) {
        size_t length = put_request(packet, 1, 1);
        uint64_t since = now_ns();

        send_bytes(&writer, packet, length);
        next_packet(&watcher);
        count_operation(since);
        next_packet(&writer);
    }
}

static void test_pipelined(int is_write)
{
    uint64_t since[IN_FLIGHT];
    unsigned sent = 0, received = 0;
    char packets[IN_FLIGHT * 128];

    for (begin_measuring(); is_time_left() || received < sent;) {
        size_t length = 0;
        struct header *reply;

        for (; sent - received < IN_FLIGHT && is_time_left(); sent++) {
            since[sent % IN_FLIGHT] = now_ns();
            length += put_request(packets + length, is_write, sent);
        }
        if (length) send_bytes(&writer, packets, length);
        if (received == sent) break;
        for (reply = next_packet(&writer); reply; reply = held_packet(&writer)) {
            if (reply->request_id != received || reply->type == ERROR) fail("reply out of order");
            count_operation(since[received++ % IN_FLIGHT]);
        }
    }
}

static void test_connections(int is_write)
{
    uint64_t since[IN_FLIGHT];
    char packet[PACKET_BYTES];
    unsigned live = IN_FLIGHT;
    int epoll = epoll_create1(0);

    for (unsigned index = 0; index < IN_FLIGHT; index++) {
        struct epoll_event interest = { EPOLLIN, { .u32 = index } };

        open_connection(&many[index]);
        epoll_ctl(epoll, EPOLL_CTL_ADD, many[index].fd, &interest);
    }
    begin_measuring();
    for (unsigned index = 0; index < IN_FLIGHT; index++) {
        since[index] = now_ns();
        send_bytes(&many[index], packet, put_request(packet, is_write, index));
    }
    while (live) {
        struct epoll_event ready[IN_FLIGHT];
        int ready_count = epoll_wait(epoll, ready, IN_FLIGHT, 5000);

        if (ready_count <= 0) fail("no reply");
        for (int at = 0; at < ready_count; at++) {
            unsigned index = ready[at].data.u32;

            next_packet(&many[index]);
            count_operation(since[index]);
            if (!is_time_left()) { live--; continue; }
            since[index] = now_ns();
            send_bytes(&many[index], packet, put_request(packet, is_write, operations));
        }
    }
}

static void test_watched(void)
{
    for (unsigned index = 0; index < WATCHERS; index++) open_connection(&many[index]);
    for (unsigned index = 0; index < count; index++) {
        char path[64];

        sprintf(path, "/local/domain/%u/device/vif/%u", index / 50, index % 50);
        add_watch(&many[index % WATCHERS], path, index);
    }
    test_single(1);
}

static void test_load(void)
{
    for (begin_measuring(); operations < count;) {
        uint64_t since = now_ns();

        write_node(&writer, "/load/%u/%u", operations / 100, operations % 100);
        count_operation(since);
    }
}

static void test_remove(void)
{
    uint64_t since;

    begin_measuring();
    since = now_ns();
    ask(&writer, (struct header){ RM, 1, 0, 6 }, "/load");
    count_operation(since);
}

int main(int argument_count, char **arguments)
{
    const char *test;

    if (argument_count < 5) return 2;
    socket_path = arguments[1];
    server_pid = atoi(arguments[2]);
    seconds = atof(arguments[3]);
    test = arguments[4];
    count = argument_count > 5 ? atoi(arguments[5]) : 0;
    open_connection(&writer);
    for (unsigned index = 0; index < 64; index++) write_node(&writer, "/bench/node-%u", index, 0);
    if (!strcmp(test, "read")) test_single(0);
    else if (!strcmp(test, "write")) test_single(1);
    else if (!strcmp(test, "transaction")) test_transaction();
    else if (!strcmp(test, "watch")) test_watch();
    else if (!strcmp(test, "read-pipelined")) test_pipelined(0);
    else if (!strcmp(test, "write-pipelined")) test_pipelined(1);
    else if (!strcmp(test, "read-connections")) test_connections(0);
    else if (!strcmp(test, "write-connections")) test_connections(1);
    else if (!strcmp(test, "write-watched")) test_watched();
    else if (!strcmp(test, "load")) test_load();
    else if (!strcmp(test, "remove")) test_remove();
    else return 2;
    report();
    return 0;
}
