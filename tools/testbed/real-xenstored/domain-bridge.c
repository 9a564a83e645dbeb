/*
 * Plays the guest kernel of one imaginary domain: creates its ring page, introduces the domain over
 * dom0's socket, and offers the ring as a unix socket, so that every socket client speaks as that
 * unprivileged domain. It stands beside a server that runs under hypervisor-shim.so.
 *
 *   cc -O2 -o domain-bridge domain-bridge.c
 *   domain-bridge DIRECTORY DOMID SOCKET     serves DIRECTORY/dom<DOMID>.sock; SOCKET is dom0's
 *   domain-bridge DIRECTORY                  raises VIRQ_DOM_EXC once and exits
 *
 * One client at a time, because a ring is one connection. When it leaves, RESET_WATCHES is sent, so
 * that the next one starts clean. A client is cut off when the server marks the ring as broken.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define RING_BYTES 1024u
#define BUFFER_BYTES 65536
#define RESET_REQUEST 0xfefefefeu
#define RESET_ATTEMPTS 500

/* xen/io/xs_wire.h, struct xenstore_domain_interface */
struct ring {
    char request[RING_BYTES], response[RING_BYTES];
    volatile uint32_t request_consumer, request_producer, response_consumer, response_producer;
    volatile uint32_t features, connection, error, port;
};
struct header { uint32_t type, request_id, transaction_id, length; };
struct event { uint32_t kind, domid, port; };

static struct ring *ring;
static uint32_t domid, port;
static int event_fd;
static struct sockaddr_un hypervisor = { .sun_family = AF_UNIX };

static void fail(const char *what) { perror(what); exit(1); }

static int send_event(uint32_t kind)
{
    struct event event = { kind, domid, port };

    return sendto(event_fd, &event, sizeof event, MSG_DONTWAIT, (void *)&hypervisor, sizeof hypervisor);
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* Puts as much as fits into the request ring. */
static uint32_t put(const char *bytes, uint32_t length)
{
    uint32_t done = 0;

    while (done < length) {
        uint32_t producer = ring->request_producer, at = producer % RING_BYTES, room;

        __sync_synchronize();
        room = least(least(RING_BYTES - (producer - ring->request_consumer), RING_BYTES - at), length - done);
        if (!room) break;
        memcpy(ring->request + at, bytes + done, room);
        __sync_synchronize();
        ring->request_producer = producer + room;
        done += room;
    }
    if (done) send_event(1);
    return done;
}

/* Takes what the response ring holds. */
static uint32_t take(char *bytes, uint32_t length)
{
    uint32_t done = 0;

    while (done < length) {
        uint32_t consumer = ring->response_consumer, at = consumer % RING_BYTES, held;

        held = ring->response_producer - consumer;
        __sync_synchronize();
        if (held > RING_BYTES) break;
        held = least(least(held, RING_BYTES - at), length - done);
        if (!held) break;
        memcpy(bytes + done, ring->response + at, held);
        __sync_synchronize();
        ring->response_consumer = consumer + held;
        done += held;
    }
    if (done) send_event(1);
    return done;
}

static int listen_or_bind(int type, const char *directory, const char *suffix)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, type, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/dom%u.%s", directory, domid, suffix);
    unlink(address.sun_path);
    if (bind(fd, (void *)&address, sizeof address)) fail(address.sun_path);
    if (type == SOCK_STREAM && listen(fd, 64)) fail(address.sun_path);
    return fd;
}

static void map_ring(const char *directory)
{
    char path[512];
    int fd;

    snprintf(path, sizeof path, "%s/dom%u.page", directory, domid);
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || ftruncate(fd, 4096)) fail(path);
    ring = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (ring == MAP_FAILED) fail(path);
    close(fd);
}

/* The server may write a header and its payload one after the other. */
static void read_all(int fd, void *buffer, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t count = read(fd, (char *)buffer + done, length - done);

        if (count <= 0) fail("INTRODUCE");
        done += (size_t)count;
    }
}

static void introduce(const char *dom0_socket)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct { struct header header; char payload[4096]; } message = { .header = { 8, 1, 0, 0 } };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", dom0_socket);
    if (connect(fd, (void *)&address, sizeof address)) fail(dom0_socket);
    message.header.length = sprintf(message.payload, "%u%c%u%c%u%c", domid, 0, 1000 + domid, 0, port, 0);
    if (write(fd, &message, sizeof message.header + message.header.length) < 0) fail("INTRODUCE");
    read_all(fd, &message.header, sizeof message.header);
    if (message.header.length > sizeof message.payload) fail("INTRODUCE");
    read_all(fd, message.payload, message.header.length);
    if (message.header.type != 8) {
        fprintf(stderr, "INTRODUCE %u: %s\n", domid, message.payload);
        exit(1);
    }
    close(fd);
}

