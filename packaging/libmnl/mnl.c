// The part of libmnl that libnftnl calls, for the static executable alone.
//
// Debian has libnftnl.a but no libmnl.a, so a static link lacks these functions. They are written anew from the format
// in the kernel's linux/netlink.h; libmnl's own header is the contract, so that the compiler compares every prototype.
// Builds that link dynamically use Debian's libmnl, and this file is not part of them.

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// MARK: Attributes that are read

uint16_t mnl_attr_get_type(const struct nlattr *attr) { return attr->nla_type & NLA_TYPE_MASK; }

uint16_t mnl_attr_get_payload_len(const struct nlattr *attr) { return attr->nla_len - NLA_HDRLEN; }

void *mnl_attr_get_payload(const struct nlattr *attr) { return (char *)attr + NLA_HDRLEN; }

// Payloads are aligned to 4 bytes only, so no number is read through a pointer of its type.
#define GETTER(name, type)                                           \
    type name(const struct nlattr *attr) {                           \
        type value;                                                  \
        memcpy(&value, mnl_attr_get_payload(attr), sizeof(value));   \
        return value;                                                \
    }

GETTER(mnl_attr_get_u8, uint8_t)
GETTER(mnl_attr_get_u16, uint16_t)
GETTER(mnl_attr_get_u32, uint32_t)
GETTER(mnl_attr_get_u64, uint64_t)

const char *mnl_attr_get_str(const struct nlattr *attr) { return mnl_attr_get_payload(attr); }

bool mnl_attr_ok(const struct nlattr *attr, int length) {
    return length >= (int)sizeof(*attr) && attr->nla_len >= sizeof(*attr) && attr->nla_len <= length;
}

struct nlattr *mnl_attr_next(const struct nlattr *attr) {
    return (struct nlattr *)((char *)attr + NLA_ALIGN(attr->nla_len));
}

int mnl_attr_type_valid(const struct nlattr *attr, uint16_t maximum) {
    if (mnl_attr_get_type(attr) <= maximum) return 1;
    errno = EOPNOTSUPP;
    return -1;
}

static size_t size_of_number(enum mnl_attr_data_type type) {
    switch (type) {
    case MNL_TYPE_U8: return sizeof(uint8_t);
    case MNL_TYPE_U16: return sizeof(uint16_t);
    case MNL_TYPE_U32: return sizeof(uint32_t);
    case MNL_TYPE_U64:
    case MNL_TYPE_MSECS: return sizeof(uint64_t);
    default: return 0;
    }
}

static int refuse(int error) {
    errno = error;
    return -1;
}

int mnl_attr_validate(const struct nlattr *attr, enum mnl_attr_data_type type) {
    const size_t length = mnl_attr_get_payload_len(attr);
    const char *payload = mnl_attr_get_payload(attr);
    if (type < 0 || type >= MNL_TYPE_MAX) return refuse(EINVAL);
    switch (type) {
    case MNL_TYPE_FLAG:
        return length == 0 ? 0 : refuse(ERANGE);
    case MNL_TYPE_STRING:
        return length > 0 ? 0 : refuse(ERANGE);
    case MNL_TYPE_NUL_STRING:
        if (length == 0) return refuse(ERANGE);
        return payload[length - 1] == '\0' ? 0 : refuse(EINVAL);
    case MNL_TYPE_NESTED:
        return length == 0 || length >= NLA_HDRLEN ? 0 : refuse(ERANGE);
    default:
        return size_of_number(type) == 0 || length == size_of_number(type) ? 0 : refuse(ERANGE);
    }
}

static int parse(const char *begin, size_t length, mnl_attr_cb_t callback, void *data) {
    int result = MNL_CB_OK;
    const char *end = begin + length;
    const struct nlattr *attr = (const struct nlattr *)begin;
    while (result > MNL_CB_STOP && mnl_attr_ok(attr, (int)(end - (const char *)attr))) {
        result = callback(attr, data);
        attr = mnl_attr_next(attr);
    }
    return result;
}

int mnl_attr_parse(const struct nlmsghdr *message, unsigned int offset, mnl_attr_cb_t callback, void *data) {
    const size_t header = NLMSG_HDRLEN + NLMSG_ALIGN(offset);
    if (message->nlmsg_len < header) return MNL_CB_OK;
    return parse((const char *)message + header, message->nlmsg_len - header, callback, data);
}

