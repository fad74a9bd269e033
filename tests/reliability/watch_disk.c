/* Preloaded into a process: counts what reaches the disk, and fills the disk while a file says so.
 *
 * WATCH_COUNT names a file that gets the number of fsync and fdatasync calls at the process's end.
 * WATCH_FULL names a file: while it exists, writes to a database file fail as on a full disk.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int synced;

static int refused(int fd) {
    const char *flag = getenv("WATCH_FULL");
    char link[64], path[4096];
    ssize_t length;
    if (flag == NULL || access(flag, F_OK) != 0)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    if (strstr(path, ".sqlite3") == NULL)
        return 0;
    errno = ENOSPC;
    return 1;
}

int fsync(int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    __atomic_add_fetch(&synced, 1, __ATOMIC_SEQ_CST);
    return real(fd);
}

int fdatasync(int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
    __atomic_add_fetch(&synced, 1, __ATOMIC_SEQ_CST);
    return real(fd);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    return refused(fd) ? -1 : real(fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    ssize_t (*real)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
    return refused(fd) ? -1 : real(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
    return refused(fd) ? -1 : real(fd, bytes, count, at);
}

__attribute__((destructor)) static void tell(void) {
    const char *name = getenv("WATCH_COUNT");
    FILE *file = name == NULL ? NULL : fopen(name, "w");
    if (file != NULL) {
        fprintf(file, "%d\n", synced);
        fclose(file);
    }
}