static void wait_for_event(int timeout_ms)
{
    struct pollfd poll_event = { event_fd, POLLIN, 0 };
    struct event event;

    poll(&poll_event, 1, timeout_ms);
    while (recv(event_fd, &event, sizeof event, MSG_DONTWAIT) > 0) {}
}

/* Swallows whole packets from `bytes`; says whether the answer to our RESET_WATCHES was among them. */
static int swallow(char *bytes, uint32_t *held)
{
    int found = 0;
    struct header header;

    while (*held >= sizeof header) {
        memcpy(&header, bytes, sizeof header);
        if (*held < sizeof header + header.length) break;
        if (header.request_id == RESET_REQUEST) found = 1;
        *held -= sizeof header + header.length;
        memmove(bytes, bytes + sizeof header + header.length, *held);
    }
    return found;
}

/* Ends the connection on the ring: what the client had not read yet is thrown away. */
static void reset_connection(char *bytes, uint32_t held)
{
    struct { struct header header; char nul; } reset = { { 21, RESET_REQUEST, 0, 1 }, 0 };
    uint32_t sent = 0, length = sizeof reset.header + 1;

    for (int attempt = 0; attempt < RESET_ATTEMPTS && !ring->error; attempt++) {
        if (sent < length) sent += put((char *)&reset + sent, length - sent);
        held += take(bytes + held, BUFFER_BYTES - held);
        if (swallow(bytes, &held)) return;
        wait_for_event(10);
    }
    fprintf(stderr, "domain %u: no answer to RESET_WATCHES\n", domid);
}

static void write_all(int fd, const char *bytes, uint32_t length)
{
    while (length) {
        ssize_t written = write(fd, bytes, length);

        if (written <= 0) return; /* the client has gone; its end is seen by the next read */
        bytes += written;
        length -= written;
    }
}

/* Only whole packets are passed on, so that what is left when the client goes begins with a header. */
static void pass_packets(int client, char *bytes, uint32_t *held)
{
    struct header header;
    uint32_t whole = 0;

    while (*held - whole >= sizeof header) {
        memcpy(&header, bytes + whole, sizeof header);
        if (*held - whole < sizeof header + header.length) break;
        whole += sizeof header + header.length;
    }
    write_all(client, bytes, whole);
    *held -= whole;
    memmove(bytes, bytes + whole, *held);
}

static void serve_client(int client)
{
    static char requests[BUFFER_BYTES], responses[BUFFER_BYTES];
    uint32_t queued = 0, held = 0, taken;

    while (!ring->error) {
        struct pollfd sources[2] = { { event_fd, POLLIN, 0 }, { queued < BUFFER_BYTES ? client : -1, POLLIN, 0 } };
        struct event event;

        poll(sources, 2, 1000);
        while (recv(event_fd, &event, sizeof event, MSG_DONTWAIT) > 0) {}
        if (sources[1].revents) {
            ssize_t length = read(client, requests + queued, BUFFER_BYTES - queued);

            if (length <= 0) break;
            queued += length;
        }
        if (queued) {
            uint32_t done = put(requests, queued);

            queued -= done;
            memmove(requests, requests + done, queued);
        }
        while ((taken = take(responses + held, BUFFER_BYTES - held))) {
            held += taken;
            pass_packets(client, responses, &held);
        }
    }
    close(client);
    if (!ring->error) reset_connection(responses, held);
}

int main(int count, char **arguments)
{
    int listener;

    if (count != 2 && count != 4) return 2;
    signal(SIGPIPE, SIG_IGN);
    snprintf(hypervisor.sun_path, sizeof hypervisor.sun_path, "%s/hypervisor.sock", arguments[1]);
    if (count == 2) {
        event_fd = socket(AF_UNIX, SOCK_DGRAM, 0);
        return send_event(0) < 0;
    }
    domid = atoi(arguments[2]);
    port = 10 + domid;
    map_ring(arguments[1]);
    event_fd = listen_or_bind(SOCK_DGRAM, arguments[1], "event");
    introduce(arguments[3]);
    listener = listen_or_bind(SOCK_STREAM, arguments[1], "sock");
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        int client = accept(listener, NULL, NULL);

        if (client >= 0) serve_client(client);
    }
}
