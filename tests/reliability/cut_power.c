/* Preloaded into the processes of one database: keeps what a power cut would leave of it.
 *
 * CUT_LEAVES names a folder. Which blocks of a database file or its log were written is noted there;
 * at an fsync or fdatasync those, as they are when it is asked for, are put there once the disk has
 * them, and not before. Each takes a few milliseconds more, so that whoever does not wait for it is
 * ahead of it.
 *
 * While there is a file "hangs" in that folder, none of them ends; while there is one "refuses",
 * those of a log fail as where a disk cannot write: what was noted is forgotten, as Linux does.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 4096
#define BLOCKS 16384

typedef ssize_t writes_at(int, const void *, size_t, off64_t);

static ssize_t really_write(int fd, const void *bytes, size_t count, off64_t at) {
    return ((writes_at *)dlsym(RTLD_NEXT, "pwrite64"))(fd, bytes, count, at);
}

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

/* Finds a file's path, and where what is left of it stands. 0 where it is none of a database. */
static int finds(int fd, char path[2048], char left[4096]) {
    const char *folder = getenv("CUT_LEAVES");
    char link[64];
    ssize_t length;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (folder == NULL || (length = readlink(link, path, 2047)) < 0)
        return 0;
    path[length] = 0;
    snprintf(left, 4096, "%s%s", folder, strrchr(path, '/') ? strrchr(path, '/') : "");
    return strstr(path, ".sqlite3") && strncmp(path, folder, strlen(folder)) != 0;
}

static int noted(const char *left) {
    char path[4200];
    snprintf(path, sizeof path, "%s.written", left);
    return open(path, O_RDWR | O_CREAT, 0600);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    ssize_t said = really_write(fd, bytes, count, at);
    char path[2048], left[4096];
    if (said <= 0 || !finds(fd, path, left))
        return said;
    int notes = noted(left);
    for (off64_t block = at / BLOCK; block <= (at + said - 1) / BLOCK; block++)
        if (block >= BLOCKS || really_write(notes, "w", 1, block) != 1)
            abort();
    close(notes);
    return said;
}

/* Puts the blocks that were noted into a copy of what is left, and notes no more of them. */
static void bring(const char *path, const char *left, const char *held) {
    static char blocks[BLOCKS], bytes[BLOCK];
    int notes = noted(left), in = open(path, O_RDONLY), out;
    struct stat now;
    ssize_t most = pread(notes, blocks, sizeof blocks, 0), count;
    copy(left, held);
    out = open(held, O_WRONLY);
    for (ssize_t block = 0; block < most; block++) {
        if (!blocks[block])
            continue;
        if (really_write(notes, "", 1, block) != 1)
            abort();
        if ((count = pread(in, bytes, BLOCK, block * BLOCK)) > 0)
            really_write(out, bytes, count, block * BLOCK);
    }
    if (fstat(in, &now) != 0 || ftruncate(out, now.st_size) != 0)
        abort();
    close(notes);
    close(in);
    close(out);
}

static int leaving(const char *name, int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const struct timespec more = {0, 3000000};
    const char *folder = getenv("CUT_LEAVES");
    char path[2048], held[4200], left[4096], one[4096];
    int said, turn;
    if (!finds(fd, path, left))
        return real(fd);
    snprintf(one, sizeof one, "%s/one-by-one", folder);
    turn = open(one, O_RDONLY | O_CREAT, 0600);
    flock(turn, LOCK_EX);
    snprintf(held, sizeof held, "%s.held", left);
    if (says(folder, "refuses") && strstr(path, "-wal")) {
        int notes = noted(left);
        said = ftruncate(notes, 0);
        close(notes);
        close(turn);
        errno = EIO;
        return -1;
    }
    bring(path, left, held);
    do
        nanosleep(&more, NULL);
    while (says(folder, "hangs"));
    said = real(fd);
    if (rename(held, left) != 0)
        abort();
    close(turn);
    return said;
}

int fsync(int fd) { return leaving("fsync", fd); }
int fdatasync(int fd) { return leaving("fdatasync", fd); }
