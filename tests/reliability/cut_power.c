/* Preloaded into a process: keeps what a power cut would leave of its database.
 *
 * CUT_LEAVES names a folder. At each fsync and fdatasync of a database file or its log, what the
 * file held when it was asked for is put there once the disk has it, and not before. Each takes a
 * few milliseconds more, so that whoever does not wait for it is ahead of it.
 *
 * While there is a file "hangs" in that folder, none of them ends; while there is one "refuses",
 * those of a log fail as where a disk cannot write.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t one_by_one = PTHREAD_MUTEX_INITIALIZER;

static void copy(const char *from, const char *to) {
    static char bytes[1 << 16];
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ssize_t count;
    while ((count = read(in, bytes, sizeof bytes)) > 0)
        if (write(out, bytes, count) != count)
            abort();
    close(in);
    close(out);
}

static int says(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static int leaving(const char *name, int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const struct timespec more = {0, 3000000};
    const char *folder = getenv("CUT_LEAVES");
    char link[64], path[2048] = "", held[4096], left[4096];
    int said;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (folder == NULL || readlink(link, path, sizeof path - 1) < 0 || !strstr(path, ".sqlite3"))
        return real(fd);
    if (says(folder, "refuses") && strstr(path, "-wal")) {
        errno = EIO;
        return -1;
    }
    pthread_mutex_lock(&one_by_one);
    snprintf(left, sizeof left, "%s%s", folder, strrchr(path, '/'));
    snprintf(held, sizeof held, "%s.held", left);
    copy(path, held);
    do
        nanosleep(&more, NULL);
    while (says(folder, "hangs"));
    said = real(fd);
    if (rename(held, left) != 0)
        abort();
    pthread_mutex_unlock(&one_by_one);
    return said;
}

int fsync(int fd) { return leaving("fsync", fd); }
int fdatasync(int fd) { return leaving("fdatasync", fd); }
