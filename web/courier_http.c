/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcurl's multi interface driven by sd-event. Refuses to know who asks and what for. */
#include "courier_http.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "courier_bus.h"

struct post {
	struct post *next;
	struct courier_http *http;
	CURL *easy;
	struct curl_slist *headers;
	struct memview body;
	uint8_t *answer;
	size_t size, header_bytes;
	bool too_large;
	courier_done_fn done;
	void *userdata;
};

struct courier_http {
	sd_event *event;
	CURLM *multi;
	sd_event_source *timer, *finished;
	struct post *posts;
	unsigned count;
};

/* ---- one post ---- */

static void
post_free(struct post *post)
{
	if (post->easy != NULL) {
		curl_multi_remove_handle(post->http->multi, post->easy);
		curl_easy_cleanup(post->easy);
	}
	curl_slist_free_all(post->headers);
	memview_free(&post->body);
	free(post->answer);
	free(post);
}

static void
post_unlink(struct post *post)
{
	struct post **p = &post->http->posts;

	while (*p != post)
		p = &(*p)->next;
	*p = post->next;
	post->http->count--;
}

static size_t
on_body(char *data, size_t size, size_t n, void *userdata)
{
	struct post *post = userdata;
	size_t bytes = size * n;

	if (bytes > COURIER_MAX_BODY - post->size) {
		post->too_large = true;
		return 0;
	}
	memcpy(post->answer + post->size, data, bytes);
	post->size += bytes;
	return bytes;
}

static size_t
on_header(char *data, size_t size, size_t n, void *userdata)
{
	struct post *post = userdata;
	size_t bytes = size * n;

	if (bytes > COURIER_MAX_HEADERS - post->header_bytes) {
		post->too_large = true;
		return 0;
	}
	post->header_bytes += bytes;
	return bytes;
}

static int
answer_error(const struct post *post, CURLcode code)
{
	if (code == CURLE_OK)
		return 0;
	if (post->too_large || code == CURLE_FILESIZE_EXCEEDED)
		return -EFBIG;
	return code == CURLE_OPERATION_TIMEDOUT ? -ETIMEDOUT : -EHOSTUNREACH;
}

static void
post_finish(struct post *post, CURLcode code)
{
	struct courier_answer answer = {.error = answer_error(post, code), .content_type = ""};
	const char *type = NULL;
	long status = 0;

	if (answer.error == 0) {
		curl_easy_getinfo(post->easy, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(post->easy, CURLINFO_CONTENT_TYPE, &type);
		answer.status = (unsigned)status;
		if (type != NULL)
			answer.content_type = type;
		answer.body = post->answer;
		answer.size = post->size;
	}
	post_unlink(post);
	post->done(&answer, post->userdata);
	post_free(post);
}

/* ---- the loop ---- */

/* Posts end here, never inside a callback of libcurl, which forbids removing a handle there. */
static int
on_finished(sd_event_source *s, void *userdata)
{
	struct courier_http *http = userdata;
	struct post *post;
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(http->multi, &left)) != NULL) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&post);
		post_finish(post, msg->data.result);
	}
	return 0;
}

static void
act(struct courier_http *http, curl_socket_t fd, int what)
{
	int running;

	curl_multi_socket_action(http->multi, fd, what, &running);
	sd_event_source_set_enabled(http->finished, SD_EVENT_ONESHOT);
}

static int
on_io(sd_event_source *s, int fd, uint32_t events, void *userdata)
{
	int what = 0;

	if ((events & EPOLLIN) != 0)
		what |= CURL_CSELECT_IN;
	if ((events & EPOLLOUT) != 0)
		what |= CURL_CSELECT_OUT;
	if ((events & (EPOLLERR | EPOLLHUP)) != 0)
		what |= CURL_CSELECT_ERR;
	act(userdata, fd, what);
	return 0;
}

/* libcurl says which descriptors it waits for; the source hangs on the descriptor through its own
 * assign call. */
static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *userdata, void *socket)
{
	struct courier_http *http = userdata;
	sd_event_source *source = socket;
	uint32_t events = 0;

	if (what == CURL_POLL_REMOVE) {
		curl_multi_assign(http->multi, fd, NULL);
		sd_event_source_disable_unref(source);
		return 0;
	}
	if ((what & CURL_POLL_IN) != 0)
		events |= EPOLLIN;
	if ((what & CURL_POLL_OUT) != 0)
		events |= EPOLLOUT;
	if (source != NULL)
		return sd_event_source_set_io_events(source, events) < 0 ? -1 : 0;
	if (sd_event_add_io(http->event, &source, fd, events, on_io, http) < 0)
		return -1;
	return curl_multi_assign(http->multi, fd, source) == CURLM_OK ? 0 : -1;
}

static int
on_time(sd_event_source *s, uint64_t usec, void *userdata)
{
	act(userdata, CURL_SOCKET_TIMEOUT, 0);
	return 0;
}

static int
on_timer(CURLM *multi, long ms, void *userdata)
{
	struct courier_http *http = userdata;

	if (ms < 0)
		return sd_event_source_set_enabled(http->timer, SD_EVENT_OFF) < 0 ? -1 : 0;
	if (sd_event_source_set_time_relative(http->timer, (uint64_t)ms * 1000) < 0)
		return -1;
	return sd_event_source_set_enabled(http->timer, SD_EVENT_ONESHOT) < 0 ? -1 : 0;
}