int mnl_attr_parse_nested(const struct nlattr *nest, mnl_attr_cb_t callback, void *data) {
    return parse(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest), callback, data);
}

// MARK: Attributes that are written

static void *tail(const struct nlmsghdr *message) { return (char *)message + NLMSG_ALIGN(message->nlmsg_len); }

void mnl_attr_put(struct nlmsghdr *message, uint16_t type, size_t length, const void *data) {
    struct nlattr *attr = tail(message);
    attr->nla_type = type;
    attr->nla_len = NLA_HDRLEN + length;
    char *payload = mnl_attr_get_payload(attr);
    if (length > 0) memcpy(payload, data, length);
    memset(payload + length, 0, NLA_ALIGN(length) - length);
    message->nlmsg_len += NLA_ALIGN(attr->nla_len);
}

void mnl_attr_put_u8(struct nlmsghdr *message, uint16_t type, uint8_t value) {
    mnl_attr_put(message, type, sizeof(value), &value);
}

void mnl_attr_put_u16(struct nlmsghdr *message, uint16_t type, uint16_t value) {
    mnl_attr_put(message, type, sizeof(value), &value);
}

void mnl_attr_put_u32(struct nlmsghdr *message, uint16_t type, uint32_t value) {
    mnl_attr_put(message, type, sizeof(value), &value);
}

void mnl_attr_put_u64(struct nlmsghdr *message, uint16_t type, uint64_t value) {
    mnl_attr_put(message, type, sizeof(value), &value);
}

void mnl_attr_put_str(struct nlmsghdr *message, uint16_t type, const char *text) {
    mnl_attr_put(message, type, strlen(text), text);
}

void mnl_attr_put_strz(struct nlmsghdr *message, uint16_t type, const char *text) {
    mnl_attr_put(message, type, strlen(text) + 1, text);
}

struct nlattr *mnl_attr_nest_start(struct nlmsghdr *message, uint16_t type) {
    struct nlattr *nest = tail(message);
    nest->nla_type = NLA_F_NESTED | type;
    nest->nla_len = NLA_HDRLEN;
    message->nlmsg_len += NLA_HDRLEN;
    return nest;
}

void mnl_attr_nest_end(struct nlmsghdr *message, struct nlattr *nest) {
    nest->nla_len = (char *)tail(message) - (char *)nest;
}

// MARK: Messages

struct nlmsghdr *mnl_nlmsg_put_header(void *buffer) {
    struct nlmsghdr *message = buffer;
    memset(message, 0, NLMSG_HDRLEN);
    message->nlmsg_len = NLMSG_HDRLEN;
    return message;
}

void *mnl_nlmsg_put_extra_header(struct nlmsghdr *message, size_t size) {
    void *header = tail(message);
    memset(header, 0, NLMSG_ALIGN(size));
    message->nlmsg_len += NLMSG_ALIGN(size);
    return header;
}

void *mnl_nlmsg_get_payload(const struct nlmsghdr *message) { return (char *)message + NLMSG_HDRLEN; }

// MARK: Batches: messages one behind the other in the caller's buffer

struct mnl_nlmsg_batch {
    char *buffer;
    size_t capacity;
    size_t used;
};

struct mnl_nlmsg_batch *mnl_nlmsg_batch_start(void *buffer, size_t capacity) {
    struct mnl_nlmsg_batch *batch = malloc(sizeof(*batch));
    if (batch != NULL) *batch = (struct mnl_nlmsg_batch){.buffer = buffer, .capacity = capacity};
    return batch;
}

void mnl_nlmsg_batch_stop(struct mnl_nlmsg_batch *batch) { free(batch); }

// The message that the caller has written behind the others: false if it is beyond the capacity that was given. The
// buffer itself has room for one more, by contract.
bool mnl_nlmsg_batch_next(struct mnl_nlmsg_batch *batch) {
    const struct nlmsghdr *message = mnl_nlmsg_batch_current(batch);
    if (batch->used + message->nlmsg_len > batch->capacity) return false;
    batch->used += message->nlmsg_len;
    return true;
}

size_t mnl_nlmsg_batch_size(struct mnl_nlmsg_batch *batch) { return batch->used; }

