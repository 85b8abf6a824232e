/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mark of an archive that is being made, and what its absence and presence allow. Knows which
 * files an archive has, not what is in them. */
#include "birth.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "catalogue.h"
#include "io.h"
#include "keys.h"

#define MARK "init.unfinished"
#define MARK_MAX ((size_t)4096)

/* Every directory below DATA in which making an archive leaves files. */
static const char *const dirs[] = {"keys/rings", "keys/users", "keys", "log/events", "log"};

bool
birth_unfinished(int data_dir)
{
	return faccessat(data_dir, MARK, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Calls fn for each entry of dir that is no directory, from a list made beforehand. No such
 * directory: 0. */
static int
each_file(int data_dir, const char *name, int (*fn)(int dir, const char *file))
{
	_cleanup_(closep) int dir = io_open(data_dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	struct dirent **list = NULL;
	int n, r = 0;

	if (dir < 0)
		return dir == -ENOENT ? 0 : dir;
	n = scandirat(dir, ".", &list, NULL, alphasort);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		struct stat st;

		if (r == 0 && fstatat(dir, list[i]->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    !S_ISDIR(st.st_mode))
			r = fn(dir, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return r < 0 || n <= 2 ? r : io_flush(dir);
}

static int
is_there(int dir, const char *file)
{
	return -EEXIST;
}

/* Whether a page could be there; making an archive stores none. */
static int
has_objects(int data_dir)
{
	_cleanup_(closep) int dir = io_open(data_dir, "objects", O_RDONLY | O_DIRECTORY, 0);
	struct dirent **list = NULL;
	int n;

	if (dir < 0)
		return dir == -ENOENT ? 0 : dir;
	n = scandirat(dir, ".", &list, NULL, alphasort);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++)
		free(list[i]);
	free(list);
	return n > 2 ? -EEXIST : 0;
}

/* The master key's file must be new, or the empty one that the fence needed to name it. */
static int
key_is_free(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	return S_ISREG(st.st_mode) && st.st_size == 0 ? 0 : -EEXIST;
}

static int
place_is_free(const struct birthplace *place)
{
	int r = has_objects(place->data_dir);

	for (size_t i = 0; r == 0 && i < sizeof(dirs) / sizeof(dirs[0]); i++)
		r = each_file(place->data_dir, dirs[i], is_there);
	if (r == 0 && access(place->catalogue_path, F_OK) == 0)
		r = -EEXIST;
	return r < 0 ? r : key_is_free(place->key_path);
}

/* The master key that this unfinished init had written, and no other that came to its place since.
 * Emptied, not removed: the fence gives the file alone. */
static int
empty_key(const struct birthplace *place)
{
	_cleanup_(freep) uint8_t *named = NULL;
	_cleanup_(closep) int fd = -1;
	size_t n;
	int r = io_read_file(place->data_dir, MARK, MARK_MAX, &named, &n);

	if (r < 0 || n != strlen(place->key_path) || memcmp(named, place->key_path, n) != 0 ||
	    keys_of_another(place->data_dir, place->key_path))
		return r;
	fd = io_open(AT_FDCWD, place->key_path, O_WRONLY | O_NOFOLLOW, 0);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	r = io_truncate(fd, 0);
	return r < 0 ? r : io_flush(fd);
}

static int
remove_mark(const struct birthplace *place)
{
	int r = io_unlink(place->data_dir, MARK);

	return r < 0 ? r : io_flush(place->data_dir);
}

static int
remove_all(const struct birthplace *place)
{
	int r = has_objects(place->data_dir);

	if (r == 0)
		r = empty_key(place); /* while keys/ tells whose it is */
	for (size_t i = 0; r == 0 && i < sizeof(dirs) / sizeof(dirs[0]); i++)
		r = each_file(place->data_dir, dirs[i], io_unlink);
	if (r == 0)
		r = catalogue_remove(place->catalogue_path);
	return r < 0 ? r : remove_mark(place);
}

static int
mark(const struct birthplace *place)
{
	return io_replace_file(place->data_dir, MARK, place->key_path, strlen(place->key_path));
}

int
birth_begin(const struct birthplace *place)
{
	int r = birth_unfinished(place->data_dir) ? remove_all(place) : 0;

	if (r == 0)
		r = place_is_free(place);
	return r < 0 ? r : mark(place);
}

int
birth_end(const struct birthplace *place)
{
	return remove_mark(place);
}

int
birth_undo(const struct birthplace *place)
{
	int r = 0;

	if (!birth_unfinished(place->data_dir))
		r = mark(place); /* birth_end() came so far */
	return r < 0 ? r : remove_all(place);
}