static int
start_multi(struct courier_http *http)
{
	CURLM *m = http->multi = curl_multi_init();

	if (m == NULL || curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, on_socket) != CURLM_OK ||
	    curl_multi_setopt(m, CURLMOPT_SOCKETDATA, http) != CURLM_OK ||
	    curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, on_timer) != CURLM_OK ||
	    curl_multi_setopt(m, CURLMOPT_TIMERDATA, http) != CURLM_OK)
		return -ENOMEM;
	return 0;
}

int
courier_http_new(sd_event *event, struct courier_http **ret)
{
	_cleanup_(courier_http_freep) struct courier_http *http = calloc(1, sizeof(*http));
	int r;

	if (http == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return -ENOMEM;
	http->event = sd_event_ref(event);
	if ((r = sd_event_add_time_relative(
		 event, &http->timer, CLOCK_MONOTONIC, 0, 1000, on_time, http)) < 0 ||
	    (r = sd_event_source_set_enabled(http->timer, SD_EVENT_OFF)) < 0 ||
	    (r = sd_event_add_defer(event, &http->finished, on_finished, http)) < 0 ||
	    (r = sd_event_source_set_enabled(http->finished, SD_EVENT_OFF)) < 0 ||
	    (r = start_multi(http)) < 0)
		return r;
	*ret = TAKE_PTR(http);
	return 0;
}

/* ---- asking ---- */

/* What libcurl must do and must never do, whatever the environment and the other side say. */
static bool
set_manners(CURL *e)
{
	return curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)COURIER_MAX_BODY) ==
		   CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_USERAGENT, "Fumikura/" FUMIKURA_VERSION) == CURLE_OK;
}

static bool
set_request(struct post *post, const struct courier_request *request)
{
	CURL *e = post->easy;
	long ms = (long)request->timeout_s * 1000;

	return curl_easy_setopt(e, CURLOPT_URL, request->url) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_POST, 1L) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_POSTFIELDS,
		   post->body.size > 0 ? (const char *)post->body.data : "") == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body.size) ==
		   CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_HTTPHEADER, post->headers) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, ms) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, ms) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_WRITEDATA, post) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_HEADERDATA, post) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_PRIVATE, post) == CURLE_OK;
}

/* Only the named authority's certificates count when there are any: the system's are then not
 * asked. */
static bool
set_trust(CURL *e, const char *ca_file)
{
	if (ca_file == NULL || ca_file[0] == '\0')
		return true;
	return curl_easy_setopt(e, CURLOPT_CAINFO, ca_file) == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_CAPATH, NULL) == CURLE_OK;
}

static int
set_headers(struct post *post, const char *content_type)
{
	char line[256];
	struct curl_slist *more;

	if ((size_t)snprintf(line, sizeof(line), "Content-Type: %s", content_type) >= sizeof(line))
		return -EINVAL;
	post->headers = curl_slist_append(NULL, line);
	/* Without it a body over 1 kB waits a second for "100 Continue". */
	more = post->headers != NULL ? curl_slist_append(post->headers, "Expect:") : NULL;
	if (more == NULL)
		return -ENOMEM;
	post->headers = more;
	return 0;
}

static int
post_new(struct courier_http *http, struct courier_request *request, struct post **ret)
{
	struct post *post = calloc(1, sizeof(*post));
	int r = -ENOMEM;

	if (post == NULL) {
		memview_free(&request->body);
		return r;
	}
	post->http = http;
	post->body = request->body;
	request->body = (struct memview){0};
	post->answer = malloc(COURIER_MAX_BODY);
	post->easy = curl_easy_init();
	if (post->answer != NULL && post->easy != NULL)
		r = set_headers(post, request->content_type);
	if (r == 0 && (!set_manners(post->easy) || !set_request(post, request) ||
			  !set_trust(post->easy, request->ca_file)))
		r = -ENOMEM;
	if (r < 0)
		post_free(post);
	else
		*ret = post;
	return r;
}

int
courier_http_post(struct courier_http *http, struct courier_request *request, courier_done_fn done,
    void *userdata)
{
	struct post *post;
	int r;

	if (http->count >= COURIER_MAX_POSTS) {
		memview_free(&request->body);
		return -EBUSY;
	}
	r = post_new(http, request, &post);
	if (r < 0)
		return r;
	post->done = done;
	post->userdata = userdata;
	if (curl_multi_add_handle(http->multi, post->easy) != CURLM_OK) {
		post_free(post);
		return -ENOMEM;
	}
	post->next = http->posts;
	http->posts = post;
	http->count++;
	return 0;
}

void
courier_http_cancel(struct courier_http *http, void (*drop)(void *userdata))
{
	struct post *post;

	while ((post = http->posts) != NULL) {
		post_unlink(post);
		drop(post->userdata);
		post_free(post);
	}
}

static void
drop_nothing(void *userdata)
{
}

void
courier_http_free(struct courier_http *http)
{
	if (http == NULL)
		return;
	courier_http_cancel(http, drop_nothing);
	if (http->multi != NULL)
		curl_multi_cleanup(http->multi);
	sd_event_source_disable_unref(http->timer);
	sd_event_source_disable_unref(http->finished);
	sd_event_unref(http->event);
	free(http);
}