void *mnl_nlmsg_batch_head(struct mnl_nlmsg_batch *batch) { return batch->buffer; }

void *mnl_nlmsg_batch_current(struct mnl_nlmsg_batch *batch) { return batch->buffer + batch->used; }

bool mnl_nlmsg_batch_is_empty(struct mnl_nlmsg_batch *batch) { return batch->used == 0; }

// MARK: Sockets: libnftnl opens one to ask the kernel whether it knows batches

struct mnl_socket {
    int descriptor;
    struct sockaddr_nl address;
};

struct mnl_socket *mnl_socket_open(int protocol) {
    struct mnl_socket *socket_ = calloc(1, sizeof(*socket_));
    if (socket_ == NULL) return NULL;
    socket_->descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (socket_->descriptor >= 0) return socket_;
    free(socket_);
    return NULL;
}

int mnl_socket_bind(struct mnl_socket *socket_, unsigned int groups, pid_t port) {
    socket_->address = (struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_groups = groups, .nl_pid = port};
    socklen_t length = sizeof(socket_->address);
    struct sockaddr *address = (struct sockaddr *)&socket_->address;
    if (bind(socket_->descriptor, address, length) < 0) return -1;
    return getsockname(socket_->descriptor, address, &length);
}

int mnl_socket_close(struct mnl_socket *socket_) {
    const int result = close(socket_->descriptor);
    free(socket_);
    return result;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *socket_) { return socket_->address.nl_pid; }

ssize_t mnl_socket_sendto(const struct mnl_socket *socket_, const void *bytes, size_t length) {
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    return sendto(socket_->descriptor, bytes, length, 0, (const struct sockaddr *)&kernel, sizeof(kernel));
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *socket_, void *buffer, size_t capacity) {
    struct iovec bytes = {.iov_base = buffer, .iov_len = capacity};
    struct sockaddr_nl sender;
    struct msghdr header = {
        .msg_name = &sender, .msg_namelen = sizeof(sender), .msg_iov = &bytes, .msg_iovlen = 1};
    const ssize_t length = recvmsg(socket_->descriptor, &header, 0);
    if (length < 0) return -1;
    if (header.msg_flags & MSG_TRUNC) return refuse(ENOSPC);
    return header.msg_namelen == sizeof(sender) ? length : refuse(EINVAL);
}

// What a message that is not data says: go on, the end, or an error.
static int control(const struct nlmsghdr *message) {
    if (message->nlmsg_type == NLMSG_DONE) return MNL_CB_STOP;
    if (message->nlmsg_type != NLMSG_ERROR) return MNL_CB_OK;
    if (message->nlmsg_len < NLMSG_LENGTH(sizeof(struct nlmsgerr))) return refuse(EBADMSG);
    const struct nlmsgerr *answer = mnl_nlmsg_get_payload(message);
    return answer->error == 0 ? MNL_CB_STOP : refuse(abs(answer->error));
}

// Zero as sequence number or port asks for no comparison; so does zero in a message, which is then a notification.
static bool is_foreign(unsigned int found, unsigned int wanted) { return wanted != 0 && found != 0 && found != wanted; }

int mnl_cb_run(
    const void *bytes, size_t count, unsigned int sequence, unsigned int port, mnl_cb_t callback, void *data) {
    int result = MNL_CB_OK;
    const char *end = (const char *)bytes + count;
    for (const char *at = bytes; end - at >= (ssize_t)sizeof(struct nlmsghdr);) {
        const struct nlmsghdr *message = (const struct nlmsghdr *)at;
        if (message->nlmsg_len < sizeof(*message) || message->nlmsg_len > end - at) break;
        if (is_foreign(message->nlmsg_pid, port)) return refuse(ESRCH);
        if (is_foreign(message->nlmsg_seq, sequence)) return refuse(EPROTO);
        if (message->nlmsg_flags & NLM_F_DUMP_INTR) return refuse(EINTR);
        if (message->nlmsg_type < NLMSG_MIN_TYPE) {
            result = control(message);
        } else if (callback != NULL) {
            result = callback(message, data);
        }
        if (result <= MNL_CB_STOP) return result;
        at += NLMSG_ALIGN(message->nlmsg_len);
    }
    return result;
}
